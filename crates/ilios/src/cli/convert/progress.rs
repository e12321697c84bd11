use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::inputs::Source;
use super::job::Done;
use crate::cli::complain;

/// A bar on a terminal, a line for each failure, and a summary.
pub(super) struct Progress {
    bar: ProgressBar,
    quiet: bool,
    converted: usize,
    pages: usize,
    failed: usize,
    warnings: usize,
}

impl Progress {
    pub(super) fn new(files: usize, quiet: bool) -> Self {
        let shown = !quiet && std::io::stderr().is_terminal();
        let target = if shown {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(Some(files as u64), target);
        if let Ok(style) =
            ProgressStyle::with_template("{bar:30} {pos}/{len} {elapsed} left {eta}  {wide_msg}")
        {
            bar.set_style(style);
        }
        Self {
            bar,
            quiet,
            converted: 0,
            pages: 0,
            failed: 0,
            warnings: 0,
        }
    }

    pub(super) fn done(&mut self, source: &Source, outcome: &anyhow::Result<Done>) {
        self.bar.inc(1);
        self.bar.set_message(source.shown());
        match outcome {
            Ok(done) => {
                self.converted += 1;
                self.pages += done.pages;
                self.warnings += done.warnings.len();
                if !self.quiet {
                    for warning in &done.warnings {
                        self.say(&format!("warning: {}: {warning}", source.shown()));
                    }
                }
            }
            Err(reason) => {
                self.failed += 1;
                self.say(&format!("failed: {}: {reason:#}", source.shown()));
            }
        }
    }

    fn say(&self, line: &str) {
        self.bar.suspend(|| complain(line));
    }

    /// Ends the bar, prints the summary, answers how many failed.
    pub(super) fn finish(self) -> usize {
        self.bar.finish_and_clear();
        if !self.quiet {
            let Self {
                converted,
                pages,
                failed,
                warnings,
                ..
            } = self;
            complain(&format!(
                "{converted} converted ({pages} pages, {warnings} warnings), {failed} failed"
            ));
        }
        self.failed
    }
}
