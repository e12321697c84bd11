use std::io::IsTerminal;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::pace::Pace;
use crate::engine::Progress;
use crate::model::printable;

/// Interval between updates of the page counts on the terminal.
const POLL_INTERVAL: Duration = Duration::from_millis(100);
/// Steps of the bar.
const STEPS: u64 = 1_000;

/// Progress bar on a terminal, with the pages of the files that are being converted, their rate and the time left.
/// Clones share one bar.
#[derive(Clone)]
pub(super) struct Pages {
    bar: ProgressBar,
    began: Instant,
    work: Arc<Mutex<Work>>,
}

/// Files to convert, and what became of them.
#[derive(Default)]
struct Work {
    files: usize,
    files_done: usize,
    pages_done: u64,
    running: Vec<(String, Progress)>,
}

impl Pages {
    /// A bar of `files`, on standard error if that is a terminal and it is wanted.
    pub(super) fn of_files(files: usize, wanted: bool) -> Self {
        let target = if wanted && std::io::stderr().is_terminal() {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(Some(STEPS), target);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {bar:20} {elapsed}  {wide_msg}") {
            bar.set_style(style);
        }
        let work = Work {
            files,
            ..Work::default()
        };
        Self {
            bar,
            began: Instant::now(),
            work: Arc::new(Mutex::new(work)),
        }
    }

    /// Writes a line above the bar by `print`.
    pub(super) fn above(&self, print: impl FnOnce()) {
        self.bar.suspend(print);
    }

    /// Notes that `name` is converted from now on, and watches the progress that is returned.
    pub(super) fn begin(&self, name: String) -> Progress {
        let progress = Progress::default();
        self.work().running.push((name, progress.clone()));
        progress
    }

    /// Notes that what `progress` belongs to has ended.
    pub(super) fn end(&self, progress: &Progress) {
        self.work().running.retain(|(_, running)| !running.is(progress));
    }

    /// Counts a file that has become `pages`.
    pub(super) fn done(&self, pages: usize) {
        let mut work = self.work();
        work.files_done += 1;
        work.pages_done += pages as u64;
    }

    /// Counts a file that is left as it is, which tells nothing of the rate.
    pub(super) fn skipped(&self) {
        let mut work = self.work();
        work.files = work.files.saturating_sub(1);
    }

    /// Shows the pages as they are done, until `work` is.
    pub(super) async fn while_running<T>(&self, work: impl Future<Output = T>) -> T {
        if self.bar.is_hidden() {
            return work.await;
        }
        tokio::pin!(work);
        loop {
            if let Ok(done) = tokio::time::timeout(POLL_INTERVAL, &mut work).await {
                return done;
            }
            let (share, words) = self.work().told(self.began.elapsed());
            self.bar.set_position(share);
            self.bar.set_message(words);
            self.bar.tick();
        }
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn work(&self) -> MutexGuard<'_, Work> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Work {
    /// Steps of the bar, and the words beside it. There is one line, so that of the files it names the one with the
    /// most pages.
    fn told(&self, elapsed: Duration) -> (u64, String) {
        let counted = self.running.iter().filter_map(|(name, progress)| {
            let (done, all) = progress.pages()?;
            Some((done, all, name))
        });
        let counted: Vec<_> = counted.collect();
        let pace = Pace {
            files: self.files,
            files_done: self.files_done,
            pages_done: self.pages_done,
            running: counted.iter().map(|(done, all, _)| (*done, *all)).collect(),
            elapsed,
        };
        // What is longest and least is last: it is cut off where the line is short.
        let first = counted.iter().max_by_key(|(done, all, _)| (*all, *done));
        let words = match (first, self.files) {
            (Some((done, all, name)), 2..) => {
                format!("{}{}, {done}/{all} of {name}", self.sums(), pace.words())
            }
            (Some((done, all, name)), _) => format!("{done}/{all} pages{}, {name}", pace.words()),
            (None, files) => {
                let name = self.running.first().map_or("", |(name, _)| name);
                if files > 1 {
                    format!("{}{}, {name}", self.sums(), pace.words())
                } else {
                    name.to_owned()
                }
            }
        };
        let steps = (pace.share() * STEPS as f64) as u64;
        (steps, printable(&words).into_owned())
    }

    fn sums(&self) -> String {
        format!(
            "{}/{} files, {} pages",
            self.files_done, self.files, self.pages_done
        )
    }
}
