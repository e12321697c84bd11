//! `ilios keys …` and `ilios tenants …`: who may use the server.

mod adopt;
mod create;
mod list;
mod revoke;
mod rotate;
mod span;
mod tenants;

use std::process::ExitCode;
use std::time::Duration;

use clap::Subcommand;
use rand::SeedableRng;

use super::terminal::UsageFault;
use super::{load_config, print, print_error, runtime};
use crate::app::{KeyAdmin, KeyError, MadeKey};
use crate::config::Config;
use crate::model::{Actor, Id, Ids, Scopes};
use crate::store::{KeyRefusal, Store};
use span::parse_span;

pub(super) const EXAMPLES: &str = "\
Examples:
  ilios keys create acme                        a new tenant, acme, and its first key
  ilios keys create reader --tenant acme --scopes read --expires 90d
  ilios keys list
  ilios keys rotate d0mh… --grace 1d            a new key; the old one is good for a day more
  ilios keys adopt 1a2b3c4d acme                names the tenant of a key of API_KEY";

/// Make, list, replace and revoke API keys.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(super) enum KeysCommand {
    /// Make a key and print it, once. Without --tenant it is the first key of a new tenant of the same name.
    Create {
        /// Name for people.
        name: String,
        /// Id or name of the tenant whose documents it reaches.
        #[arg(long)]
        tenant: Option<String>,
        /// Its permissions: convert, read, usage, webhooks, admin, metrics.
        #[arg(long, default_value_t = Scopes::DEFAULT)]
        scopes: Scopes,
        /// Time after which it is refused, such as 90d; never by default.
        #[arg(long, value_parser = parse_span, value_name = "TIME")]
        expires: Option<Duration>,
        /// A key of test data: it never spends, and what it sends is deleted after a day.
        #[arg(long)]
        test: bool,
    },
    /// List keys, newest first: those that are accepted, and those that ended within a year.
    List {
        /// Id or name of the tenant whose keys are listed.
        #[arg(long)]
        tenant: Option<String>,
    },
    /// Refuse a key at once; running servers do within five seconds.
    Revoke {
        /// Id of the key, as `ilios keys list` shows it.
        id: Id,
    },
    /// Replace a key by a new one of the same tenant, name and scopes, and print it, once.
    Rotate {
        /// Id of the key.
        id: Id,
        /// Time for which the old key is accepted yet.
        #[arg(long, value_parser = parse_span, default_value = "1d", value_name = "TIME")]
        grace: Duration,
        /// Time after which the new key is refused; never by default.
        #[arg(long, value_parser = parse_span, value_name = "TIME")]
        expires: Option<Duration>,
    },
    /// Name the tenant of a key of API_KEY, so that further keys can be made for its documents, and it can be rotated
    /// and revoked.
    Adopt {
        /// The first 8 or more hexadecimal digits of the key's SHA-256, as the log and `ilios keys list` show them, or
        /// `anonymous` for what was sent to an open server.
        fingerprint: String,
        /// Name for people.
        name: String,
    },
}

/// List and rename tenants.
#[derive(Debug, Subcommand)]
pub(super) enum TenantsCommand {
    /// List the tenants that have a name.
    List,
    /// Give a tenant another name.
    Rename {
        /// Its id or name.
        tenant: String,
        /// The new name.
        name: String,
    },
}

pub(super) fn run(command: KeysCommand) -> anyhow::Result<ExitCode> {
    with_admin(async |config, admin| match command {
        KeysCommand::Create {
            name,
            tenant,
            scopes,
            expires,
            test,
        } => create::run(admin, name, tenant, scopes, expires, test).await,
        KeysCommand::List { tenant } => list::run(config, admin, tenant.as_deref()).await,
        KeysCommand::Revoke { id } => revoke::run(admin, &id).await,
        KeysCommand::Rotate { id, grace, expires } => rotate::run(admin, id, grace, expires).await,
        KeysCommand::Adopt { fingerprint, name } => adopt::run(config, admin, &fingerprint, &name).await,
    })
}

pub(super) fn run_tenants(command: TenantsCommand) -> anyhow::Result<ExitCode> {
    with_admin(async |_, admin| match command {
        TenantsCommand::List => tenants::list(admin).await,
        TenantsCommand::Rename { tenant, name } => tenants::rename(admin, &tenant, &name).await,
    })
}

/// Opens the configured database, brings it up to date and does `work` with it.
fn with_admin(
    work: impl AsyncFnOnce(&Config, &KeyAdmin<'_>) -> anyhow::Result<()>,
) -> anyhow::Result<ExitCode> {
    let config = load_config()?;
    runtime::runtime()?.block_on(async {
        let store = runtime::open_store(&config).await?;
        let done = administer(&config, &store, work).await;
        store.close().await;
        done.map_err(|error| {
            if error.is::<UsageFault>() {
                error
            } else {
                error.context(format!("database {}", config.database))
            }
        })
    })?;
    Ok(ExitCode::SUCCESS)
}

async fn administer(
    config: &Config,
    store: &Store,
    work: impl AsyncFnOnce(&Config, &KeyAdmin<'_>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    store.migrate().await?;
    let ids = Ids::new(rand::rngs::StdRng::from_os_rng());
    let admin = KeyAdmin {
        store,
        ids: &ids,
        now: runtime::clock().now(),
        actor: Actor::CommandLine,
    };
    work(config, &admin).await
}

/// A refusal is the fault of the arguments.
fn fault(error: KeyError) -> anyhow::Error {
    match error {
        KeyError::Store(error) => error.into(),
        refusal => UsageFault(format!("{refusal}{}", next_step(&refusal))).into(),
    }
}

/// Command that shows what was meant.
fn next_step(refusal: &KeyError) -> &'static str {
    match refusal {
        KeyError::Refused(KeyRefusal::NoTenant | KeyRefusal::NameTaken) => "; `ilios tenants list` shows all",
        KeyError::Refused(KeyRefusal::NoKey | KeyRefusal::Exists | KeyRefusal::Ended)
        | KeyError::Fingerprint => "; `ilios keys list` shows all",
        KeyError::Name(_) | KeyError::Store(_) => "",
    }
}

/// Prints the text of a key alone on standard output, and whatever else there is to say of it on standard error.
fn print_made(made: &MadeKey) -> anyhow::Result<()> {
    let key = &made.key;
    print_error(&format!(
        "{} of tenant {} ({}), scopes {}. This is its text; it is not shown again:",
        key.id,
        key.tenant.short(),
        key.name,
        key.scopes
    ));
    print(&format!("{}\n", made.text.reveal()))
}
