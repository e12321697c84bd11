//! `ilios usage`: the expenses, for whoever pays the provider.

use std::fmt::Write;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;

use super::{load_config, print, runtime};
use crate::billing::{PRICES_DATE, PRICES_SOURCE};
use crate::config::{Config, DatabaseConfig};
use crate::model::MicroCents;
use crate::store::UsageDay;

const EXAMPLES: &str = "\
Examples:
  ilios usage --reconcile                      what Mistral has billed, as far as is recorded here";

/// Show what was spent.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct UsageArguments {
    /// Pages and base cost on Mistral for each day (UTC) and model, to lay beside the provider's bill.
    #[arg(long, required = true)]
    reconcile: bool,
}

pub(super) fn run(_arguments: &UsageArguments) -> anyhow::Result<ExitCode> {
    let config = load_config()?;
    let days = runtime::runtime()?.block_on(days(&config))?;
    print(&table(&days))?;
    Ok(ExitCode::SUCCESS)
}

async fn days(config: &Config) -> anyhow::Result<Vec<UsageDay>> {
    if let DatabaseConfig::Local { file, .. } = &config.database
        && !file.exists()
    {
        return Ok(Vec::new());
    }
    let store = runtime::open_store(config).await?;
    let days = store.service_usage_by_day().await;
    let days = days.with_context(|| format!("database {}", config.database));
    store.close().await;
    days
}

fn table(days: &[UsageDay]) -> String {
    let mut text = String::from("day\tmodel\tpages\tbaseUSD\n");
    for day in days {
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{}\t{}\t{}\t{}",
            day.day,
            day.model,
            day.pages,
            dollars(day.base)
        );
    }
    let (pages, base) = days
        .iter()
        .fold((0, MicroCents::default()), |(pages, base), day| {
            (pages + day.pages, base + day.base)
        });
    let _ = writeln!(text, "total\t\t{pages}\t{}", dollars(base));
    let _ = writeln!(text, "# list prices of {PRICES_DATE}, from {PRICES_SOURCE}");
    text
}

/// Exact: a page costs a fraction of a cent.
fn dollars(money: MicroCents) -> String {
    format!(
        "{}.{:06}",
        money.get() / 100_000_000,
        money.get() % 100_000_000 / 100
    )
}
