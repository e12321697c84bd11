//! Checks that `ilios doctor` makes, and the faults that it finds.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Stdio};

use tempfile::TempDir;

use crate::command_line::{ilios, run};

/// The status of a look with these variables, and what it found.
fn doctor(folder: &Path, environment: &[(&str, &str)]) -> (Option<i32>, String) {
    let output = ilios(folder)
        .arg("doctor")
        .env("PORT", "0")
        .envs(environment.iter().copied())
        .output()
        .expect("it runs");
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    (output.status.code(), out)
}

fn is_a_fault(folder: &Path, environment: &[(&str, &str)], subject: &str) {
    let (code, out) = doctor(folder, environment);
    let line = out
        .lines()
        .find(|line| line.starts_with("FAIL") && line.contains(subject));
    assert!(code == Some(1) && line.is_some(), "{environment:?}: {out}");
}

#[test]
fn a_folder_that_cannot_be_made_or_written_is_a_fault() {
    let folder = TempDir::new().expect("a temporary folder");
    let path = folder.path();
    std::fs::write(path.join("file"), "").expect("a file");
    let long = "x".repeat(300);
    for data in ["file", "file/data", "/proc/data", "/dev/null/data", &long] {
        for subject in ["database", "spool", "objects"] {
            is_a_fault(path, &[("DATA_DIR", data)], subject);
        }
    }
    is_a_fault(path, &[("OBJECTS_DIR", "file/objects")], "objects");
    is_a_fault(path, &[("LOCAL_DB_PATH", "/proc/ilios.db")], "database");
    std::fs::create_dir(path.join("folder.db")).expect("a folder");
    is_a_fault(path, &[("LOCAL_DB_PATH", "folder.db")], "database");
    std::fs::write(
        path.join("text.db"),
        "no database, and long enough to be looked at".repeat(100),
    )
    .expect("a file");
    is_a_fault(path, &[("LOCAL_DB_PATH", "text.db")], "database");
    let (code, out) = doctor(path, &[("DATA_DIR", "new/deep/data")]);
    assert!(code == Some(0) && out.contains("will be created"), "{out}");
    assert!(!path.join("new").exists(), "it leaves nothing behind");
}

#[test]
fn a_key_that_does_not_open_the_database_is_a_fault() {
    let folder = TempDir::new().expect("a temporary folder");
    let made = ilios(folder.path())
        .arg("migrate")
        .env("DB_ENCRYPTION_KEY", "right")
        .output()
        .expect("it runs");
    assert!(made.status.success());
    is_a_fault(folder.path(), &[], "database");
    is_a_fault(folder.path(), &[("DB_ENCRYPTION_KEY", "wrong")], "database");
    assert_eq!(
        doctor(folder.path(), &[("DB_ENCRYPTION_KEY", "right")]).0,
        Some(0)
    );
}

#[test]
fn a_port_that_another_program_has_is_a_fault_and_one_that_ilios_has_is_not() {
    let folder = TempDir::new().expect("a temporary folder");
    let other = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = other.local_addr().expect("an address").port().to_string();
    is_a_fault(folder.path(), &[("PORT", &port)], "listen");
    drop(other);
    let _server = Served(
        ilios(folder.path())
            .arg("serve")
            .env("PORT", &port)
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts"),
    );
    while std::net::TcpStream::connect(format!("127.0.0.1:{port}")).is_err() {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let (code, out) = doctor(folder.path(), &[("PORT", &port)]);
    assert!(code == Some(0) && out.contains("is served by Ilios"), "{out}");
}

struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        // Nothing more can be done for a process that does not end.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_tesseract_that_cannot_read_is_a_fault() {
    use std::os::unix::fs::PermissionsExt;
    let folder = TempDir::new().expect("a temporary folder");
    let program = folder.path().join("tesseract");
    let script = "#!/bin/sh\ncase $1 in\n--version) echo tesseract 5;;\n--list-langs) printf 'list\\neng\\n';;\n\
                  *) exit 1;;\nesac\n";
    std::fs::write(&program, script).expect("a file");
    std::fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).expect("it is a program");
    let program = program.display().to_string();
    is_a_fault(
        folder.path(),
        &[("TESSERACT_PATH", &program), ("SANDBOX", "off")],
        "ocr",
    );
    let (output, out, _) = run(folder.path(), &["doctor"]);
    assert!(output.status.code().is_some(), "{out}");
}
