use std::path::Path;

use super::inputs::Source;
use super::job::Done;
use super::pages::Pages;
use crate::cli::print_error;

/// A bar on a terminal, a line for each failure, and a summary.
pub(super) struct Progress {
    pages_shown: Pages,
    quiet: bool,
    converted: usize,
    skipped: usize,
    pages: usize,
    failed: usize,
    warnings: usize,
}

impl Progress {
    pub(super) fn new(files: usize, quiet: bool) -> Self {
        Self {
            pages_shown: Pages::of_files(files, !quiet),
            quiet,
            converted: 0,
            skipped: 0,
            pages: 0,
            failed: 0,
            warnings: 0,
        }
    }

    /// Bar on which the pages of files are shown while they are converted.
    pub(super) fn pages(&self) -> &Pages {
        &self.pages_shown
    }

    /// Reports a file that was found and is no source.
    pub(super) fn left_out(&self, path: &Path) {
        if !self.quiet {
            self.say(&format!(
                "left out: {}: it lies where the result of another file goes",
                path.display()
            ));
        }
    }

    /// Tells what became of a file; `None` is one whose result was there already.
    pub(super) fn done(&mut self, source: &Source, outcome: &anyhow::Result<Option<Done>>) {
        if self.pages_shown.counts_files() {
            self.pages_shown.bar().inc(1);
            self.pages_shown.bar().set_message(source.shown());
        }
        match outcome {
            Ok(Some(done)) => {
                self.converted += 1;
                self.pages += done.pages;
                self.warnings += done.warnings.len();
                if !self.quiet {
                    for warning in &done.warnings {
                        self.say(&format!("warning: {}: {warning}", source.shown()));
                    }
                }
            }
            Ok(None) => self.skipped += 1,
            Err(reason) => {
                self.failed += 1;
                self.say(&format!("failed: {}: {reason:#}", source.shown()));
            }
        }
    }

    fn say(&self, line: &str) {
        self.pages_shown.bar().suspend(|| print_error(line));
    }

    /// Ends the bar, prints the summary, answers how many failed.
    pub(super) fn finish(self) -> usize {
        self.pages_shown.finish();
        if !self.quiet {
            let Self {
                converted,
                skipped,
                pages,
                failed,
                warnings,
                ..
            } = self;
            let skipped = match skipped {
                0 => String::new(),
                skipped => format!(", {skipped} skipped"),
            };
            print_error(&format!(
                "{converted} converted ({pages} pages, {warnings} warnings){skipped}, {failed} failed"
            ));
        }
        self.failed
    }
}
