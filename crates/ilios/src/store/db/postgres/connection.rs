use std::collections::HashMap;
use std::time::Duration;

use deadpool::managed::{Manager, Metrics, RecycleError, RecycleResult};
use tokio::time::Instant;
use tokio_postgres::{Client, Config, Connection, Error, Socket, Statement};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::super::DbError;
use super::address::Address;
use super::placeholders::numbered;
use super::tls;

/// Timeout of a statement at the server, and a little later on this side: none of ours takes as long.
const STATEMENT_TIMEOUT: Duration = Duration::from_secs(60);
/// Timeout of an idle transaction: its process was stopped, or is cut off.
const IDLE_TIMEOUT: Duration = Duration::from_secs(15);
/// A connection is not used for longer, so that the load finds its way to servers that were added.
const MAX_CONNECTION_AGE: Duration = Duration::from_secs(30 * 60);

/// One row a connection: the number of its last commit. A row that is fenced takes no more.
const CREATE_COMMIT_MARKS: &str = "
    SELECT pg_advisory_xact_lock(7303013337);
    CREATE TABLE IF NOT EXISTS commit_marks (
        id          TEXT PRIMARY KEY,
        number      BIGINT NOT NULL DEFAULT 0 CHECK (number >= 0),
        fenced      BOOLEAN NOT NULL DEFAULT FALSE,
        opened_at   TIMESTAMPTZ NOT NULL DEFAULT now()
    )";

/// Opens connections.
#[derive(Clone)]
pub(super) struct Connections {
    config: Config,
    tls: MakeRustlsConnect,
}

/// A connection with its prepared statements.
pub(super) struct PgConnection {
    pub(super) client: Client,
    statements: HashMap<&'static str, Statement>,
    /// The row that tells its commits.
    pub(super) mark: String,
    pub(super) commits: i64,
    opened: Instant,
    /// Not to be used again.
    pub(super) broken: bool,
}

impl Connections {
    pub(super) fn new(address: &Address) -> Result<Self, DbError> {
        let mut config = address.config.clone();
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(5));
        }
        // A lost connection is noticed after some 10 seconds, not after the hours of the system's defaults.
        config
            .keepalives_idle(Duration::from_secs(5))
            .keepalives_interval(Duration::from_secs(2))
            .keepalives_retries(3)
            .tcp_user_timeout(Duration::from_secs(10));
        // And so does the server: its sessions of nodes that are gone would take up its connections for hours.
        let own = format!(
            "-c statement_timeout={} -c idle_in_transaction_session_timeout={} -c tcp_keepalives_idle=5 \
             -c tcp_keepalives_interval=3 -c tcp_keepalives_count=3 -c tcp_user_timeout=15000",
            STATEMENT_TIMEOUT.as_millis(),
            IDLE_TIMEOUT.as_millis()
        );
        let options = match config.get_options() {
            Some(options) => format!("{own} {options}"),
            None => own,
        };
        config.options(options).application_name("ilios");
        Ok(Self {
            config,
            tls: tls::connector(address.verify.as_ref())?,
        })
    }

    /// A bare connection, whose second half has to be polled.
    pub(super) async fn connect(
        &self,
    ) -> Result<
        (
            Client,
            Connection<Socket, <MakeRustlsConnect as tokio_postgres::tls::MakeTlsConnect<Socket>>::Stream>,
        ),
        Error,
    > {
        self.config.connect(self.tls.clone()).await
    }
}

impl Manager for Connections {
    type Type = PgConnection;
    type Error = Error;

    async fn create(&self) -> Result<PgConnection, Error> {
        let (client, connection) = self.connect().await?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(
                    error = super::fault::text(&error),
                    "a connection to PostgreSQL ended"
                );
            }
        });
        let find = "SELECT to_regclass('commit_marks') IS NULL";
        if client.query_one(find, &[]).await?.get(0) {
            client
                .batch_execute(&format!("BEGIN; {CREATE_COMMIT_MARKS}; COMMIT"))
                .await?;
        }
        let insert = "WITH old AS (DELETE FROM commit_marks WHERE opened_at < now() - INTERVAL '1 day')
            INSERT INTO commit_marks (id) VALUES (gen_random_uuid()::text) RETURNING id";
        let mark: String = client.query_one(insert, &[]).await?.get(0);
        // By which the session is found when its connection is lost. The server made up the name.
        client
            .batch_execute(&format!("SET application_name = 'ilios-{mark}'"))
            .await?;
        Ok(PgConnection {
            client,
            statements: HashMap::new(),
            mark,
            commits: 0,
            opened: Instant::now(),
            broken: false,
        })
    }

    async fn recycle(&self, connection: &mut PgConnection, _: &Metrics) -> RecycleResult<Error> {
        if connection.broken
            || connection.client.is_closed()
            || connection.opened.elapsed() > MAX_CONNECTION_AGE
        {
            return Err(RecycleError::message("it is not used again"));
        }
        Ok(())
    }
}

impl PgConnection {
    /// The prepared form of a statement.
    pub(super) async fn prepared(&mut self, sql: &'static str) -> Result<Statement, Error> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(&numbered(sql)).await?;
        self.statements.insert(sql, statement.clone());
        Ok(statement)
    }
}

/// Waits for the server, but with a limit: a network that drops all packets is noticed nowhere else.
pub(super) async fn in_time<T>(answer: impl Future<Output = Result<T, Error>>) -> Option<Result<T, Error>> {
    const CLIENT_TIMEOUT_SLACK: Duration = Duration::from_secs(5);
    tokio::time::timeout(STATEMENT_TIMEOUT + CLIENT_TIMEOUT_SLACK, answer)
        .await
        .ok()
}
