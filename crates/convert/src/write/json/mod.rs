//! JSON writer: the model as the API gives it. Names are in camelCase; an absent field means false, none or unknown.
//! Objects are written one after another, so that no tree of a document is in memory.

mod block;
mod document;
mod inline;
mod names;
mod object;
mod outline;
mod page;
mod schema;
mod table;
#[cfg(test)]
mod tests;

pub(super) use block::{at, region};
pub(crate) use document::JsonDocument;
pub(super) use object::{Object, array, decimal, integer, object, string};
pub use page::json_page;
pub use schema::json_schema;

/// Version of the model, which stands in every document. The first number changes when a reader of the older version
/// could not read the newer one.
pub const MODEL_VERSION: &str = "1.0";
