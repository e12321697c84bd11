//! Settings as the real program finds them: what cannot be read stops it, what is probably not meant so is told.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

fn ilios(folder: &Path, command: &str) -> Command {
    let mut ilios = Command::new(env!("CARGO_BIN_EXE_ilios"));
    ilios
        .arg(command)
        .current_dir(folder)
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("PORT", "0");
    ilios
}

/// Fails unless the program has ended with a fault; answers what it said.
fn refused(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(!said.contains("hunter2"), "{said}");
    said
}

#[test]
fn a_value_that_cannot_be_decoded_stops_every_command_and_names_its_variable() {
    let folder = TempDir::new().expect("a temporary folder");
    let value = OsStr::from_bytes(b"hunter2\xff");
    for name in [
        "API_KEY",
        "DB_ENCRYPTION_KEY",
        "DATABASE_URL",
        "S3_BUCKET",
        "HOST",
        "CORS_ORIGINS",
        "SANDBOX",
        "API_KEY_FILE",
    ] {
        let output = ilios(folder.path(), "serve")
            .env(name, value)
            .output()
            .expect("it runs");
        let said = refused(&output);
        assert!(
            said.contains(&format!("{name}: has a value that is no UTF-8 text")),
            "{said}"
        );
    }
    for command in ["doctor", "migrate"] {
        let output = ilios(folder.path(), command)
            .env("DB_ENCRYPTION_KEY", value)
            .output();
        assert!(refused(&output.expect("it runs")).contains("DB_ENCRYPTION_KEY"));
    }
    assert!(!folder.path().join("data").exists(), "nothing was begun");
    let other = ilios(folder.path(), "doctor")
        .env("PS1", value)
        .output()
        .expect("it runs");
    assert!(other.status.success(), "what is not ours is not looked at");
}

#[test]
fn a_dot_env_file_that_cannot_be_decoded_stops_the_start() {
    let utf16: Vec<u8> = "API_KEY=hunter2\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    for content in [
        &b"API_KEY=hunter2\xff\n"[..],
        &utf16,
        &[b"\xff\xfe", &utf16[..]].concat(),
    ] {
        let folder = TempDir::new().expect("a temporary folder");
        std::fs::write(folder.path().join(".env"), content).expect("a file");
        let output = ilios(folder.path(), "serve").output().expect("it runs");
        assert!(refused(&output).contains(".env: is no UTF-8 text"));
    }
    let folder = TempDir::new().expect("a temporary folder");
    std::os::unix::fs::symlink("nowhere", folder.path().join(".env")).expect("a link");
    let output = ilios(folder.path(), "serve").output().expect("it runs");
    assert!(refused(&output).contains(".env"));
    let folder = TempDir::new().expect("a temporary folder");
    std::fs::write(folder.path().join(".env"), "\u{feff}API_KEY=hunter2\n").expect("a file");
    let output = ilios(folder.path(), "doctor").output().expect("it runs");
    assert!(
        String::from_utf8_lossy(&output.stdout).contains("1 set (***)"),
        "a mark is no letter of a name"
    );
}

#[test]
fn short_keys_and_misspelt_names_are_told_at_the_start_and_by_doctor() {
    let folder = TempDir::new().expect("a temporary folder");
    let output = ilios(folder.path(), "doctor")
        .env("API_KEY", "hunter2")
        .env("DB_ENCRYPTON_KEY", "secret")
        .output()
        .expect("it runs");
    let out = String::from_utf8_lossy(&output.stdout);
    assert!(out.contains("warn  settings   API_KEY: 1 of 1 keys"), "{out}");
    assert!(
        out.contains("DB_ENCRYPTON_KEY is not read; did you mean DB_ENCRYPTION_KEY?"),
        "{out}"
    );
    let server = crate::serve::Server::start(&[
        ("API_KEY", "hunter2"),
        ("HOST", "127.0.0.1"),
        ("API_KEYS_FILE", "x"),
    ]);
    server.signal("-TERM");
    let log = server.end().1.join("\n");
    assert!(
        log.contains("API_KEY: 1 of 1 keys") && log.contains("did you mean API_KEY_FILE?"),
        "{log}"
    );
}
