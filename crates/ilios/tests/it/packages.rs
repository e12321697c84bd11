//! Packages, made of the program under test and installed: for pip, for npm, for Debian.

use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::harness::repository;

fn run(command: &mut Command) -> String {
    let Output {
        status,
        stdout,
        stderr,
    } = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let said = String::from_utf8_lossy(&stdout);
    assert!(
        status.success(),
        "{command:?}: {said}{}",
        String::from_utf8_lossy(&stderr)
    );
    said.into_owned()
}

fn python() -> String {
    let python = run(Command::new(repository("scripts/package-tools.sh")).arg("python"));
    python.trim().to_owned()
}

/// Platform of this machine, as packages name it.
fn platform() -> String {
    let cpu = if cfg!(target_arch = "x86_64") {
        "x64"
    } else {
        "arm64"
    };
    format!("{}-{cpu}", std::env::consts::OS)
}

/// Packages of a kind in a folder, of the program without its symbols.
fn packaged(kind: &str) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    let program = folder.path().join("program");
    run(Command::new("strip")
        .arg("-o")
        .arg(&program)
        .arg(env!("CARGO_BIN_EXE_ilios")));
    run(Command::new(repository("packaging/package.sh"))
        .arg(kind)
        .arg(&program)
        .arg(folder.path())
        .arg(platform())
        .env("PYTHON", python()));
    std::fs::remove_file(program).expect("removed");
    folder
}

fn package(folder: &Path, end: &str) -> std::path::PathBuf {
    let files = std::fs::read_dir(folder).expect("a folder");
    let mut paths = files.map(|file| file.expect("a file").path());
    let is_it = |path: &std::path::PathBuf| path.to_string_lossy().ends_with(end);
    paths
        .find(is_it)
        .unwrap_or_else(|| panic!("no {end} in {folder:?}"))
}

/// The installed program says its version, and converts.
fn works(program: &mut Command, folder: &Path) {
    let file = folder.join("a.html");
    std::fs::write(&file, "<h1>Title</h1><p>Text.</p>").expect("written");
    assert_eq!(run(program.arg("convert").arg(&file)).trim(), "# Title\n\nText.");
}

#[test]
fn the_wheel_installs_the_program() {
    let made = packaged("wheel");
    let wheel = package(made.path(), ".whl");
    let environment = made.path().join("environment");
    run(Command::new("python3").args(["-m", "venv"]).arg(&environment));
    run(Command::new(environment.join("bin/pip"))
        .args(["install", "--no-index", "--no-deps", "--quiet"])
        .arg(&wheel));
    works(&mut Command::new(environment.join("bin/ilios")), made.path());
    let shown = run(Command::new(environment.join("bin/pip")).args(["show", "ilios"]));
    assert!(
        shown.contains(concat!("Version: ", env!("CARGO_PKG_VERSION"))),
        "{shown}"
    );
}

#[test]
fn the_packages_for_npm_run_the_program_and_answer_its_status() {
    let made = packaged("npm");
    let (own, main) = (
        package(
            made.path(),
            &format!("ilios-{}-{}.tgz", platform(), env!("CARGO_PKG_VERSION")),
        ),
        package(made.path(), concat!("/ilios-", env!("CARGO_PKG_VERSION"), ".tgz")),
    );
    let project = made.path().join("project");
    std::fs::create_dir(&project).expect("a folder");
    run(Command::new("npm")
        .args([
            "install",
            "--offline",
            "--no-audit",
            "--no-fund",
            "--omit=optional",
        ])
        .args([own, main])
        .current_dir(&project));
    let program = project.join("node_modules/.bin/ilios");
    works(&mut Command::new(&program), made.path());
    let wrong = Command::new(&program)
        .arg("no-such-command")
        .output()
        .expect("an answer");
    assert_eq!(wrong.status.code(), Some(2));
}

#[test]
fn the_package_for_debian_holds_program_service_and_settings() {
    let made = packaged("deb");
    let deb = package(made.path(), ".deb");
    let tree = made.path().join("tree");
    run(Command::new("dpkg-deb").arg("--extract").arg(&deb).arg(&tree));
    works(&mut Command::new(tree.join("usr/bin/ilios")), made.path());
    for file in [
        "usr/lib/systemd/system/ilios.service",
        "usr/lib/sysusers.d/ilios.conf",
        "etc/ilios/ilios.env",
    ] {
        assert!(tree.join(file).is_file(), "{file}");
    }
    let control = run(Command::new("dpkg-deb").arg("--info").arg(&deb));
    assert!(
        control.contains(concat!("Version: ", env!("CARGO_PKG_VERSION"))),
        "{control}"
    );
    assert!(
        control.contains("postinst") && control.contains("conffiles"),
        "{control}"
    );
}
