//! Checks before a library expands what a few bytes of a file stand for: the codes that a font maps, and the decoded size
//! of the streams that the libraries read by themselves.

mod cmap_codes;
mod fonts;
mod object_streams;
#[cfg(test)]
mod tests;
mod width_codes;

pub(super) use fonts::FontGuard;
pub(super) use object_streams::check_object_streams;
