//! Checks of the file storage: the spool, and originals in a folder or a bucket.

use std::path::Path;
use std::sync::Arc;

use rand::SeedableRng;

use super::Finding::{self, Bad, Good};
use super::{CHECK_TIMEOUT, trial};
use crate::config::{Config, ObjectsConfig};
use crate::model::{Clock, Ids, SystemClock};
use crate::objects::{NoUploadLog, ObjectKey, Objects, ObjectsError, S3Settings};
use crate::spool::Spool;

/// A folder that the server makes when it is missing.
pub(super) fn folder(path: &Path) -> Finding {
    match trial::writable(path) {
        Ok(false) => Good(format!("{} is writable", path.display())),
        Ok(true) => Good(format!("{} will be created at the first start", path.display())),
        Err(why) => Bad(why),
    }
}

pub(super) async fn objects(config: &Config) -> Finding {
    match &config.objects {
        ObjectsConfig::Local { folder: path } => folder(path),
        ObjectsConfig::S3(s3) => bucket(s3).await,
    }
}

async fn bucket(s3: &S3Settings) -> Finding {
    let server = s3.endpoint.as_deref().unwrap_or("AWS");
    let mut settings = s3.clone();
    // A user waits for the answer.
    settings.retry.retries = 1;
    let check = async {
        let objects = Objects::open_s3(&settings, Arc::new(NoUploadLog))?;
        objects.check().await?;
        round_trip(&objects).await
    };
    match tokio::time::timeout(CHECK_TIMEOUT, check).await {
        Ok(Ok(())) => Good(format!(
            "bucket {} at {server} answers, takes, gives back and deletes an object",
            s3.bucket
        )),
        Ok(Err(error)) => Bad(format!("{server}: {error}")),
        Err(_) => Bad(format!(
            "{server} has not answered within {} s; look at AWS_ENDPOINT_URL_S3",
            CHECK_TIMEOUT.as_secs()
        )),
    }
}

/// Writes, reads and deletes a small object under an unused key. One that stays, because the deletion fails, is swept
/// by a server later.
async fn round_trip(objects: &Objects) -> Result<(), ObjectsError> {
    let ids = Ids::new(rand::rngs::StdRng::from_os_rng());
    let key = ObjectKey::original(&ids.next(SystemClock.now()));
    let spool =
        Spool::new(&std::env::temp_dir(), 1 << 10).map_err(|error| ObjectsError::Io(error.to_string()))?;
    let mut incoming = spool.receive();
    incoming.write(b"ilios doctor")?;
    let file = incoming.finish();
    objects.put(&key, &file, "text/plain").await?;
    let back = objects.fetch(&key, &spool, Some(file.sha256())).await;
    objects.delete(&key).await?;
    back.map(drop)
}
