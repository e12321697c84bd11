//! Addresses in Markdown: which of them run a script, which a page of ours may have, and Markdown without the former.

mod address;
mod defuse;
mod signs;
#[cfg(test)]
mod tests;

pub(crate) use address::{is_for_pages, is_relative};
pub use defuse::defused;
pub use signs::may_mislead;
