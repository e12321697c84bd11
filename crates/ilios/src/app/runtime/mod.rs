//! This node: turns of its tenants, room in its queue, its health and figures, the age of its copy of the database.

mod admission;
mod backlog;
mod cached_check;
mod fair_scheduler;
mod figures;
mod measured_wait;
mod read_your_writes;
mod readiness;

pub use admission::{Admission, Busy, Slot};
pub use backlog::{Backlog, Reservation};
pub use fair_scheduler::Limit;
pub use readiness::{DatabaseHealth, HealthChecks, NodeTask, NotReady};
