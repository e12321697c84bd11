use super::{Variable, variable};

/// Variables of the database, and of a node's role in it.
pub(super) const VARIABLES: &[Variable] = &[
    variable(
        "USE_EMBEDDED_REPLICA",
        "false",
        "true or false",
        "Keeps the database at the libSQL primary of TURSO_DATABASE_URL, such as one of Turso, and a copy of it here, \
         in which reads are done. Several nodes may share the primary.",
    ),
    variable(
        "TURSO_DATABASE_URL",
        "",
        "a libsql://, https:// or http:// URL of a host, and nothing else",
        "The libSQL primary; needed with USE_EMBEDDED_REPLICA.",
    ),
    variable("TURSO_AUTH_TOKEN", "", "a token", "What the primary lets this program in with.").secret().never_blank(),
    variable(
        "TURSO_SYNC_INTERVAL",
        "60",
        "a whole number of seconds from 1 to 86400",
        "Seconds between two synchronizations of the copy. What was written here is there at once, and a document \
         that is asked for is looked for at the primary; lists show what others have done after this time.",
    ),
    variable(
        "DB_ENCRYPTION_KEY",
        "",
        "a key, best 32 random characters",
        "Encrypts the local database, or the copy of the primary, which is made anew under another key. `ilios db \
         encrypt`, `decrypt` and `rekey` change an existing database.",
    )
    .secret()
    .never_blank(),
    variable("NEW_DB_ENCRYPTION_KEY", "", "a key", "The key that `ilios db rekey` encrypts with from now on.").secret().never_blank(),
    variable(
        "DATABASE_URL",
        "",
        "a postgres:// URL",
        "A PostgreSQL database instead of the local one; several nodes may share it. `sslmode` is disable, prefer, \
         require or verify-full.",
    )
    .secret()
    .never_blank(),
    variable(
        "DATABASE_CONNECTIONS",
        "10",
        "a whole number from 1 to 1000",
        "The most connections of this process to PostgreSQL, beside one that listens.",
    ),
    variable(
        "DATABASE_TIMEOUT",
        "10",
        "a whole number of seconds from 1 to 600",
        "How long an operation goes on trying while PostgreSQL or the primary is away or overloaded.",
    ),
    variable(
        "ROLE",
        "all",
        "all, api or worker",
        "What this node does: answer requests, convert what is queued, or both. api and worker need S3_BUCKET \
         and a database that nodes share. A worker answers `GET /livez`, `/readyz`, `/health` and `/metrics` alone.",
    ),
];
