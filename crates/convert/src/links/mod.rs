//! Addresses in Markdown: which of them run a script, and Markdown without those.

mod address;
mod defuse;
mod signs;
#[cfg(test)]
mod tests;

pub use defuse::defused;
pub use signs::may_mislead;
