//! An installation that moves: from a machine to PostgreSQL and S3, and back.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

use crate::nodes::{Node, shared};
use crate::postgres_server::PostgresServer;
use crate::s3_server::S3Server;

const DOCUMENTS: usize = 25;
/// Places of an import at which it is killed. The first creates the tables, so that the commits of the others are its
/// own.
const KILLS: &[&str] = &[
    "import_table:0",
    "before_commit:3",
    "after_commit:3",
    "import_original:0",
    "import_original:12",
    "import_verified:0",
];

type Environment = Vec<(&'static str, String)>;

fn command(arguments: &[&str], environment: &Environment) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ilios"));
    command
        .args(arguments)
        .env_clear()
        .envs([("PATH", "/usr/local/bin:/usr/bin:/bin"), ("PORT", "0")])
        .envs(environment.iter().map(|(name, value)| (name, value)));
    command
}

fn run(arguments: &[&str], environment: &Environment) -> Output {
    command(arguments, environment).output().expect("it runs")
}

fn succeeds(arguments: &[&str], environment: &Environment) -> String {
    let output = run(arguments, environment);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {complaint}");
    String::from_utf8(output.stdout).expect("text")
}

fn refused(arguments: &[&str], environment: &Environment) -> String {
    let output = run(arguments, environment);
    assert_eq!(output.status.code(), Some(1), "{arguments:?}");
    String::from_utf8(output.stderr).expect("text")
}

fn local(folder: &Path) -> Environment {
    vec![("DATA_DIR", folder.display().to_string())]
}

/// What an archive says that it holds.
fn content(archive: &Path) -> Value {
    let manifest = std::fs::read(archive.join("manifest.json")).expect("a manifest");
    let manifest: Value = serde_json::from_slice(&manifest).expect("JSON");
    // Each start and export adds to the audit log.
    let tables = manifest["tables"].as_array().expect("tables").iter();
    let tables: Vec<&Value> = tables.filter(|table| table["table"] != "audit_log").collect();
    serde_json::json!([tables, manifest["objects"]])
}

/// Imports an archive and is killed again and again; started once more, it ends all the same.
fn import_in_spite_of_kills(archive: &str, environment: &Environment) {
    for place in KILLS {
        let mut import = command(&["db", "import", archive], environment);
        let killed = import.env("CRASH_POINT", place).output().expect("it runs");
        let complaint = String::from_utf8_lossy(&killed.stderr);
        assert_eq!(killed.status.code(), None, "{place}: {complaint}");
        let fault = refused(&["serve"], environment);
        assert!(fault.contains("not finished"), "{place}: {fault}");
    }
    let told = succeeds(&["db", "import", archive], environment);
    let verified = format!("{DOCUMENTS} originals, all verified");
    assert!(told.contains(&verified), "{told}");
}

/// Queues documents and waits for their ends; answers their ids.
async fn work(node: &Node) -> Vec<String> {
    let mut ids = Vec::new();
    for number in 0..DOCUMENTS {
        ids.push(node.submit(number).await);
    }
    for id in &ids {
        let status = node.get(&format!("/api/documents/status/{id}?wait=60")).await;
        assert_eq!(
            status.json::<Value>().await.expect("a body")["status"],
            "completed"
        );
    }
    ids
}

async fn serves(node: &Node, ids: &[String]) {
    for (number, id) in ids.iter().enumerate() {
        let expected = format!("# Document {number}\n");
        let content = node.get(&format!("/api/documents/{id}")).await;
        assert_eq!(content.text().await.expect("a body"), expected);
        let original = node.get(&format!("/api/documents/{id}/original")).await;
        assert_eq!(original.status(), 200);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_installation_moves_to_postgres_and_s3_and_back_with_everything_it_holds() {
    let folder = TempDir::new().expect("a temporary folder");
    let path = |name: &str| folder.path().join(name);
    let (database, s3) = (PostgresServer::start().await, S3Server::start().await);
    let (home, away) = (local(&path("home")), shared(&database, &s3, "all"));
    let away: Environment = away.into_iter().chain(local(&path("away"))).collect();
    let node = Node::start(&home);
    let ids = work(&node).await;
    let archive = path("archive").display().to_string();
    let fault = refused(&["db", "export", &archive], &home);
    assert!(fault.contains("another server"), "{fault}");
    drop(node);
    let fault = refused(&["db", "import", &archive], &away);
    assert!(fault.contains("no archive"), "{fault}");
    succeeds(&["db", "export", &archive], &home);
    let models = path("archive/rows/document_models.jsonl");
    let models = std::fs::read_to_string(models).expect("a file").lines().count();
    assert_eq!(models, DOCUMENTS, "each has a model of one piece");
    import_in_spite_of_kills(&archive, &away);
    let node = Node::start(&away);
    serves(&node, &ids).await;
    drop(node);
    let fault = refused(&["db", "import", &archive], &away);
    assert!(fault.contains("empty database"), "{fault}");
    let back = path("back").display().to_string();
    succeeds(&["db", "export", &back], &away);
    let fault = refused(&["db", "export", &back], &away);
    assert!(
        fault.contains("--force"),
        "what is finished is not written over: {fault}"
    );
    // Started again, it writes the same.
    succeeds(&["db", "export", &back, "--force"], &away);
    assert_eq!(content(Path::new(&back)), content(Path::new(&archive)));
    let home_again = local(&path("home again"));
    import_in_spite_of_kills(&back, &home_again);
    serves(&Node::start(&home_again), &ids).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_archive_that_was_changed_is_not_taken_for_whole() {
    let folder = TempDir::new().expect("a temporary folder");
    let path = |name: &str| folder.path().join(name);
    let home = local(&path("home"));
    let node = Node::start(&home);
    work(&node).await;
    drop(node);
    let archive = path("archive").display().to_string();
    succeeds(&["db", "export", &archive], &home);
    let rows = path("archive/rows/document_contents.jsonl");
    let kept = std::fs::read_to_string(&rows).expect("a file");
    std::fs::write(&rows, kept.replace("# Document 7\\n", "# Document 8\\n")).expect("a file");
    let fault = refused(&["db", "import", &archive], &local(&path("rows")));
    assert!(fault.contains("document_contents"), "{fault}");
    std::fs::write(&rows, kept).expect("a file");
    let original = std::fs::read_dir(path("archive/objects/documents"))
        .expect("a folder")
        .next();
    let original = original.expect("an original").expect("an entry").path();
    std::fs::write(&original, "something else").expect("a file");
    let fault = refused(&["db", "import", &archive], &local(&path("originals")));
    assert!(fault.contains("documents/"), "{fault}");
}
