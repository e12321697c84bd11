//! HTML as a sequence of tags, read once from its beginning to its end: no tree, no memory of its own.

mod attributes;
mod entities;
#[cfg(test)]
mod tests;
mod tokens;

pub(crate) use attributes::{Attribute, Attributes};
pub(crate) use entities::decode;
pub(crate) use tokens::{Tag, Token, Tokens};

/// Elements of headings.
pub(crate) const HEADINGS: [&str; 6] = ["h1", "h2", "h3", "h4", "h5", "h6"];
