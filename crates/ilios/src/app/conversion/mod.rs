//! A document's conversion: asked for at once, estimated, and what is made and told of its result.

mod artifact_store;
mod conversion_log;
mod convert_now;
mod estimate;
mod ignored_options;
mod markdown_text;
mod model_answer;
mod output;
mod output_reference;
mod render;
mod result;

pub use conversion_log::{log_converted, log_not_converted};
pub use convert_now::{ConvertNow, ConvertedNow};
pub use estimate::{Estimate, EstimatedPage};
pub use markdown_text::markdown_text;
pub use model_answer::{write_model_answer, write_named_lines};
pub use output::OutputFile;
pub use output_reference::output_documentation;
pub use render::{OutputRequest, RenderedDocument, ToRender};
pub use result::{content, metadata};
