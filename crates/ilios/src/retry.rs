//! Retries within one operation, such as a request to a service, a transaction at a server or a download, while its
//! caller waits. Attempts of a job are stored instead ([`crate::model::RetryPolicy`]).

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder, Retryable};
use tokio::time::Instant;

/// Pauses between the attempts at an operation, and the end of the attempts.
#[derive(Debug, Clone, Copy)]
pub struct Retry {
    pauses: ExponentialBuilder,
    within: Option<Duration>,
}

impl Retry {
    /// Retries without end: after `first`, then after twice the last pause, up to `longest`.
    #[must_use]
    pub const fn new(first: Duration, longest: Duration) -> Self {
        let pauses = ExponentialBuilder::new()
            .with_min_delay(first)
            .with_max_delay(longest)
            .without_max_times();
        Self { pauses, within: None }
    }

    /// Retries `most` times.
    #[must_use]
    pub const fn times(mut self, most: usize) -> Self {
        self.pauses = self.pauses.with_max_times(most);
        self
    }

    /// Begins no attempt later than `time` after the first one.
    #[must_use]
    pub const fn within(mut self, time: Duration) -> Self {
        self.within = Some(time);
        self
    }

    /// Adds to each pause up to as much again, at random.
    #[must_use]
    pub fn jitter(mut self, seed: u64) -> Self {
        self.pauses = self.pauses.with_jitter().with_jitter_seed(seed);
        self
    }

    /// The pauses, for an operation that counts its failures itself.
    pub fn pauses(self) -> impl Iterator<Item = Duration> {
        self.pauses.build()
    }

    /// Makes attempts until one succeeds. `least` classifies a failure: the least pause after it, such as the one that
    /// a service asks for, or `None` when another attempt would fail again. `notify` hears of each pause.
    ///
    /// # Errors
    /// The failure of the last attempt.
    pub async fn run<T, E, F>(
        self,
        mut attempt: impl FnMut() -> F,
        mut least: impl FnMut(&E) -> Option<Duration>,
        notify: impl FnMut(&E, Duration),
    ) -> Result<T, E>
    where
        F: Future<Output = Result<T, E>>,
    {
        let deadline = self.within.map(|time| Instant::now() + time);
        // Boxed, so that the futures of callers do not nest too deep for the compiler.
        (|| Box::pin(attempt()))
            .retry(self.pauses)
            .adjust(|failure, pause| {
                let pause = least(failure)?.max(pause?);
                let in_time = deadline.is_none_or(|deadline| Instant::now() + pause < deadline);
                in_time.then_some(pause)
            })
            .notify(notify)
            .await
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    const HOUR: Duration = Duration::from_secs(3_600);
    const QUICK: Retry = Retry::new(Duration::from_nanos(1), Duration::from_nanos(4));

    /// Fails `failures` times, each with its number, then succeeds; the pauses, and the end.
    async fn tried(
        retry: Retry,
        failures: u32,
        least: impl Fn(u32) -> Option<Duration>,
    ) -> (Vec<Duration>, Result<(), u32>) {
        let (mut made, mut pauses) = (0, Vec::new());
        let attempt = || {
            made += 1;
            std::future::ready(if made > failures { Ok(()) } else { Err(made) })
        };
        let end = retry
            .run(attempt, |failure| least(*failure), |_, pause| pauses.push(pause))
            .await;
        (pauses, end)
    }

    fn nanos(pauses: &[u64]) -> Vec<Duration> {
        pauses.iter().copied().map(Duration::from_nanos).collect()
    }

    #[tokio::test]
    async fn pauses_double_up_to_the_longest() {
        let (pauses, end) = tried(QUICK, 5, |_| Some(Duration::ZERO)).await;
        assert_eq!((pauses, end), (nanos(&[1, 2, 4, 4, 4]), Ok(())));
    }

    #[tokio::test]
    async fn the_last_failure_is_the_answer() {
        let (pauses, end) = tried(QUICK.times(2), 5, |_| Some(Duration::ZERO)).await;
        assert_eq!((pauses, end), (nanos(&[1, 2]), Err(3)));
        let (pauses, end) = tried(QUICK, 5, |failure| (failure < 2).then_some(Duration::ZERO)).await;
        assert_eq!((pauses, end), (nanos(&[1]), Err(2)), "it would fail again");
    }

    #[tokio::test]
    async fn a_pause_that_is_asked_for_is_never_cut_short() {
        let asked = |failure| Some(Duration::from_nanos(if failure == 2 { 9 } else { 0 }));
        let (pauses, end) = tried(QUICK, 3, asked).await;
        assert_eq!((pauses, end), (nanos(&[1, 9, 4]), Ok(())));
        let (pauses, end) = tried(QUICK.within(HOUR), 3, |_| Some(2 * HOUR)).await;
        assert_eq!((pauses, end), (Vec::new(), Err(1)), "it is over before");
    }

    #[tokio::test]
    async fn no_attempt_begins_after_the_time_is_over() {
        let (pauses, end) = tried(Retry::new(HOUR, HOUR).within(HOUR), 1, |_| Some(Duration::ZERO)).await;
        assert_eq!((pauses, end), (Vec::new(), Err(1)));
    }

    #[tokio::test]
    async fn a_retry_ends_with_its_future() {
        let (mut made, retry) = (0, Retry::new(HOUR, HOUR));
        let attempt = || {
            made += 1;
            std::future::ready(Err::<Infallible, ()>(()))
        };
        let waiting = retry.run(attempt, |()| Some(Duration::ZERO), |_, _| {});
        tokio::select! {
            biased;
            _ = waiting => panic!("it waits for an hour"),
            () = std::future::ready(()) => {}
        }
        assert_eq!(made, 1);
    }

    #[test]
    fn jitter_adds_up_to_as_much_again_and_follows_its_seed() {
        let pauses = |seed| -> Vec<Duration> { QUICK.times(8).jitter(seed).pauses().collect() };
        let plain: Vec<Duration> = QUICK.times(8).pauses().collect();
        assert_eq!(pauses(7), pauses(7));
        let of_some = |seed| {
            plain
                .iter()
                .zip(pauses(seed))
                .all(|(least, pause)| *least <= pause && pause <= 2 * *least)
        };
        assert!((0..100).all(of_some));
    }
}
