//! HTML as a sequence of tags, read once from its beginning to its end: no tree, no memory of its own.

mod attributes;
mod entities;
mod implied;
#[cfg(test)]
mod tests;
mod tokens;

pub(crate) use attributes::{Attribute, Attributes};
pub(crate) use entities::{decode, reference_end};
pub(crate) use implied::IMPLIED_ENDS;
pub(crate) use tokens::{Tag, Token, Tokens};
