use std::time::Duration;

use crate::app::App;
use crate::model::{
    Action, Actor, ApiKey, ApiKeys, Id, Ids, KeyKind, NewAudit, Scopes, Secret, Tenant, TenantEntry,
    Timestamp, is_hidden, new_key,
};
use crate::store::{
    Cursor, KeyFilter, KeyRefusal, ListPage, NewApiKey, Rotation, Store, StoreError, TenantChoice,
};

/// The most characters of a name.
const MAX_NAME: usize = 100;
/// Hexadecimal digits by which a key of the environment can be named.
const SHORT_FINGERPRINT: usize = 8;

/// Administration of tenants and keys, by one actor.
pub struct KeyAdmin<'a> {
    /// The database.
    pub store: &'a Store,
    /// New ids and keys.
    pub ids: &'a Ids,
    /// The time.
    pub now: Timestamp,
    /// Doer, for the audit log.
    pub actor: Actor,
}

/// Key to be made.
#[derive(Debug, Clone)]
pub struct CreateKey {
    /// Name for people.
    pub name: String,
    /// Id or name of its tenant; a new tenant of the name of the key without one.
    pub tenant: Option<String>,
    /// Its permissions.
    pub scopes: Scopes,
    /// A key of test data.
    pub test: bool,
    /// Time for which it is accepted; for ever without one.
    pub lifetime: Option<Duration>,
}

/// Key to be replaced.
#[derive(Debug, Clone)]
pub struct RotateKey {
    /// Its id.
    pub id: Id,
    /// Time for which it is accepted yet.
    pub grace: Duration,
    /// Time for which the new one is accepted; for ever without one.
    pub lifetime: Option<Duration>,
}

/// Key that was made. Its text is nowhere else.
#[derive(Debug)]
pub struct MadeKey {
    /// The key as stored.
    pub key: ApiKey,
    /// Its text, to be shown once.
    pub text: Secret,
}

/// Reason a key or a tenant was not changed as asked.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// A name is empty, too long, or has characters that cannot be seen.
    #[error("{0} takes 1 to {MAX_NAME} visible characters without a colon")]
    Name(&'static str),
    /// No or more than one key of the environment begins so.
    #[error(
        "takes the first {SHORT_FINGERPRINT} or more hexadecimal digits of the SHA-256 of one key of API_KEY, or `anonymous`"
    )]
    Fingerprint,
    /// The store refused it.
    #[error("{}", words(*.0))]
    Refused(KeyRefusal),
    /// Reading or writing the database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn words(refusal: KeyRefusal) -> &'static str {
    match refusal {
        KeyRefusal::NoTenant => "there is no such tenant",
        KeyRefusal::NameTaken => "another tenant has this name or id",
        KeyRefusal::Exists => "this key is named already",
        KeyRefusal::NoKey => "there is no such key",
        KeyRefusal::Ended => "the key was revoked, replaced or has expired",
    }
}

impl App {
    /// The administration of tenants and keys by `actor`.
    #[must_use]
    pub fn key_admin(&self, actor: Actor) -> KeyAdmin<'_> {
        KeyAdmin {
            store: &self.store,
            ids: &self.ids,
            now: self.now(),
            actor,
        }
    }

    /// Lets what was changed just now count at once on this node.
    pub fn keys_changed(&self) {
        self.keys.forget();
    }
}

impl KeyAdmin<'_> {
    /// Makes a key.
    ///
    /// # Errors
    /// [`KeyError`].
    pub async fn create(&self, create: CreateKey) -> Result<MadeKey, KeyError> {
        let name = checked_name("name", &create.name)?;
        let id = self.ids.next(self.now);
        let text = self.ids.draw(|random| new_key(create.test, random));
        let tenant = match create.tenant {
            Some(tenant) => TenantChoice::Existing(tenant),
            None => TenantChoice::New(Tenant::stored(self.ids.next(self.now).to_string()), name.clone()),
        };
        let audit = self.audit(Action::CreateKey, &id, format!("scopes={}", create.scopes));
        let key = NewApiKey {
            id,
            hash: Tenant::of_key(text.reveal()).as_str().to_owned(),
            name,
            scopes: create.scopes,
            kind: if create.test { KeyKind::Test } else { KeyKind::Live },
            expires_at: create.lifetime.map(|lifetime| self.now.plus(lifetime)),
        };
        let key = self.store.create_key(key, tenant, audit).await?;
        let key = key.map_err(KeyError::Refused)?;
        Ok(MadeKey { key, text })
    }

    /// Revokes a key at once.
    ///
    /// # Errors
    /// [`KeyError`].
    pub async fn revoke(&self, id: &Id) -> Result<ApiKey, KeyError> {
        let audit = self.audit(Action::RevokeKey, id, String::new());
        let revoked = self.store.revoke_key(id, audit).await?;
        revoked.map_err(KeyError::Refused)
    }

    /// Replaces a key by a new one of the same tenant, scopes and name.
    ///
    /// # Errors
    /// [`KeyError`].
    pub async fn rotate(&self, rotate: RotateKey) -> Result<MadeKey, KeyError> {
        let grace = rotate.grace.as_secs();
        let audit = self.audit(Action::RotateKey, &rotate.id, format!("grace={grace}s"));
        let old = rotate.id;
        let test = self.key_is_of_tests(&old).await?;
        let text = self.ids.draw(|random| new_key(test, random));
        let rotation = Rotation {
            old,
            id: self.ids.next(self.now),
            hash: Tenant::of_key(text.reveal()).as_str().to_owned(),
            grace: rotate.grace,
            expires_at: rotate.lifetime.map(|lifetime| self.now.plus(lifetime)),
        };
        let key = self.store.rotate_key(rotation, audit).await?;
        let key = key.map_err(KeyError::Refused)?;
        Ok(MadeKey { key, text })
    }

    /// Names the tenant of the key of the environment whose SHA-256 begins with `fingerprint`, so that further keys can
    /// be made for it and it can be revoked; or that of an open server, `anonymous`.
    ///
    /// # Errors
    /// [`KeyError`].
    pub async fn adopt(
        &self,
        keys: &ApiKeys,
        fingerprint: &str,
        name: &str,
    ) -> Result<TenantEntry, KeyError> {
        let name = checked_name("name", name)?;
        let tenant = find_environment(keys, fingerprint).ok_or(KeyError::Fingerprint)?;
        let id = self.ids.next(self.now);
        let audit = NewAudit {
            subject: tenant.short().to_owned(),
            ..self.audit(Action::AdoptKey, &id, format!("name={name}"))
        };
        let key = (tenant != Tenant::anonymous()).then(|| NewApiKey {
            id,
            hash: tenant.as_str().to_owned(),
            name: name.clone(),
            scopes: Scopes::ENVIRONMENT,
            kind: KeyKind::Environment,
            expires_at: None,
        });
        let adopted = self.store.adopt_tenant(tenant, name, key, audit).await?;
        adopted.map_err(KeyError::Refused)
    }

    /// Gives a tenant another name.
    ///
    /// # Errors
    /// [`KeyError`].
    pub async fn rename(&self, tenant: &str, name: &str) -> Result<TenantEntry, KeyError> {
        let name = checked_name("name", name)?;
        let id = self.ids.next(self.now);
        let audit = self.audit(Action::RenameTenant, &id, format!("name={name}"));
        let renamed = self.store.rename_tenant(tenant, &name, audit).await?;
        renamed.map_err(KeyError::Refused)
    }

    /// The tenants that have a name, by it: at most `limit` behind the name `after`.
    ///
    /// # Errors
    /// [`KeyError`].
    pub async fn tenants(&self, after: &str, limit: u32) -> Result<Vec<TenantEntry>, KeyError> {
        Ok(self.store.tenants(after, limit).await?)
    }

    /// The keys, newest first, of one tenant or of all.
    ///
    /// # Errors
    /// [`KeyError`].
    pub async fn list(
        &self,
        tenant: Option<&str>,
        after: Option<Cursor>,
        limit: u32,
    ) -> Result<ListPage<ApiKey>, KeyError> {
        let tenant = match tenant {
            None => None,
            Some(text) => {
                let found = self.store.tenant(text).await?;
                Some(found.ok_or(KeyError::Refused(KeyRefusal::NoTenant))?.tenant)
            }
        };
        Ok(self.store.keys(&KeyFilter { tenant }, after, limit).await?)
    }

    async fn key_is_of_tests(&self, id: &Id) -> Result<bool, KeyError> {
        let key = self.store.key(id).await?;
        let key = key.ok_or(KeyError::Refused(KeyRefusal::NoKey))?;
        Ok(key.kind == KeyKind::Test)
    }

    fn audit(&self, action: Action, subject: &Id, details: String) -> NewAudit {
        NewAudit {
            id: self.ids.next(self.now),
            actor: self.actor.clone(),
            action,
            subject: subject.to_string(),
            details,
        }
    }
}

/// A colon would make a tenant look like the owner of another's test data.
fn checked_name(field: &'static str, name: &str) -> Result<String, KeyError> {
    let name = name.trim();
    let length = name.chars().count();
    let is_good = (1..=MAX_NAME).contains(&length) && !name.chars().any(|c| is_hidden(c) || c == ':');
    if is_good {
        Ok(name.to_owned())
    } else {
        Err(KeyError::Name(field))
    }
}

fn find_environment(keys: &ApiKeys, fingerprint: &str) -> Option<Tenant> {
    let asked = fingerprint.to_ascii_lowercase();
    if asked == Tenant::anonymous().as_str() {
        return Some(Tenant::anonymous());
    }
    if asked.len() < SHORT_FINGERPRINT {
        return None;
    }
    let mut found = keys
        .tenants()
        .filter(|tenant| tenant.as_str().starts_with(&asked));
    found.next().filter(|_| found.next().is_none()).cloned()
}
