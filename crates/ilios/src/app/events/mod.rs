//! What the parts of this process tell each other, and waiting for it.

mod signals;
mod tally;
mod wait;

pub use signals::{Changes, Running, RunningDocument, Signals, Watch};
pub use tally::Tally;
