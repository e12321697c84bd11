use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OwnedMutexGuard;

use super::{App, AppError};
use crate::model::{Id, Tenant, Timestamp};
use crate::store::{IdempotencyKey, StoredRequest};

/// A request with an `Idempotency-Key`: sent again, it is not carried out twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotentRequest {
    /// The client's own name for it.
    pub key: String,
    /// SHA-256 of everything that was asked for.
    pub fingerprint: String,
}

impl IdempotentRequest {
    /// The key as it is stored with the rows that the request makes.
    pub(super) fn stored_key(
        &self,
        tenant: &Tenant,
        subject: &Id,
        answer: String,
        now: Timestamp,
    ) -> IdempotencyKey {
        IdempotencyKey {
            tenant: tenant.clone(),
            key: self.key.clone(),
            fingerprint: self.fingerprint.clone(),
            subject: subject.to_string(),
            answer,
            created_at: now,
        }
    }
}

/// The answer to a request that may have a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredResponse {
    /// The answer in words.
    pub text: String,
    /// True if it was given before to the same request, which was not carried out again.
    pub replayed: bool,
}

impl StoredResponse {
    pub(super) fn new(text: String) -> Self {
        Self {
            text,
            replayed: false,
        }
    }

    pub(super) fn replayed(remembered: StoredRequest) -> Self {
        Self {
            text: remembered.answer,
            replayed: true,
        }
    }
}

type KeyLocks = HashMap<(Tenant, String), Arc<tokio::sync::Mutex<()>>>;

/// Lets requests of the same name wait for each other in this process.
#[derive(Default)]
pub struct IdempotencyLocks(Mutex<KeyLocks>);

impl IdempotencyLocks {
    async fn acquire(&self, tenant: &Tenant, key: &str) -> OwnedMutexGuard<()> {
        let lock = {
            let mut locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            locks.retain(|_, lock| Arc::strong_count(lock) > 1);
            Arc::clone(locks.entry((tenant.clone(), key.to_owned())).or_default())
        };
        lock.lock_owned().await
    }
}

impl App {
    /// Waits until no other request of the same name is at work here.
    pub(super) async fn lock_request(
        &self,
        tenant: &Tenant,
        name: Option<&IdempotentRequest>,
    ) -> Option<OwnedMutexGuard<()>> {
        match name {
            Some(name) => Some(self.idempotency.acquire(tenant, &name.key).await),
            None => None,
        }
    }

    /// Finds the stored response to the request `name`.
    pub(super) async fn find_response(
        &self,
        tenant: &Tenant,
        name: Option<&IdempotentRequest>,
    ) -> Result<Option<StoredRequest>, AppError> {
        let Some(name) = name else { return Ok(None) };
        let since = IdempotencyKey::horizon(self.clock.now());
        match self.store.find_idempotency_key(tenant, &name.key, since).await? {
            Some(before) if before.fingerprint != name.fingerprint => Err(AppError::IdempotencyKeyReused),
            before => Ok(before),
        }
    }
}
