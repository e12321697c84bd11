//! Makes results of version 2.1 as harmless as our own conversions are: nothing in them steers a terminal or runs a
//! script. A look at the bytes spares most of them; the others are parsed by a child, as documents of clients are.

use anyhow::Context;
use ilios_convert::printable;
use tokio::sync::Semaphore;

use crate::cli::runtime;
use crate::config::Config;
use crate::engine::{Disposition, LocalEngine};
use crate::spool::Spool;
use crate::store::v2::{OldDocument, Remark};

/// Cleans Markdown, in as many children at once as conversions may run.
pub(super) struct Cleaning {
    engine: LocalEngine,
    spool: Spool,
    children: Semaphore,
}

impl Cleaning {
    /// Cleans under the limits of conversions. Must be called within a runtime.
    pub(super) fn new(config: &Config, spool: Spool) -> anyhow::Result<Self> {
        Ok(Self {
            engine: runtime::local_engine(config, 0)?,
            spool,
            children: Semaphore::new(config.convert_concurrency),
        })
    }

    /// Cleans the result of a document. One that cannot be parsed within the limits of a conversion becomes a block of
    /// code, in which nothing is a link, and is named.
    pub(super) async fn clean(&self, old: &mut OldDocument) -> anyhow::Result<Option<Remark>> {
        let Some(content) = &mut old.content else {
            return Ok(None);
        };
        let markdown = &mut content.markdown;
        *markdown = printable(std::mem::take(markdown));
        let _child = self.children.acquire().await;
        let Err(error) = self.engine.defuse(markdown, &self.spool).await else {
            return Ok(None);
        };
        if error.disposition() != Disposition::Reject {
            return Err(error).with_context(|| format!("the result of document {}", old.document.id));
        }
        *markdown = code_block(markdown);
        Ok(Some(old.remark(format!(
            "its result was not searched for links that run a script ({}), and is a block of code now",
            error.code()
        ))))
    }
}

/// A text as a block of code, in a fence that is longer than any in the text.
fn code_block(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(3.max(longest + 1));
    let end = if text.ends_with('\n') { "" } else { "\n" };
    format!("{fence}\n{text}{end}{fence}\n")
}
