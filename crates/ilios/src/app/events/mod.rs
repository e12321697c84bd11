//! News among the parts of this process, and waiting for it.

mod signals;
mod tally;
mod wait;

pub use signals::{Changes, Running, RunningDocument, Signals, Watch};
pub use tally::Tally;
