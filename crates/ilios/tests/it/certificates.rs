//! Certificates that nobody knows, for servers of tests.

use std::path::Path;
use std::process::{Command, Stdio};

/// Writes `server.key` and `server.crt`, a certificate of its own, to a folder.
pub(crate) fn certificate(folder: &Path, name: &str, alternative: &str) {
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-subj",
            &format!("/CN={name}"),
        ])
        .args([
            "-addext",
            &format!("subjectAltName={alternative}"),
            "-addext",
            "basicConstraints=critical,CA:FALSE",
            "-keyout",
            "server.key",
            "-out",
            "server.crt",
        ])
        .current_dir(folder)
        .stderr(Stdio::null())
        .status();
    assert!(made.expect("openssl runs").success());
}
