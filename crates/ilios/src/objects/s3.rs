use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::list::{PaginatedListOptions, PaginatedListStore};
use object_store::signer::{Method, SignedUrlOptions, Signer};
use object_store::{
    Attribute, BackoffConfig, ClientOptions, Error, GetOptions, GetRange, ObjectStore, ObjectStoreExt,
    PutOptions, RetryConfig,
};

use super::range::within;
use super::signature::{CONTENT_DISPOSITION, CONTENT_TYPE};
use super::slots::{PART_BYTES, Slots};
use super::source::Source;
use super::{Area, DownloadAnswer, ObjectKey, ObjectsError, OpenObject, UploadLog, presign};
use crate::model::Secret;

/// Settings of an S3 bucket.
#[derive(Debug, Clone)]
pub struct S3Settings {
    /// The bucket. It has to exist.
    pub bucket: String,
    /// The server, `https://…` or `http://…`, without the bucket; AWS when `None`.
    pub endpoint: Option<String>,
    /// The region that requests are signed for.
    pub region: String,
    /// True if the bucket is the first part of the path rather than of the server's name.
    pub path_style: bool,
    /// Access key id.
    pub access_key_id: Secret,
    /// The key they are signed with.
    pub secret_access_key: Secret,
    /// Timeouts and retries.
    pub retry: RetrySettings,
}

/// Timeouts and retries of requests to an S3 server.
#[derive(Debug, Clone, Copy)]
pub struct RetrySettings {
    /// The most time for a connection.
    pub connect: Duration,
    /// The most time without a heartbeat; sending one part of a file (8 MiB) has to fit into it.
    pub silence: Duration,
    /// Maximum number of retries of a failed request, with growing pauses.
    pub retries: usize,
    /// No request is tried again after this time.
    pub retry_for: Duration,
}

impl Default for RetrySettings {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            silence: Duration::from_secs(60),
            retries: 6,
            retry_for: Duration::from_secs(45),
        }
    }
}

/// Objects in an S3 bucket.
#[derive(Clone)]
pub(super) struct S3 {
    pub(super) store: AmazonS3,
    pub(super) bucket: Arc<str>,
    pub(super) log: Arc<dyn UploadLog>,
    pub(super) slots: Slots,
    secret: Secret,
}

impl S3 {
    pub(super) fn open(settings: &S3Settings, log: Arc<dyn UploadLog>) -> Result<Self, ObjectsError> {
        let wrong = |error: Error| ObjectsError::Denied(format!("the S3 client cannot be set up: {error}"));
        Ok(Self {
            store: builder(settings).build().map_err(wrong)?,
            bucket: settings.bucket.as_str().into(),
            log,
            slots: Slots::default(),
            secret: settings.secret_access_key.clone(),
        })
    }

    pub(super) fn store(&self) -> &dyn ObjectStore {
        &self.store
    }

    pub(super) fn fault(&self, error: &Error) -> ObjectsError {
        ObjectsError::s3(error, &self.bucket)
    }

    pub(super) async fn put(
        &self,
        key: &ObjectKey,
        source: &Source,
        content_type: &str,
    ) -> Result<(), ObjectsError> {
        if source.size() > PART_BYTES {
            return self.put_parts(key, source, content_type).await;
        }
        // What is in memory anyway need not wait for a place there.
        let bytes = if source.in_memory() {
            source.part(0, PART_BYTES).await?
        } else {
            source.part_in(self.slots.take().await?, 0, PART_BYTES).await?
        };
        let mut options = PutOptions::default();
        options
            .attributes
            .insert(Attribute::ContentType, content_type.to_owned().into());
        let stored = self.store.put_opts(&key.path(), bytes.into(), options).await;
        stored.map(drop).map_err(|error| self.fault(&error))
    }

    pub(super) async fn read(
        &self,
        key: &ObjectKey,
        range: Option<Range<u64>>,
    ) -> Result<OpenObject, ObjectsError> {
        let path = key.path();
        let mut options = GetOptions::default();
        if range.is_some() {
            let object = self.store.head(&path).await.map_err(|error| self.fault(&error))?;
            options.range = Some(GetRange::Bounded(within(range, object.size)?));
        }
        let object = self.store.get_opts(&path, options).await;
        let object = object.map_err(|error| self.fault(&error))?;
        let (size, range, this) = (object.meta.size, object.range.clone(), self.clone());
        let stream = object
            .into_stream()
            .map(move |chunk| chunk.map_err(|error| this.fault(&error)))
            .boxed();
        Ok(OpenObject { size, range, stream })
    }

    pub(super) async fn upload_url(
        &self,
        key: &ObjectKey,
        size: u64,
        lifetime: Duration,
    ) -> Result<String, ObjectsError> {
        let signed = self.store.signed_url(Method::PUT, &key.path(), lifetime).await;
        let signed = signed.map_err(|error| self.fault(&error))?;
        presign::with_length(&signed, size, &self.secret)
            .ok_or_else(|| ObjectsError::Denied("the S3 client makes addresses of another kind".into()))
    }

    pub(super) async fn download_url(
        &self,
        key: &ObjectKey,
        answer: &DownloadAnswer<'_>,
        lifetime: Duration,
    ) -> Result<String, ObjectsError> {
        let options = SignedUrlOptions::default().with_query([
            (CONTENT_DISPOSITION, answer.content_disposition),
            (CONTENT_TYPE, answer.content_type),
        ]);
        let signed = self
            .store
            .signed_url_opts(Method::GET, &key.path(), lifetime, &options)
            .await;
        signed.map(String::from).map_err(|error| self.fault(&error))
    }

    /// The key of an address that [`Self::download_url`] has made.
    pub(super) fn key_of(&self, url: &object_store::signer::Url) -> Option<ObjectKey> {
        let mut parts = url.path().rsplit('/');
        let (id, area) = (parts.next()?, parts.next()?);
        let key = format!("{area}/{id}").parse().ok()?;
        presign::is_signed(url, &self.secret).then_some(key)
    }

    pub(super) async fn check(&self) -> Result<(), ObjectsError> {
        let options = PaginatedListOptions {
            max_keys: Some(1),
            ..PaginatedListOptions::default()
        };
        let prefix = format!("{}/", Area::Documents.as_str());
        let listed = self.store.list_paginated(Some(&prefix), options).await;
        listed.map(drop).map_err(|error| self.fault(&error))
    }
}

fn builder(settings: &S3Settings) -> AmazonS3Builder {
    // The library makes its HTTP client itself.
    drop(crate::tls::provider());
    let RetrySettings {
        connect,
        silence,
        retries,
        retry_for,
    } = settings.retry;
    let plain = settings.endpoint.as_deref().is_some_and(is_plain);
    let client = ClientOptions::new()
        .with_allow_http(plain)
        .with_connect_timeout(connect)
        // A large object takes its time; what must not last is silence.
        .with_timeout_disabled()
        .with_read_timeout(silence);
    let retry = RetryConfig {
        backoff: BackoffConfig {
            max_backoff: Duration::from_secs(5),
            ..BackoffConfig::default()
        },
        max_retries: retries,
        retry_timeout: retry_for,
    };
    let builder = AmazonS3Builder::new()
        .with_bucket_name(&settings.bucket)
        .with_region(&settings.region)
        .with_access_key_id(settings.access_key_id.reveal())
        .with_secret_access_key(settings.secret_access_key.reveal())
        .with_virtual_hosted_style_request(!settings.path_style)
        // A single object needs no list of them, which not every server knows.
        .with_disable_bulk_delete(true)
        .with_client_options(client)
        .with_retry(retry);
    match &settings.endpoint {
        None => builder,
        Some(endpoint) if settings.path_style => builder.with_endpoint(endpoint),
        Some(endpoint) => builder.with_endpoint(with_bucket(endpoint, &settings.bucket)),
    }
}

fn is_plain(endpoint: &str) -> bool {
    endpoint.starts_with("http://")
}

/// `https://server` → `https://bucket.server`.
fn with_bucket(endpoint: &str, bucket: &str) -> String {
    let endpoint = endpoint.trim_end_matches('/');
    match endpoint.split_once("://") {
        Some((scheme, server)) => format!("{scheme}://{bucket}.{server}"),
        None => format!("https://{bucket}.{endpoint}"),
    }
}
