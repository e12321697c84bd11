//! `ilios db …`: what is done with a database as a whole.

mod archive;
mod backup;
mod carry;
mod check;
mod compact;
mod encryption;
mod export;
mod import;
mod import_v2;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::bail;
use clap::Subcommand;
use rand::SeedableRng;

use crate::config::{Config, DatabaseConfig};
use crate::model::{Action, Actor, Ids, NewAudit, Secret};
use crate::store::Store;

/// Back up, check, encrypt or move the database.
#[derive(Debug, Subcommand)]
pub(super) enum DbCommand {
    /// Copy the local database to FILE, while servers work with it. Originals are not in it. Only its owner may read
    /// the copy.
    Backup {
        /// The new file.
        file: PathBuf,
        /// Replace FILE if it is there already.
        #[arg(long)]
        force: bool,
    },
    /// Look for damage.
    Check,
    /// Give the space of deleted rows of the local database back to the disk. The server has to be stopped; afterwards
    /// it does so by itself.
    Compact,
    /// Encrypt the local database with DB_ENCRYPTION_KEY. The server has to be stopped.
    Encrypt,
    /// Store the local database in clear again; DB_ENCRYPTION_KEY is its key. The server has to be stopped.
    Decrypt,
    /// Encrypt the local database with NEW_DB_ENCRYPTION_KEY instead of DB_ENCRYPTION_KEY. The server has to be
    /// stopped.
    Rekey,
    /// Write all rows and originals to FOLDER, to be imported elsewhere. All nodes have to be stopped. Started
    /// again, it goes on. Only its owner may read the archive.
    Export {
        /// The archive: a new or empty folder.
        folder: PathBuf,
        /// Write into FOLDER whatever is in it, over an archive that is there.
        #[arg(long)]
        force: bool,
    },
    /// Fill an empty database and its object store from FOLDER and compare counts and hashes. Started again, it
    /// goes on.
    Import {
        /// The archive.
        folder: PathBuf,
    },
    /// Bring documents, results, batches and usage of an Ilios 2.1 database over; its file is only read. Its server has
    /// to be stopped. Started again, it goes on.
    #[command(name = "import-v2")]
    ImportV2 {
        /// The database of version 2.1, such as data/ilios.db.
        file: PathBuf,
        /// Folder of its originals, or their bucket as s3://BUCKET; searched before this server's own bucket.
        #[arg(long, value_name = "PLACE", num_args = 1..)]
        objects: Vec<OsString>,
    },
}

pub(super) fn run(command: &DbCommand) -> anyhow::Result<ExitCode> {
    let config = super::load_config()?;
    #[cfg(feature = "crash-points")]
    if let Some(point) = config.crash_point.clone() {
        crate::crash_point::arm(point);
    }
    let runtime = super::runtime::runtime()?;
    runtime.block_on(super::runtime::refuse_version_2(&config))?;
    match command {
        DbCommand::Backup { file, force } => {
            keep_private();
            runtime.block_on(backup::run(&config, file, *force))
        }
        DbCommand::Check => runtime.block_on(check::run(&config)),
        DbCommand::Compact => runtime.block_on(compact::run(&config)),
        DbCommand::Encrypt => runtime.block_on(encryption::encrypt(&config)),
        DbCommand::Decrypt => runtime.block_on(encryption::decrypt(&config)),
        DbCommand::Rekey => runtime.block_on(encryption::rekey(&config)),
        DbCommand::Export { folder, force } => {
            keep_private();
            runtime.block_on(export::run(&config, folder, *force))
        }
        DbCommand::Import { folder } => runtime.block_on(import::run(&config, folder)),
        DbCommand::ImportV2 { file, objects } => runtime.block_on(import_v2::run(&config, file, objects)),
    }
    .map(|()| ExitCode::SUCCESS)
}

/// Makes files and folders that are created from now on private to this user.
fn keep_private() {
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
}

/// The local file and its key; `instead` says what to use with PostgreSQL.
fn local(config: &Config, instead: &str) -> anyhow::Result<(PathBuf, Option<Secret>)> {
    match &config.database {
        DatabaseConfig::Local { file, .. } if !file.exists() => {
            bail!("{} is not there; `ilios migrate` makes it", file.display())
        }
        DatabaseConfig::Local { file, key } => Ok((file.clone(), key.clone())),
        DatabaseConfig::Postgres(_) => {
            bail!("DATABASE_URL is set, and this is for a local database; {instead}")
        }
        DatabaseConfig::Replica(_) => {
            bail!(
                "USE_EMBEDDED_REPLICA is set, and this is for a local database; the copy of a primary is made anew \
                 when it is deleted, and the primary is backed up and checked where it runs"
            )
        }
    }
}

/// Adds an entry to the audit log: all of the database leaves by the command `ilios db command`.
async fn record_export(config: &Config, store: &Store, command: &str) -> anyhow::Result<()> {
    let ids = Ids::new(rand::rngs::StdRng::from_os_rng());
    let entry = NewAudit {
        id: ids.next(super::runtime::clock().now()),
        actor: Actor::CommandLine,
        action: Action::Export,
        subject: String::new(),
        details: format!("db {command} of {}", config.database),
    };
    Ok(store.audit(entry).await?)
}
