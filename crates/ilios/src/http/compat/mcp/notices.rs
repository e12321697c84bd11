use std::convert::Infallible;
use std::time::Duration;

use rmcp::RoleServer;
use rmcp::model::{ProgressNotificationParam, ProgressToken};
use rmcp::service::RequestContext;
use tokio::time::Instant;

use crate::engine::Progress;

/// Interval between looks at the progress, and so between notices.
const INTERVAL: Duration = Duration::from_millis(250);
/// Time without progress after which a client hears that the work goes on. Many give up after a minute of silence.
const SILENCE: Duration = Duration::from_secs(10);
/// Amount that a notice without progress adds, since each has to say more than the one before.
const STEP: f64 = 0.01;
/// The most that such notices add: less than a page.
const MAX_STEPS: f64 = 0.99;

/// Does `work`, and tells the client meanwhile how far it has come, if it has asked for that.
pub(super) async fn with_notices<T>(
    context: &RequestContext<RoleServer>,
    progress: &Progress,
    work: impl Future<Output = T>,
) -> T {
    let Some(token) = context.meta.get_progress_token() else {
        return work.await;
    };
    tokio::select! {
        biased;
        outcome = work => outcome,
        never = notify(context, progress, token) => match never {},
    }
}

/// Sends a notice for each page, or for those that were done since the last one.
async fn notify(
    context: &RequestContext<RoleServer>,
    progress: &Progress,
    token: ProgressToken,
) -> Infallible {
    let mut told = Told::default();
    loop {
        tokio::time::sleep(INTERVAL).await;
        if let Some((value, total)) = told.next(progress.pages(), Instant::now()) {
            let mut notice = ProgressNotificationParam::new(token.clone(), value);
            if let Some(total) = total {
                notice = notice
                    .with_total(f64::from(total))
                    .with_message(format!("{} of {total} pages", value.floor()));
            }
            // A client that is gone ends the work by itself.
            let _ = context.peer.notify_progress(notice).await;
        }
    }
}

/// Progress that the client was told last.
#[derive(Default)]
struct Told {
    last: Option<(f64, Instant)>,
    /// Pages that were done then.
    done: Option<u32>,
}

impl Told {
    /// The next notice and the pages in all, if there is something to say.
    fn next(&mut self, pages: Option<(u32, u32)>, now: Instant) -> Option<(f64, Option<u32>)> {
        let (done, total) = (pages.map(|(done, _)| done), pages.map(|(_, total)| total));
        let value = match self.last {
            None => f64::from(done.unwrap_or_default()),
            Some((last, _)) if done != self.done && f64::from(done.unwrap_or_default()) > last => {
                f64::from(done.unwrap_or_default())
            }
            Some((last, then)) if now.duration_since(then) >= SILENCE => {
                let most = last.floor() + MAX_STEPS;
                (last + STEP < most).then_some(last + STEP)?
            }
            Some(_) => return None,
        };
        self.last = Some((value, now));
        self.done = done;
        Some((value, total))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notices_rise_and_never_fall_silent() {
        let mut told = Told::default();
        let begin = Instant::now();
        let at = |seconds| begin + Duration::from_secs(seconds);
        assert_eq!(told.next(None, at(0)), Some((0.0, None)));
        assert_eq!(told.next(None, at(1)), None);
        assert_eq!(told.next(Some((0, 3)), at(2)), None);
        assert_eq!(told.next(Some((1, 3)), at(3)), Some((1.0, Some(3))));
        assert_eq!(told.next(Some((1, 3)), at(12)), None);
        assert_eq!(told.next(Some((1, 3)), at(13)), Some((1.0 + STEP, Some(3))));
        assert_eq!(told.next(Some((3, 3)), at(14)), Some((3.0, Some(3))));
        let mut last = 3.0;
        for minute in 1..200 {
            if let Some((value, _)) = told.next(Some((3, 3)), at(60 * minute)) {
                assert!(value > last && value < 4.0, "{value} after {last}");
                last = value;
            }
        }
    }
}
