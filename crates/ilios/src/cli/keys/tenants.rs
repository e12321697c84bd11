use std::fmt::Write;

use super::fault;
use crate::app::KeyAdmin;
use crate::cli::{print, say};
use crate::model::printable;

/// Tenants that are read at once.
const TENANTS_PER_READ: u32 = 200;

pub(super) async fn list(admin: &KeyAdmin<'_>) -> anyhow::Result<()> {
    let mut text = String::from("id\tname\tcreated\n");
    let mut after = String::new();
    loop {
        let page = admin.tenants(&after, TENANTS_PER_READ).await.map_err(fault)?;
        for entry in &page {
            let (tenant, name) = (entry.tenant.short(), printable(&entry.name));
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{tenant}\t{name}\t{}", entry.created_at);
        }
        match page.last() {
            Some(last) => after.clone_from(&last.name),
            None => break,
        }
    }
    print(&text)
}

pub(super) async fn rename(admin: &KeyAdmin<'_>, tenant: &str, name: &str) -> anyhow::Result<()> {
    let entry = admin.rename(tenant, name).await.map_err(fault)?;
    say(&format!("tenant {} is now {}", entry.tenant.short(), entry.name))
}
