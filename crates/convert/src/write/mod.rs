//! Markdown writer: the only place that writes markup. `markdown` has the syntax and its escapes.

pub(crate) mod markdown;
#[cfg(test)]
mod tests;

pub(crate) use self::markdown::write_page;
use crate::links;

/// Finishes the Markdown of a page before it leaves this crate: nothing in it steers a terminal or leads to a script.
pub(crate) fn finished(markdown: String) -> String {
    links::defused(markdown::printable(markdown))
}
