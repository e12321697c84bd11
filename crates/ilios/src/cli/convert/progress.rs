use std::collections::BTreeSet;
use std::path::Path;

use super::inputs::Source;
use super::job::Done;
use super::pages::Pages;
use crate::cli::hints::hint;
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
    /// Next steps after the failures, each once.
    hints: BTreeSet<&'static str>,
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
            hints: BTreeSet::new(),
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
        match outcome {
            Ok(Some(done)) => {
                self.pages_shown.done(done.pages);
                self.converted += 1;
                self.pages += done.pages;
                self.warnings += done.warnings.len();
                if !self.quiet {
                    for warning in &done.warnings {
                        self.say(&format!("warning: {}: {warning}", source.shown()));
                    }
                }
            }
            Ok(None) => {
                self.pages_shown.skipped();
                self.skipped += 1;
            }
            Err(reason) => {
                self.pages_shown.done(0);
                self.failed += 1;
                self.hints.extend(hint(reason));
                self.say(&format!("failed: {}: {reason:#}", source.shown()));
            }
        }
    }

    fn say(&self, line: &str) {
        self.pages_shown.above(|| print_error(line));
    }

    /// Ends the bar, prints the summary, answers how many failed.
    pub(super) fn finish(self) -> usize {
        self.pages_shown.finish();
        for hint in &self.hints {
            print_error(&format!("hint: {hint}"));
        }
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
