use std::fmt::Write;
use std::time::Duration;

use crate::cli::terminal::span;

/// Time below which nothing is said of the rate: it would jump.
const SETTLING_TIME: Duration = Duration::from_secs(1);

/// Work that is done and to be done, and the time that it has taken.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Pace {
    /// Files to convert.
    pub(super) files: usize,
    /// Files that are done.
    pub(super) files_done: usize,
    /// Pages of files that are done.
    pub(super) pages_done: u64,
    /// Pages that are done and all pages, of each file that is being converted and has pages.
    pub(super) running: Vec<(u32, u32)>,
    /// Time since the beginning.
    pub(super) elapsed: Duration,
}

impl Pace {
    /// Share of the work that is done, from 0 to 1. Every file counts as much as another, each by its pages.
    pub(super) fn share(&self) -> f64 {
        let running = self.running.iter();
        let begun: f64 = running
            .map(|(done, all)| f64::from(*done) / f64::from((*all).max(1)))
            .sum();
        let share = (count(self.files_done) + begun) / count(self.files.max(1));
        share.clamp(0.0, 1.0)
    }

    /// Rate and time left, once both can be told: `, 2.5 pages/s, 1 min 5 s left`.
    pub(super) fn words(&self) -> String {
        let mut words = String::new();
        if self.elapsed < SETTLING_TIME {
            return words;
        }
        let pages = self.pages_done + self.running.iter().map(|(done, _)| u64::from(*done)).sum::<u64>();
        if pages > 0 {
            let rate = count(pages) / self.elapsed.as_secs_f64();
            // Writing to a string cannot fail.
            let _ = write!(words, ", {rate:.1} pages/s");
        }
        let share = self.share();
        if share > 0.0 && share < 1.0 {
            let left = self.elapsed.as_secs_f64() * (1.0 - share) / share;
            let left = Duration::try_from_secs_f64(left.ceil()).unwrap_or(Duration::MAX);
            let _ = write!(words, ", {} left", span(left));
        }
        words
    }
}

fn count(number: impl TryInto<u64>) -> f64 {
    number.try_into().unwrap_or(u64::MAX) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(seconds: u64) -> Pace {
        Pace {
            files: 4,
            elapsed: Duration::from_secs(seconds),
            ..Pace::default()
        }
    }

    #[test]
    fn pages_of_a_file_tell_the_time_that_is_left() {
        let one = Pace {
            files: 1,
            running: vec![(5, 20)],
            ..after(10)
        };
        assert!((one.share() - 0.25).abs() < 1e-9);
        assert_eq!(one.words(), ", 0.5 pages/s, 30 s left");
    }

    #[test]
    fn files_count_by_their_pages() {
        let many = Pace {
            files_done: 1,
            pages_done: 90,
            running: vec![(5, 10), (0, 3)],
            ..after(30)
        };
        assert!((many.share() - 0.375).abs() < 1e-9);
        assert_eq!(many.words(), ", 3.2 pages/s, 50 s left");
    }

    #[test]
    fn nothing_is_said_before_it_is_known() {
        assert_eq!(after(0).words(), "");
        assert_eq!(after(5).words(), "");
        let none = Pace { files: 0, ..after(5) };
        assert_eq!(none.words(), "");
        let over = Pace {
            files_done: 4,
            pages_done: 8,
            ..after(2)
        };
        assert_eq!(over.words(), ", 4.0 pages/s");
    }
}
