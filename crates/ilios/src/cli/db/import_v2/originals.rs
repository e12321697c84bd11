use std::ffi::OsString;
use std::fs::File;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};

use super::converts;
use crate::cli::load_environment;
use crate::cli::terminal::usage;
use crate::config::{Config, ObjectsConfig};
use crate::model::{Status, Timestamp};
use crate::objects::{NoUploadLog, ObjectKey, Objects, ObjectsError};
use crate::spool::{Spool, SpoolError, Spooled};
use crate::store::v2::{OldDocument, Remark};

/// Places that may hold the originals of version 2.1, and the object store that they are copied to.
pub(super) struct Originals {
    places: Vec<Place>,
    target: Objects,
    spool: Spool,
}

enum Place {
    /// A folder in which the keys are paths, or file names.
    Folder(PathBuf),
    /// Another bucket.
    Bucket(Objects),
    /// The bucket of this server.
    Same,
}

impl Originals {
    /// `places` are folders or `s3://BUCKET`; they are looked at first, then this server's own bucket.
    pub(super) async fn open(
        config: &Config,
        target: Objects,
        spool: Spool,
        places: &[OsString],
    ) -> anyhow::Result<Self> {
        let mut found = Vec::with_capacity(places.len() + 1);
        for place in places {
            let of_bucket = place.to_str().and_then(|place| place.strip_prefix("s3://"));
            found.push(match of_bucket {
                Some(name) => bucket(config, name.trim_end_matches('/')).await?,
                None if Path::new(place).is_dir() => Place::Folder(PathBuf::from(place)),
                None => {
                    return Err(usage(format!(
                        "--objects {}: takes a folder, or a bucket as s3://NAME",
                        Path::new(place).display()
                    )));
                }
            });
        }
        if target.is_remote() {
            found.push(Place::Same);
        }
        Ok(Self {
            places: found,
            target,
            spool,
        })
    }

    /// Brings the original of a document over and says in the document where it is; one that was to be converted and
    /// has none fails.
    pub(super) async fn bring(
        &self,
        mut old: OldDocument,
        now: Timestamp,
    ) -> anyhow::Result<(OldDocument, Option<Remark>)> {
        let key = match old.document.status {
            Status::Archived => ObjectKey::archived(&old.document.id),
            _ => ObjectKey::original(&old.document.id),
        };
        let mut remark = None;
        if let Some(from) = old.old_key.clone() {
            match self.carry(&from, &key, &old.document.mime_type).await {
                Ok(Some(carried)) => {
                    old.document.object_key = Some(key.as_str().to_owned());
                    if let Carried::Read(file) = carried {
                        file.sha256().clone_into(&mut old.document.sha256);
                    }
                }
                Ok(None) => {}
                Err(ObjectsError::TooLarge { limit }) => {
                    remark = Some(old.remark(format!(
                        "its original is larger than {limit} bytes (MAX_FILE_SIZE) and was not brought"
                    )));
                }
                Err(error) => return Err(error).with_context(|| format!("the original {from}")),
            }
        }
        if converts(&old) && old.document.object_key.is_none() {
            old.fail_without_original(now);
        }
        Ok((old, remark))
    }

    async fn carry(
        &self,
        from: &str,
        to: &ObjectKey,
        mime_type: &str,
    ) -> Result<Option<Carried>, ObjectsError> {
        for place in &self.places {
            let found = match place {
                Place::Folder(folder) => self.of_folder(folder, from).await.map(Carried::Read),
                Place::Bucket(bucket) => bucket.fetch_foreign(from, &self.spool).await.map(Carried::Read),
                Place::Same => self.target.copy_foreign(from, to).await.map(|()| Carried::Copied),
            };
            let carried = match found {
                Err(ObjectsError::NotFound) => continue,
                found => found?,
            };
            if let Carried::Read(file) = &carried {
                self.target.put(to, file, mime_type).await?;
            }
            return Ok(Some(carried));
        }
        Ok(None)
    }

    /// The file of this key; none where the key would lead out of the folder.
    async fn of_folder(&self, folder: &Path, key: &str) -> Result<Spooled, ObjectsError> {
        let path = Path::new(key);
        let inside = path.components().all(|part| matches!(part, Component::Normal(_)));
        let name = path
            .file_name()
            .filter(|_| inside)
            .ok_or(ObjectsError::NotFound)?;
        let candidates = [folder.join(path), folder.join(name)];
        let limit = self.spool.max_bytes();
        let read = move || {
            let file = candidates
                .iter()
                .find(|path| path.is_file())
                .ok_or(ObjectsError::NotFound)?;
            let opened = File::open(file).map_err(|error| failed(file, &error))?;
            Spooled::adopt(opened, limit).map_err(|error| match error {
                SpoolError::TooLarge { limit } => ObjectsError::TooLarge { limit },
                error @ SpoolError::Io(_) => failed(file, &error),
            })
        };
        let done = tokio::task::spawn_blocking(read).await;
        done.unwrap_or_else(|error| Err(ObjectsError::Io(error.to_string())))
    }
}

/// An original that has arrived.
enum Carried {
    /// Within the store.
    Copied,
    /// Through this process.
    Read(Spooled),
}

/// A bucket that is reached as the server's own would be.
async fn bucket(config: &Config, name: &str) -> anyhow::Result<Place> {
    let own = match &config.objects {
        ObjectsConfig::S3(s3) if s3.bucket == name => return Ok(Place::Same),
        ObjectsConfig::S3(_) | ObjectsConfig::Local { .. } => {
            Config::resolve(&load_environment()?.with("S3_BUCKET", name))?.objects
        }
    };
    let ObjectsConfig::S3(s3) = own else {
        bail!("--objects s3://{name}: takes the name of a bucket");
    };
    let objects = Objects::open_s3(&s3, Arc::new(NoUploadLog));
    let objects = objects.context("the object store")?;
    // A bucket that is not there would look like one without the originals.
    objects
        .check()
        .await
        .with_context(|| format!("--objects s3://{name}"))?;
    Ok(Place::Bucket(objects))
}

fn failed(file: &Path, why: &dyn std::fmt::Display) -> ObjectsError {
    ObjectsError::Io(format!("{}: {why}", file.display()))
}
