//! News among the parts of this process, and waiting for it.

mod attempt_counters;
mod event_bus;
mod wait;

pub use attempt_counters::AttemptCounters;
pub use event_bus::{ChangeNotifier, ChangeSubscription, EventBus, RunningConversion, RunningConversions};
