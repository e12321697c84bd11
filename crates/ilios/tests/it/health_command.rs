//! `ilios health`, by which a container asks its server, and `ilios licences`.

use std::process::{Command, Output};

use crate::harness::TestServer;

fn asked(port: &str, arguments: &[&str]) -> Output {
    let folder = tempfile::TempDir::new().expect("a folder");
    Command::new(env!("CARGO_BIN_EXE_ilios"))
        .args(arguments)
        .env_clear()
        .env("PORT", port)
        .current_dir(folder.path())
        .output()
        .expect("the program")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_lives_and_works_is_told_from_none() {
    let server = TestServer::start().await;
    let port = server.address.rsplit(':').next().expect("a port").to_owned();
    for arguments in [vec!["health"], vec!["health", "--ready"]] {
        let port = port.clone();
        let answer = tokio::task::spawn_blocking(move || asked(&port, &arguments)).await;
        let answer = answer.expect("an answer");
        assert!(
            answer.status.success(),
            "{}",
            String::from_utf8_lossy(&answer.stderr)
        );
    }
    drop(server);
    let none = tokio::task::spawn_blocking(move || asked(&port, &["health"]))
        .await
        .expect("an answer");
    assert_eq!(none.status.code(), Some(1));
    let said = String::from_utf8_lossy(&none.stderr).into_owned();
    assert!(said.contains("/livez does not answer"), "{said}");
}

#[test]
fn licences_of_all_that_the_program_contains_are_printed() {
    let answer = asked("0", &["licences"]);
    let text = String::from_utf8_lossy(&answer.stdout);
    assert!(answer.status.success());
    for part in [
        "Apache License",
        "networks that recognize text",
        "\nanydoc ",
        "\nhayro ",
        "Permission is hereby granted",
    ] {
        assert!(text.contains(part), "{part}");
    }
}
