/// Reason a statement or a transaction failed.
#[derive(Debug, Clone, thiserror::Error)]
pub enum DbError {
    /// The database cannot be opened, is locked, full or gone. Nothing was written; try again later.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// The database's disk is full. Nothing was written; try again later.
    #[error("the disk of the database is full: {0}")]
    Full(String),
    /// A statement failed. Nothing was written; trying again will not help.
    #[error("the database refused a statement: {0}")]
    Statement(String),
    /// The file is damaged. Nothing was written; trying again will not help.
    #[error("the database is damaged: {0}")]
    Damaged(String),
    /// Another process has the file for itself.
    #[error("another process works with {0}")]
    InUse(String),
    /// A value is larger than the database takes. Nothing was written; trying again will not help.
    #[error("the database takes no value as large: {0}")]
    TooLarge(String),
    /// Another transaction was first: a row is there already. Nothing was written.
    #[error("there is such a row already")]
    Conflict,
    /// A row is not what this version expects.
    #[error("the database has another shape than expected: {0}")]
    Schema(String),
}
