//! The log and the metrics of this node, for those who run it. It is given what it tells and looks for nothing.

mod logging;
mod metrics;

pub use logging::{LogError, LogFormat, start_log};
pub use metrics::{Figures, Jobs, OPEN_METRICS, open_metrics};
