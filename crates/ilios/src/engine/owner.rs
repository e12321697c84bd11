use crate::model::Tenant;

/// Owner of a document, for whom a child may convert several, one after another: one that a document has taken over sees
/// the next ones of its owner.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Owner {
    /// Not told, or a caller without a key: a child is for this document alone.
    #[default]
    Anonymous,
    /// A tenant with keys.
    Tenant(Tenant),
    /// The user of the command line.
    User,
}

impl Owner {
    /// The owner of what a tenant sends.
    #[must_use]
    pub fn of(tenant: &Tenant) -> Self {
        if tenant.is_anonymous() {
            Self::Anonymous
        } else {
            Self::Tenant(tenant.clone())
        }
    }

    /// Returns true if two documents of this owner may meet in a child.
    pub(super) fn is_known(&self) -> bool {
        *self != Self::Anonymous
    }
}

#[cfg(test)]
mod tests {
    use super::Owner;
    use crate::model::Tenant;

    #[test]
    fn callers_without_keys_are_no_owner() {
        assert!(!Owner::of(&Tenant::anonymous()).is_known());
        assert!(!Owner::of(&Tenant::anonymous().of_tests()).is_known());
        assert!(!Owner::default().is_known());
        assert!(Owner::of(&Tenant::of_key("a")).is_known());
    }

    #[test]
    fn the_test_data_of_a_tenant_has_another_owner() {
        let tenant = Tenant::of_key("a");
        assert_ne!(Owner::of(&tenant), Owner::of(&tenant.of_tests()));
        assert_ne!(Owner::of(&tenant), Owner::of(&Tenant::of_key("b")));
    }
}
