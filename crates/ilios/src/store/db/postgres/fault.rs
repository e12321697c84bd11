use tokio_postgres::Error;
use tokio_postgres::error::{DbError, SqlState};

/// Meaning of an error of the server or the network for the transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// The statement would fail again.
    Statement,
    /// The server refuses the login or cannot write: an operator has to fix it.
    Refused,
    /// Its disk is full.
    Full,
    /// The connection is gone, or the server is stopping or starting.
    Away,
    /// The server is a standby, or takes no writes for now.
    ReadOnly,
    /// Another transaction was in the way.
    Contended,
}

impl Fault {
    /// Sorts an error by its SQLSTATE (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
    pub(super) fn of(error: &Error) -> Self {
        let Some(state) = error.code() else {
            // Not said by the server: the connection broke or never was. A value that cannot be sent is the
            // other kind.
            let connection = error.is_closed() || is_io(error);
            return if connection { Self::Away } else { Self::Statement };
        };
        if [
            SqlState::T_R_SERIALIZATION_FAILURE,
            SqlState::T_R_DEADLOCK_DETECTED,
            SqlState::LOCK_NOT_AVAILABLE,
        ]
        .contains(state)
        {
            return Self::Contended;
        }
        let class = &state.code()[..2];
        match class {
            "08" => Self::Away,
            "57" if *state == SqlState::QUERY_CANCELED => Self::Refused,
            "57" => Self::Away,
            // Too many connections pass; a full disk does not.
            "53" if *state == SqlState::TOO_MANY_CONNECTIONS => Self::Away,
            "53" if *state == SqlState::DISK_FULL => Self::Full,
            "53" | "58" | "28" | "3D" => Self::Refused,
            // A plan that was made before another node migrated the schema; the connection is not used again.
            "0A" if is_outdated_plan(error) => Self::Away,
            "25" if *state == SqlState::READ_ONLY_SQL_TRANSACTION => Self::ReadOnly,
            // The session ended because its transaction stood idle.
            "25" if *state == SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT => Self::Away,
            _ => Self::Statement,
        }
    }
}

fn is_io(error: &Error) -> bool {
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        if cause.is::<std::io::Error>() {
            return true;
        }
        source = cause.source();
    }
    false
}

/// Tells it by the name of the server's routine (seen with PostgreSQL 15): there is no SQLSTATE for it alone, and the
/// message is in the server's language.
fn is_outdated_plan(error: &Error) -> bool {
    let said = error.as_db_error();
    said.and_then(DbError::routine) == Some("RevalidateCachedQuery")
}

/// Describes an error with its cause, without parameters of statements.
pub(super) fn text(error: &Error) -> String {
    if let Some(said) = error.as_db_error() {
        return format!("{} ({})", said.message(), said.code().code());
    }
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text
}
