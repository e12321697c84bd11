use crate::app::{App, AppError};
use crate::model::{Action, Actor, AuditEntry, NewAudit};
use crate::store::{Cursor, ListPage, TimeRange};

impl App {
    /// Adds an entry to the audit log.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn audit(&self, actor: Actor, action: Action, details: String) -> Result<(), AppError> {
        let entry = NewAudit {
            details,
            ..self.new_audit(actor, action, String::new())
        };
        Ok(self.store.audit(entry).await?)
    }

    /// An entry of the audit log, to be added by a transaction.
    #[must_use]
    pub fn new_audit(&self, actor: Actor, action: Action, subject: String) -> NewAudit {
        NewAudit {
            id: self.new_id(),
            actor,
            action,
            subject,
            details: String::new(),
        }
    }

    /// The entries of the audit log, newest first.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn audit_log(
        &self,
        range: TimeRange,
        after: Option<Cursor>,
        limit: u32,
    ) -> Result<ListPage<AuditEntry>, AppError> {
        Ok(self.store.audit_log(range, after, limit).await?)
    }
}
