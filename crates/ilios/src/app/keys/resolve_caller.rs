use std::time::Duration;

use super::key_cache::{Recall, Recalled};
use crate::app::{App, AppError};
use crate::model::{
    ApiKey, ApiKeys, Caller, KeyKind, KeyState, Scope, Scopes, Tenant, Timestamp, is_key_text,
};
use crate::store::KeyLookup;

/// Age of another node's changes that a lookup may miss.
const RECENT: Duration = Duration::from_millis(500);
/// Time after which the use of a key is noted again.
const NOTED: Duration = Duration::from_secs(60);

fn of_stored(
    keys: &ApiKeys,
    key: ApiKey,
    now: Timestamp,
    in_environment: bool,
) -> Result<Caller, CallerError> {
    let is_of_environment = key.kind == KeyKind::Environment;
    match key.state(now) {
        KeyState::Active | KeyState::Ending if is_of_environment && !in_environment => {
            Err(CallerError::Unknown)
        }
        KeyState::Active | KeyState::Ending if is_of_environment => {
            Ok(without_metrics(keys, Caller::of_key(key)))
        }
        KeyState::Active | KeyState::Ending => Ok(Caller::of_key(key)),
        KeyState::Expired => Err(CallerError::Ended("has expired")),
        KeyState::Revoked => Err(CallerError::Ended("was revoked")),
    }
}

/// Takes the scope of the metrics from a caller of the environment where the metrics have a key of their own.
fn without_metrics(keys: &ApiKeys, caller: Caller) -> Caller {
    let kept = caller.scopes.iter();
    let kept: Vec<Scope> = kept
        .filter(|scope| *scope != Scope::Metrics || !keys.guards_metrics())
        .collect();
    Caller {
        scopes: Scopes::of(&kept),
        ..caller
    }
}

/// Reason a request has no caller.
#[derive(Debug, thiserror::Error)]
pub enum CallerError {
    /// It came without a key.
    #[error("an API key is needed")]
    Missing,
    /// Its key is unknown.
    #[error("the API key is not accepted")]
    Unknown,
    /// Its key was accepted once.
    #[error("the API key {0}")]
    Ended(&'static str),
    /// The database cannot be asked.
    #[error(transparent)]
    App(#[from] AppError),
}

impl App {
    /// The sender of a request that came with `key`. The keys of the environment are accepted as they are, until a row
    /// of the database says more of one. Without any key of the environment and any tenant the server is open.
    ///
    /// # Errors
    /// [`CallerError`].
    pub async fn caller(&self, keys: &ApiKeys, key: Option<&str>) -> Result<Caller, CallerError> {
        if let Some(operator) = key.and_then(|key| keys.operator(key)) {
            return Ok(operator);
        }
        let of_environment = key.and_then(|key| keys.tenant_of(key));
        // No other key can be in the database, so that guesses are not looked up.
        let stored = key.filter(|key| of_environment.is_some() || is_key_text(key));
        if stored.is_none() && !keys.is_open() {
            return Err(key.map_or(CallerError::Missing, |_| CallerError::Unknown));
        }
        let hash = stored.map(|key| Tenant::of_key(key).as_str().to_owned());
        let found = self.look_up(hash.as_deref().unwrap_or_default()).await?;
        match (found.key, of_environment) {
            (Some(stored), in_environment) => of_stored(keys, stored, found.now, in_environment.is_some()),
            (None, Some(tenant)) => Ok(without_metrics(keys, Caller::of_environment(tenant))),
            (None, None) if keys.is_open() && !found.has_tenants => {
                Ok(without_metrics(keys, Caller::anonymous()))
            }
            (None, None) => Err(key.map_or(CallerError::Missing, |_| CallerError::Unknown)),
        }
    }

    async fn look_up(&self, hash: &str) -> Result<KeyLookup, AppError> {
        let now = self.clock.steady();
        let Recall { recalled, generation } = self.keys.recall(hash, now);
        let stale = match recalled {
            Recalled::Fresh(lookup) => return Ok(lookup),
            Recalled::Stale(lookup) => Some(lookup),
            Recalled::Nothing => None,
        };
        match (self.store.look_key_up(hash, RECENT).await, stale) {
            (Ok(mut lookup), _) => {
                self.note_use(&mut lookup);
                self.keys.remember(hash, lookup.clone(), now, generation);
                Ok(lookup)
            }
            (Err(_), Some(stale)) => Ok(stale),
            (Err(error), None) => Err(error.into()),
        }
    }

    /// Notes the use of an accepted key, at most once a minute and beside the request.
    fn note_use(&self, lookup: &mut KeyLookup) {
        let now = lookup.now;
        let Some(key) = lookup.key.as_mut().filter(|key| key.state(now).is_accepted()) else {
            return;
        };
        if key.last_used_at.is_some_and(|last| now.since(last) < NOTED) {
            return;
        }
        key.last_used_at = Some(now);
        let (store, id) = (self.store.clone(), key.id.clone());
        tokio::spawn(async move {
            if let Err(error) = store.note_key_use(&id).await {
                tracing::debug!(%error, "the use of a key is not noted");
            }
        });
    }
}
