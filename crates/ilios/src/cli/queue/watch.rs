use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};

use super::Source;
use super::screen::Screen;
use super::table::Queue;
use crate::cli::remote::Server;
use crate::model::{Clock, SystemClock, printable};

/// Time between an answer and the next question.
const INTERVAL: Duration = Duration::from_secs(1);
/// Ctrl-D, which ends an input.
const END_OF_INPUT: u8 = 4;

/// Draws the queue each second until `q` or a signal ends it; returns what it was last. The first question has to be
/// answered; a server that goes away later is asked on.
pub(super) async fn watch(source: &Source<'_>) -> anyhow::Result<String> {
    let mut queue = Queue::of(&source.ask().await?);
    let mut signals = [
        SignalKind::interrupt(),
        SignalKind::terminate(),
        SignalKind::hangup(),
    ]
    .map(signal);
    let [interrupt, terminate, hangup] = &mut signals;
    let (interrupt, terminate, hangup) = match (interrupt, terminate, hangup) {
        (Ok(interrupt), Ok(terminate), Ok(hangup)) => (interrupt, terminate, hangup),
        _ => anyhow::bail!("signals cannot be listened to"),
    };
    let mut screen = Screen::open();
    screen.draw(&lines(source.server, &queue, None));
    let ask = || async {
        tokio::time::sleep(INTERVAL).await;
        source.ask().await
    };
    let mut answer = Box::pin(ask());
    loop {
        tokio::select! {
            answered = &mut answer => {
                let problem = match answered {
                    Ok(answered) => {
                        queue = Queue::of(&answered);
                        None
                    }
                    Err(error) => Some(format!("{error}; it is asked again")),
                };
                screen.draw(&lines(source.server, &queue, problem.as_deref()));
                answer = Box::pin(ask());
            }
            key = screen.key() => {
                if matches!(key, b'q' | b'Q' | END_OF_INPUT) {
                    break;
                }
            }
            _ = interrupt.recv() => break,
            _ = terminate.recv() => break,
            _ = hangup.recv() => break,
        }
    }
    drop(screen);
    Ok(queue.text())
}

fn lines(server: &Server, queue: &Queue, problem: Option<&str>) -> Vec<String> {
    let now = SystemClock.now().to_string();
    let time = now.get(11..19).unwrap_or_default();
    let mut lines = vec![
        format!("Queue of {}   {time} UTC   q ends", server.shown()),
        queue.summary.clone(),
        String::new(),
    ];
    if let Some(problem) = problem {
        lines.extend([printable(problem).into_owned(), String::new()]);
    }
    lines.extend(queue.lines());
    lines
}
