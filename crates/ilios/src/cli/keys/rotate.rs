use std::time::Duration;

use super::{fault, print_made};
use crate::app::{KeyAdmin, RotateKey};
use crate::cli::terminal::usage;
use crate::model::{Id, MAX_GRACE};

pub(super) async fn run(
    admin: &KeyAdmin<'_>,
    id: Id,
    grace: Duration,
    lifetime: Option<Duration>,
) -> anyhow::Result<()> {
    if grace > MAX_GRACE {
        let days = MAX_GRACE.as_secs() / (24 * 60 * 60);
        return Err(usage(format!("--grace takes at most {days}d")));
    }
    let rotate = RotateKey { id, grace, lifetime };
    print_made(&admin.rotate(rotate).await.map_err(fault)?)
}
