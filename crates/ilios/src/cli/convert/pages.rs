use std::io::IsTerminal;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::engine::Progress;

/// Interval between updates of the page counts on the terminal.
const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// Progress bar on a terminal, with the pages of the files that are being converted. Clones share one bar.
#[derive(Clone)]
pub(super) struct Pages {
    bar: ProgressBar,
    /// True if the bar counts files, and only its message shows pages.
    counts_files: bool,
    running: Arc<Mutex<Vec<(String, Progress)>>>,
}

impl Pages {
    /// A bar of the pages of one file, on standard error if that is a terminal.
    pub(super) fn shown(wanted: bool) -> Self {
        Self::on(bar(None, wanted), false)
    }

    /// In the words of a bar that counts `files`. One file shows its pages instead.
    pub(super) fn of_files(files: usize, wanted: bool) -> Self {
        match files {
            1 => Self::shown(wanted),
            files => Self::on(bar(Some(files as u64), wanted), true),
        }
    }

    fn on(bar: ProgressBar, counts_files: bool) -> Self {
        let template = if counts_files {
            "{bar:30} {pos}/{len} {elapsed} left {eta}  {wide_msg}"
        } else {
            "{spinner} {elapsed} {wide_msg}"
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self {
            bar,
            counts_files,
            running: Arc::default(),
        }
    }

    pub(super) fn bar(&self) -> &ProgressBar {
        &self.bar
    }

    /// Returns true if the bar counts files, and not the pages of one.
    pub(super) fn counts_files(&self) -> bool {
        self.counts_files
    }

    /// Notes that `name` is converted from now on, and watches the progress that is returned.
    pub(super) fn begin(&self, name: String) -> Progress {
        let progress = Progress::default();
        self.running().push((name, progress.clone()));
        progress
    }

    /// Notes that what `progress` belongs to has ended.
    pub(super) fn end(&self, progress: &Progress) {
        self.running().retain(|(_, running)| !running.is(progress));
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
            self.bar.set_message(self.words());
            self.bar.tick();
        }
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    /// The file that has come the farthest in pages, for there is one line.
    fn words(&self) -> String {
        let running = self.running();
        let counted = running.iter().filter_map(|(name, progress)| {
            let (done, all) = progress.pages()?;
            Some((done, all, name))
        });
        match counted.max_by_key(|(done, all, _)| (*all, *done)) {
            Some((done, all, name)) => format!("{done}/{all} pages of {name}"),
            None => running.first().map_or_else(String::new, |(name, _)| name.clone()),
        }
    }

    fn running(&self) -> MutexGuard<'_, Vec<(String, Progress)>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn bar(steps: Option<u64>, wanted: bool) -> ProgressBar {
    let target = if wanted && std::io::stderr().is_terminal() {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    };
    ProgressBar::with_draw_target(steps, target)
}
