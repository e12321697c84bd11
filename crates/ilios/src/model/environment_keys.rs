use std::collections::HashSet;

use subtle::ConstantTimeEq;

use super::{Actor, Caller, Scope, Scopes, Tenant};

/// The keys that the environment names, as fingerprints.
#[derive(Debug, Clone, Default)]
pub struct ApiKeys {
    /// Those of `API_KEY`, each a tenant of its own.
    keys: HashSet<Tenant>,
    /// That of `ADMIN_KEY`.
    admin: Option<Tenant>,
    /// That of `METRICS_KEY`.
    metrics: Option<Tenant>,
}

impl ApiKeys {
    /// From a comma-separated list; keys are trimmed, empty ones ignored.
    #[must_use]
    pub fn parse(list: &str) -> Self {
        let keys = list.split(',').map(str::trim).filter(|key| !key.is_empty());
        Self {
            keys: keys.map(Tenant::of_key).collect(),
            ..Self::default()
        }
    }

    /// With the keys of the administration and of the metrics.
    #[must_use]
    pub fn with_operators(self, admin: Option<&str>, metrics: Option<&str>) -> Self {
        Self {
            admin: admin.map(Tenant::of_key),
            metrics: metrics.map(Tenant::of_key),
            ..self
        }
    }

    /// Returns true if no key is set that clients or administrators would need.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.keys.is_empty() && self.admin.is_none()
    }

    /// Returns true if the metrics have a key of their own.
    #[must_use]
    pub fn guards_metrics(&self) -> bool {
        self.metrics.is_some()
    }

    /// Returns true if there is an administrator's key.
    #[must_use]
    pub fn has_admin(&self) -> bool {
        self.admin.is_some()
    }

    /// Number of keys of clients.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Returns true if there is no key of a client.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The tenant of `key`, if the key is accepted. Its fingerprint is compared with every other one to the end, so
    /// that the time taken tells nothing about a key.
    #[must_use]
    pub fn tenant_of(&self, key: &str) -> Option<Tenant> {
        let asked = Tenant::of_key(key);
        let mut found = None;
        for tenant in &self.keys {
            if is_same(tenant, &asked) {
                found = Some(tenant);
            }
        }
        found.cloned()
    }

    /// The tenants of the keys of clients, in no order.
    pub fn tenants(&self) -> impl Iterator<Item = &Tenant> {
        self.keys.iter()
    }

    /// The holder of `key`, if it is that of the administration or of the metrics.
    #[must_use]
    pub fn operator(&self, key: &str) -> Option<Caller> {
        let asked = Tenant::of_key(key);
        let is = |own: &Option<Tenant>| own.as_ref().is_some_and(|own| is_same(own, &asked));
        let (admin, metrics) = (is(&self.admin), is(&self.metrics));
        let (actor, scopes) = match (admin, metrics) {
            (true, _) => (Actor::AdminKey, Scopes::of(&[Scope::Admin, Scope::Metrics])),
            (false, true) => (
                Actor::Tenant(asked.short().to_owned()),
                Scopes::of(&[Scope::Metrics]),
            ),
            (false, false) => return None,
        };
        Some(Caller {
            tenant: asked,
            actor,
            scopes,
        })
    }
}

fn is_same(one: &Tenant, other: &Tenant) -> bool {
    one.as_str().as_bytes().ct_eq(other.as_str().as_bytes()).into()
}
