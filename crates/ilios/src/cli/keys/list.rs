use std::collections::HashSet;
use std::fmt::Write;

use super::fault;
use crate::app::KeyAdmin;
use crate::cli::print;
use crate::config::Config;
use crate::model::{ApiKey, Tenant, Timestamp, printable};

/// Keys that are read at once.
const KEYS_PER_READ: u32 = 200;

pub(super) async fn run(config: &Config, admin: &KeyAdmin<'_>, tenant: Option<&str>) -> anyhow::Result<()> {
    let mut text = String::from("id\tname\ttenant\tscopes\tkind\tstate\tcreated\texpires\tlast used\n");
    let (mut after, mut known) = (None, HashSet::new());
    loop {
        let page = admin.list(tenant, after, KEYS_PER_READ).await.map_err(fault)?;
        for key in &page.rows {
            known.insert(key.tenant.clone());
            line(&mut text, key, admin.now);
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    if tenant.is_none() {
        let unnamed = config
            .api_keys
            .tenants()
            .filter(|tenant| !known.contains(*tenant));
        unnamed.for_each(|tenant| environment_line(&mut text, tenant));
    }
    print(&text)
}

fn line(text: &mut String, key: &ApiKey, now: Timestamp) {
    let moment =
        |moment: Option<Timestamp>| moment.map_or_else(|| "-".to_owned(), |moment| moment.to_string());
    // Writing to a string cannot fail.
    let _ = writeln!(
        text,
        "{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}",
        key.id,
        printable(&key.name),
        key.tenant.short(),
        key.scopes,
        key.kind.as_str(),
        key.state(now).as_str(),
        key.created_at,
        moment(key.expires_at),
        moment(key.last_used_at),
    );
}

/// A key of `API_KEY` that has no row: it can be adopted by what stands for its tenant.
fn environment_line(text: &mut String, tenant: &Tenant) {
    let short = tenant.short();
    let _ = writeln!(text, "-\t-\t{short}\t-\tenvironment\tactive\t-\t-\t-");
}
