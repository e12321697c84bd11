use super::fault;
use crate::app::KeyAdmin;
use crate::cli::say;
use crate::config::Config;

pub(super) async fn run(
    config: &Config,
    admin: &KeyAdmin<'_>,
    fingerprint: &str,
    name: &str,
) -> anyhow::Result<()> {
    let tenant = admin
        .adopt(&config.api_keys, fingerprint, name)
        .await
        .map_err(fault)?;
    say(&format!(
        "tenant {} is now {}",
        tenant.tenant.short(),
        tenant.name
    ))
}
