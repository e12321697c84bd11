use super::db::{Tx, Value};
use crate::model::Lease;

/// The parameters ?1 to ?4 of every fenced statement.
pub(super) fn fence_values(tx: &Tx, lease: &Lease) -> Vec<Value> {
    vec![
        lease.job.as_str().into(),
        lease.attempt.into(),
        lease.owner.as_str().into(),
        tx.lease_now().as_millis().into(),
    ]
}
