//! Probes of a node while its PostgreSQL database takes nothing.

use std::fmt::Write;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;

use tempfile::TempDir;

use crate::harness::form;
use crate::postgres_server::{PostgresServer, give};
use crate::readiness::{SmallDisk, becomes, convert, converted};
use crate::serve::Server;

/// A node that gives up a database after a second.
fn node(url: &str) -> Server {
    Server::start(&[("DATABASE_URL", url), ("DATABASE_TIMEOUT", "1")])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_read_only() {
    let postgres = PostgresServer::start().await;
    let server = node(&postgres.url());
    becomes(&server, None).await;
    converted(&server).await;
    let writing = format!("{}?options=-cdefault_transaction_read_only%3Doff", postgres.url());
    let apply = [
        // For all sessions that there are.
        "SELECT pg_reload_conf()",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'ilios' AND pid <> pg_backend_pid()",
    ];
    for (of, apply) in ["SYSTEM", "DATABASE ilios"].into_iter().zip(apply) {
        postgres.psql_at(
            &writing,
            &format!("ALTER {of} SET default_transaction_read_only = on"),
        );
        postgres.psql_at(&writing, apply);
        becomes(&server, Some("database_unavailable")).await;
        assert_eq!(convert(&server).await, (503, None), "{of}");
        postgres.psql_at(
            &writing,
            &format!("ALTER {of} RESET default_transaction_read_only"),
        );
        postgres.psql_at(&writing, "SELECT pg_reload_conf()");
        becomes(&server, None).await;
        converted(&server).await;
    }
}

/// A text that cannot be compressed to much less.
fn noise() -> String {
    let mut text = String::new();
    let mut state: u64 = 7;
    for _ in 0..30_000 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        writeln!(text, "{state:x}").expect("text");
    }
    text
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_of_the_database() {
    let folder = TempDir::new().expect("a temporary folder");
    // The server's user goes through it.
    std::fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).expect("permissions");
    let disk = SmallDisk::mount(&folder.path().join("disk"), 40);
    give(&disk.0);
    let postgres = PostgresServer::start().await;
    let place = disk.0.display();
    postgres.psql(&format!("CREATE TABLESPACE small LOCATION '{place}'"));
    let url = postgres.new_database();
    let name = url.rsplit('/').next().expect("a name");
    postgres.psql(&format!("ALTER DATABASE {name} SET TABLESPACE small"));
    let server = node(&url);
    converted(&server).await;
    becomes(&server, None).await;
    let filler = disk.fill();
    let store = async || {
        let request = ilios::tls::http_client()
            .build()
            .expect("a client")
            .post(format!("http://{}/v1/convert", server.address));
        let answer = request.multipart(form("a.txt", noise(), &[])).send().await;
        answer.expect("an answer").status().as_u16()
    };
    assert_eq!(store().await, 503);
    becomes(&server, Some("disk_full")).await;
    std::fs::remove_file(&filler).expect("it is deleted");
    becomes(&server, None).await;
    assert_eq!(store().await, 200);
}
