//! The only check of leases, of jobs and of provider batches alike.

use super::db::{DbError, Tx, Value};
use crate::model::{Id, Lease, ProviderBatchLease};

/// Condition under which the lease of a row holds: the same owner, the same attempt, not run out. Its parameters, ?1 to
/// ?4, are [`fence_values`]. A row that nobody works on has no owner.
macro_rules! held {
    () => {
        "id = ?1 AND attempt = ?2 AND owner = ?3 AND lease_until > ?4"
    };
}
pub(super) use held;

/// Condition under which the lease of a row that is being worked on has run out by the moment ?1.
macro_rules! expired {
    () => {
        "lease_until <= ?1"
    };
}
pub(super) use expired;

/// Proof that a row is leased.
pub(super) trait Fence {
    /// The row, the number of the claim and the owner.
    fn claim(&self) -> (&Id, i64, &str);
}

impl Fence for Lease {
    fn claim(&self) -> (&Id, i64, &str) {
        (&self.job, self.attempt, &self.owner)
    }
}

impl Fence for ProviderBatchLease {
    fn claim(&self) -> (&Id, i64, &str) {
        (&self.id, self.attempt, &self.owner)
    }
}

/// The parameters ?1 to ?4 of every fenced statement.
pub(super) fn fence_values(tx: &Tx, lease: &impl Fence) -> Vec<Value> {
    fence_values_since(lease, tx.lease_now().as_millis())
}

/// As [`fence_values`], also of a lease that has run out, as long as nobody else has the row.
pub(super) fn expired_fence_values(lease: &impl Fence) -> Vec<Value> {
    fence_values_since(lease, i64::MIN)
}

fn fence_values_since(lease: &impl Fence, moment: i64) -> Vec<Value> {
    let (id, attempt, owner) = lease.claim();
    vec![id.as_str().into(), attempt.into(), owner.into(), moment.into()]
}

/// Runs an update of a leased row whose parameters ?5 and on are `more`; answers whether the lease held.
pub(super) async fn update_held(
    tx: &mut Tx,
    lease: &impl Fence,
    sql: &'static str,
    more: Vec<Value>,
) -> Result<bool, DbError> {
    let mut values = fence_values(tx, lease);
    values.extend(more);
    Ok(tx.execute(sql, values).await? == 1)
}
