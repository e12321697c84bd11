//! A local database whose files are lost, cut or written over while the server works: the probe tells it, and nothing is
//! accepted that would be lost.

use std::path::Path;

use libsql::{Builder, Cipher, EncryptionConfig};

use crate::harness::form;
use crate::readiness::{ask, becomes, convert, converted, data};
use crate::serve::Server;

/// Variables that a server is started with.
type Environment = &'static [(&'static str, &'static str)];

const KEY: &str = "it's hunter2";
/// A database in clear, and an encrypted one.
const ENVIRONMENTS: [Environment; 2] = [&[], &[("DB_ENCRYPTION_KEY", KEY)]];

const FILES: [&str; 3] = ["ilios.db", "ilios.db-wal", "ilios.db-shm"];

/// Lets `check` work with a server whose database is in clear, and with one whose database is encrypted. It gives the
/// documents that were accepted, which have to be there after a crash.
async fn with_each_database(check: impl AsyncFn(&Server, Environment) -> Vec<String>) {
    for environment in ENVIRONMENTS {
        let server = Server::start(environment);
        let documents = check(&server, environment).await;
        all_there_after_a_restart(server, environment, &documents).await;
    }
}

/// Writes `wrong` over the database, which the server tells and takes nothing, and then what was there.
async fn damage(server: &Server, wrong: &[u8]) {
    let file = data(server).join("ilios.db");
    let right = std::fs::read(&file).expect("a file");
    std::fs::write(&file, wrong).expect("it is written");
    becomes(server, Some("database_damaged")).await;
    assert_eq!(convert(server).await, (503, None), "{} bytes", wrong.len());
    std::fs::write(&file, right).expect("it is written");
    becomes(server, None).await;
}

/// Kills the process, starts it again, and checks that all accepted documents are still there.
async fn all_there_after_a_restart(server: Server, environment: Environment, documents: &[String]) {
    server.signal("-KILL");
    let folder = server.ended();
    let server = Server::start_in(folder, environment);
    for id in documents {
        let address = format!("http://{}/api/documents/{id}", server.address);
        let answer = ilios::tls::http_client()
            .build()
            .expect("a client")
            .get(address)
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.status(), 200, "{id} is lost");
    }
}

/// Moves files of a folder to another one.
fn move_all(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for file in FILES {
        std::fs::rename(from.join(file), to.join(file)).expect("it is moved");
    }
}

#[tokio::test]
async fn a_database_that_is_moved_away_and_back() {
    with_each_database(async |server, _| {
        let mut documents = vec![converted(server).await];
        becomes(server, None).await;
        let (here, away) = (data(server), server.folder.path().join("away"));
        move_all(&here, &away);
        becomes(server, Some("database_missing")).await;
        assert_eq!(
            convert(server).await,
            (503, None),
            "nothing is accepted that would be lost"
        );
        let (status, health) = ask(&server.address, "/health").await;
        assert_eq!(
            (status, &health["services"]["database"]),
            (503, &"unhealthy".into())
        );
        move_all(&away, &here);
        becomes(server, None).await;
        documents.push(converted(server).await);
        documents
    })
    .await;
}

#[tokio::test]
async fn a_database_that_is_deleted_and_restored_from_a_copy() {
    with_each_database(async |server, _| {
        let mut documents = vec![converted(server).await];
        let (here, copy) = (data(server), server.folder.path().join("copy"));
        std::fs::create_dir(&copy).expect("a folder");
        for file in FILES {
            std::fs::copy(here.join(file), copy.join(file)).expect("a copy");
            std::fs::remove_file(here.join(file)).expect("it is deleted");
        }
        becomes(server, Some("database_missing")).await;
        assert_eq!(convert(server).await, (503, None));
        for file in FILES {
            std::fs::copy(copy.join(file), here.join(file)).expect("a copy");
        }
        becomes(server, None).await;
        documents.push(converted(server).await);
        documents
    })
    .await;
}

#[tokio::test]
async fn a_log_that_is_deleted_costs_nothing() {
    for environment in ENVIRONMENTS {
        for gone in [&FILES[1..2], &FILES[2..], &FILES[1..]] {
            let server = Server::start(environment);
            let mut documents = vec![converted(&server).await];
            for file in gone {
                std::fs::remove_file(data(&server).join(file)).expect("it is deleted");
            }
            becomes(&server, None).await;
            documents.push(converted(&server).await);
            all_there_after_a_restart(server, environment, &documents).await;
        }
    }
}

#[tokio::test]
async fn a_database_that_is_overwritten() {
    with_each_database(async |server, _| {
        let documents = vec![converted(server).await];
        for wrong in [&b"nothing of a database ".repeat(2_000)[..], &[0; 65_536], b""] {
            damage(server, wrong).await;
        }
        documents
    })
    .await;
}

#[tokio::test]
async fn a_database_in_whose_place_is_another_file() {
    with_each_database(async |server, _| {
        let mut documents = vec![converted(server).await];
        let (file, away) = (data(server).join("ilios.db"), data(server).join("away.db"));
        std::fs::rename(&file, &away).expect("it is moved");
        std::fs::write(&file, "nothing of a database").expect("it is written");
        becomes(server, Some("database_replaced")).await;
        assert_eq!(convert(server).await, (503, None));
        assert_eq!(
            std::fs::read_to_string(&file).expect("a file"),
            "nothing of a database"
        );
        std::fs::rename(&away, &file).expect("it is moved");
        becomes(server, None).await;
        documents.push(converted(server).await);
        documents
    })
    .await;
}

/// Runs a statement on the server's database from outside; the first number that it answers.
async fn run(server: &Server, environment: Environment, sql: &str) -> Option<i64> {
    let mut file = Builder::new_local(data(server).join("ilios.db"));
    if !environment.is_empty() {
        file = file.encryption_config(EncryptionConfig::new(Cipher::Aes256Cbc, KEY.into()));
    }
    let connection = file.build().await.expect("a file").connect().expect("a database");
    connection
        .execute_batch("PRAGMA busy_timeout = 5000")
        .await
        .expect("it is set");
    let mut rows = connection.query(sql, ()).await.expect("it runs");
    let mut first = None;
    while let Some(row) = rows.next().await.expect("a row") {
        first = first.or_else(|| row.get::<i64>(0).ok());
    }
    first
}

/// Moves all of the log into the file, as the server does from time to time.
async fn move_log(server: &Server, environment: Environment) {
    let busy = run(server, environment, "PRAGMA wal_checkpoint(TRUNCATE)").await;
    assert_eq!(busy, Some(0), "nobody is in its way");
}

/// Stores a document that makes the database larger.
async fn grow(server: &Server) -> String {
    let text = "all work and no play ".repeat(20_000);
    let request = ilios::tls::http_client()
        .build()
        .expect("a client")
        .post(format!("http://{}/v1/convert", server.address));
    let answer = request.multipart(form("a.txt", text, &[])).send().await;
    let answer = answer.expect("an answer");
    assert_eq!(answer.status(), 200);
    let id = answer.headers()["x-document-id"].to_str().expect("text");
    id.to_owned()
}

/// Stores a document in the database itself, and then one that is in its log alone.
async fn grown(server: &Server, environment: Environment) -> Vec<String> {
    let large = grow(server).await;
    move_log(server, environment).await;
    vec![large, converted(server).await]
}

#[tokio::test]
async fn a_database_that_is_cut() {
    with_each_database(async |server, environment| {
        let mut documents = grown(server, environment).await;
        let bytes = std::fs::read(data(server).join("ilios.db")).expect("a file");
        for length in [bytes.len() - 4_096, 4_096, 1] {
            damage(server, &bytes[..length]).await;
        }
        documents.push(converted(server).await);
        documents
    })
    .await;
}

#[tokio::test]
async fn a_database_over_which_an_older_copy_is_written() {
    with_each_database(async |server, environment| {
        let mut documents = grown(server, environment).await;
        let path = data(server).join("ilios.db");
        let old = std::fs::read(&path).expect("a file");
        documents.extend(grown(server, environment).await);
        let bytes = std::fs::read(&path).expect("a file");
        assert!(old.len() < bytes.len());
        let mut copies = vec![old.clone()];
        if environment.is_empty() {
            // As long as the newer one; encryption hides its age.
            copies.push([&old[..], &bytes[old.len()..]].concat());
        }
        for copy in copies {
            damage(server, &copy).await;
        }
        documents.push(converted(server).await);
        documents
    })
    .await;
}

#[tokio::test]
async fn space_that_is_given_back_is_no_damage() {
    with_each_database(async |server, environment| {
        let mut documents = Vec::new();
        for _ in 0..8 {
            documents.push(grow(server).await);
        }
        move_log(server, environment).await;
        let path = data(server).join("ilios.db");
        let length = || std::fs::metadata(&path).expect("a file").len();
        let before = length();
        let client = ilios::tls::http_client().build().expect("a client");
        for id in documents.split_off(2) {
            let address = format!("http://{}/api/documents/{id}", server.address);
            let answer = client.delete(address).send().await.expect("an answer");
            assert!(answer.status().is_success());
        }
        run(server, environment, "PRAGMA incremental_vacuum").await;
        move_log(server, environment).await;
        assert!(length() < before, "the file is cut");
        becomes(server, None).await;
        documents.push(grow(server).await);
        becomes(server, None).await;
        documents
    })
    .await;
}
