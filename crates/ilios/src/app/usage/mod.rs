//! Usage: meters conversions, and reads what was used and what it costs.

mod meter;
mod read_usage;

pub use meter::UsageInput;
pub(super) use meter::page_count;
