use super::fault;
use crate::app::KeyAdmin;
use crate::cli::say;
use crate::model::Id;

pub(super) async fn run(admin: &KeyAdmin<'_>, id: &Id) -> anyhow::Result<()> {
    let key = admin.revoke(id).await.map_err(fault)?;
    // The clock of the database may be ahead.
    let now = admin.now.max(key.revoked_at.unwrap_or(key.created_at));
    let state = key.state(now).as_str();
    say(&format!("{} ({}) is {state}", key.id, key.name))
}
