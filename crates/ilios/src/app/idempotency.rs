use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OwnedMutexGuard;

use super::{App, AppError};
use crate::model::{Id, Tenant, Timestamp};
use crate::store::{IdempotencyKey, Remembered};

/// What a client calls a request, so that it can send it again without having it done twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestName {
    /// The client's own name for it.
    pub key: String,
    /// SHA-256 of everything that was asked for.
    pub fingerprint: String,
}

impl RequestName {
    /// What is stored with the rows that the request makes.
    pub(super) fn remembered_as(
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
pub struct Answered {
    /// The answer in words.
    pub text: String,
    /// Whether it was given before to the same request, which was not made again.
    pub replayed: bool,
}

impl Answered {
    pub(super) fn now(text: String) -> Self {
        Self {
            text,
            replayed: false,
        }
    }

    pub(super) fn before(remembered: Remembered) -> Self {
        Self {
            text: remembered.answer,
            replayed: true,
        }
    }
}

type Turns = HashMap<(Tenant, String), Arc<tokio::sync::Mutex<()>>>;

/// Lets requests of the same name wait for each other in this process.
#[derive(Default)]
pub struct NamedRequests(Mutex<Turns>);

impl NamedRequests {
    async fn turn(&self, tenant: &Tenant, key: &str) -> OwnedMutexGuard<()> {
        let turn = {
            let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            turns.retain(|_, turn| Arc::strong_count(turn) > 1);
            Arc::clone(turns.entry((tenant.clone(), key.to_owned())).or_default())
        };
        turn.lock_owned().await
    }
}

impl App {
    /// Waits until no other request of the same name is at work here.
    pub(super) async fn turn(
        &self,
        tenant: &Tenant,
        name: Option<&RequestName>,
    ) -> Option<OwnedMutexGuard<()>> {
        match name {
            Some(name) => Some(self.named.turn(tenant, &name.key).await),
            None => None,
        }
    }

    /// What was answered to the request `name` before, if it was made.
    pub(super) async fn recall(
        &self,
        tenant: &Tenant,
        name: Option<&RequestName>,
    ) -> Result<Option<Remembered>, AppError> {
        let Some(name) = name else { return Ok(None) };
        let since = IdempotencyKey::horizon(self.clock.now());
        match self.store.remembered(tenant, &name.key, since).await? {
            Some(before) if before.fingerprint != name.fingerprint => Err(AppError::NameReused),
            before => Ok(before),
        }
    }
}
