//! Locks that keep a second server off local files, and checks of what several nodes may share.

use std::fs::{File, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use rand::{RngCore, SeedableRng};

use crate::config::{Config, DatabaseConfig, ObjectsConfig, Role};
use crate::store::Store;

/// Locks on local files, held while this exists.
pub(super) struct InstanceLock {
    database: Option<File>,
    objects: Option<(PathBuf, File)>,
}

/// Refuses a role that needs other nodes where the configuration cannot be shared with any.
pub(super) fn require_shareable(config: &Config) -> anyhow::Result<()> {
    let role = config.role;
    if role == Role::All {
        return Ok(());
    }
    let name = role.as_str();
    if let DatabaseConfig::Local { file, .. } = &config.database {
        bail!(
            "ROLE={name} works with other nodes, and {} is a local database, which nodes cannot share: set \
             DATABASE_URL or USE_EMBEDDED_REPLICA, or ROLE=all for a single node",
            file.display()
        );
    }
    if let ObjectsConfig::Local { folder } = &config.objects {
        bail!(
            "ROLE={name} works with other nodes, and originals are kept in the local folder {}, which nodes cannot \
             share: set S3_BUCKET, or ROLE=all for a single node",
            folder.display()
        );
    }
    Ok(())
}

impl InstanceLock {
    /// Takes the locks of all local files that the configuration names.
    pub(super) fn take(config: &Config) -> anyhow::Result<Self> {
        let database = match &config.database {
            DatabaseConfig::Local { file, .. } => Some(database(file)?),
            // The copy of a primary is locked when it is opened.
            DatabaseConfig::Postgres(_) | DatabaseConfig::Replica(_) => None,
        };
        let objects = match &config.objects {
            ObjectsConfig::Local { folder } => Some((folder.clone(), objects(folder)?)),
            ObjectsConfig::S3(_) => None,
        };
        Ok(Self { database, objects })
    }

    /// Returns true if no other process can work on the database.
    pub(super) fn is_exclusive(&self) -> bool {
        self.database.is_some()
    }

    /// Refuses to keep originals in a folder of this machine while another node of the same database keeps them in
    /// another: neither could read what the other has taken.
    pub(super) async fn require_own_folder(&mut self, store: &Store) -> anyhow::Result<()> {
        let Some((folder, file)) = self.objects.as_mut().filter(|_| self.database.is_none()) else {
            return Ok(());
        };
        let name = name(file).with_context(|| format!("lock of {}", folder.display()))?;
        let kept = store.setting("objects_folder", name.clone()).await?;
        if kept != name {
            bail!(
                "another node of this database keeps originals in a folder of its own, so {} cannot be used: set \
                 S3_BUCKET on both. If the folder has moved, write {kept} into {}",
                folder.display(),
                lock_of(folder).display()
            );
        }
        Ok(())
    }
}

/// Two servers on one file would take each other's jobs back.
fn database(file: &Path) -> anyhow::Result<File> {
    if crate::store::is_copy(file) {
        bail!(
            "{} is a copy of a libSQL primary and no database of its own: set USE_EMBEDDED_REPLICA, or another \
             LOCAL_DB_PATH",
            file.display()
        );
    }
    let locked = lock(&file.with_extension("lock"))?;
    locked.with_context(|| {
        format!(
            "another server works with {}; give this one a DATA_DIR or LOCAL_DB_PATH of its own, or let both use \
             DATABASE_URL",
            file.display()
        )
    })
}

/// Two servers on one folder would sweep each other's originals away.
fn objects(folder: &Path) -> anyhow::Result<File> {
    let locked = lock(&lock_of(folder))?;
    locked.with_context(|| {
        format!(
            "another server keeps its originals in {}; give this one a DATA_DIR or OBJECTS_DIR of its own, or let \
             both use S3_BUCKET",
            folder.display()
        )
    })
}

fn lock_of(folder: &Path) -> PathBuf {
    folder.with_extension("lock")
}

/// Takes the lock; `None` if another process has it.
fn lock(path: &Path) -> anyhow::Result<Option<File>> {
    let context = || format!("lock {}", path.display());
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(context)?;
    }
    let file = File::options()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .open(path)
        .with_context(context)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error).with_context(context),
    }
}

/// The name in a lock file; a new one at the first time.
fn name(file: &mut File) -> std::io::Result<String> {
    let mut text = String::new();
    file.rewind()?;
    file.read_to_string(&mut text)?;
    if text.trim().is_empty() {
        let number = rand::rngs::StdRng::from_os_rng().next_u64();
        text = format!("{number:016x}");
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
    }
    Ok(text.trim().to_owned())
}
