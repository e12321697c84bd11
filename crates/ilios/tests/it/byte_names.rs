//! Names of files that are not UTF-8: on Linux they are any bytes.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;

use tempfile::TempDir;

use crate::command_line::ilios;

/// `a`, a byte that is no UTF-8, an escape of a terminal, and `ending`.
fn name(ending: &str) -> OsString {
    OsString::from_vec([b"a\xff\x1b[31m", ending.as_bytes()].concat())
}

fn folder() -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    std::fs::write(folder.path().join(name(".md")), "# A\n").expect("a file");
    std::fs::write(folder.path().join("plain.md"), "# Plain\n").expect("a file");
    folder
}

/// The status, standard output and standard error.
fn run(folder: &Path, arguments: &[&OsStr]) -> (Option<i32>, String, String) {
    let output = ilios(folder).args(arguments).output().expect("it runs");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn convert(folder: &Path, arguments: &[&OsStr]) -> (Option<i32>, String, String) {
    run(folder, &[&[OsStr::new("convert")][..], arguments].concat())
}

fn read(path: impl AsRef<Path>) -> String {
    std::fs::read_to_string(path).expect("a file")
}

#[test]
fn a_file_is_converted_and_named_without_what_a_terminal_obeys() {
    let folder = folder();
    let path = folder.path();
    let done = convert(path, &[&name(".md")]);
    assert_eq!(done, (Some(0), "# A\n".into(), String::new()));
    let output = OsString::from_vec(b"out\xfe".to_vec());
    let broken = OsString::from_vec(b"b\xff\x1b[31m.pdf".to_vec());
    std::fs::write(path.join(&broken), "%PDF-1.4 broken").expect("a file");
    let sound = name(".md");
    let arguments: [&OsStr; 5] = [&sound, OsStr::new("plain.md"), &broken, OsStr::new("-o"), &output];
    let (status, out, err) = convert(path, &arguments);
    assert_eq!((status, out.as_str()), (Some(1), ""), "{err}");
    assert!(
        err.contains("failed: b\u{fffd}\\u{1b}[31m.pdf: ") && !err.contains('\u{1b}'),
        "{err:?}"
    );
    assert_eq!(read(path.join(&output).join(name(".md"))), "# A\n");
    assert_eq!(read(path.join(&output).join("plain.md")), "# Plain\n");
    let (status, _, err) = convert(path, &[&name(".missing")]);
    assert_eq!(status, Some(2));
    assert!(
        err.contains("a\u{fffd}\\u{1b}[31m.missing: there is no such file"),
        "{err:?}"
    );
}

#[test]
fn a_folder_is_searched_with_all_its_names() {
    let folder = folder();
    let arguments = [".", "-r", "-o", "out"].map(OsStr::new);
    let (status, _, err) = convert(folder.path(), &arguments);
    assert_eq!(status, Some(0), "{err}");
    assert_eq!(read(folder.path().join("out").join(name(".md"))), "# A\n");
}

#[test]
fn a_pattern_finds_what_it_can_beside_such_names() {
    let folder = folder();
    let path = folder.path();
    std::fs::write(path.join(".hidden.md"), "# Hidden\n").expect("a file");
    let pattern = |text| convert(path, &[OsStr::new(text)]);
    assert_eq!(pattern("*.md"), (Some(0), "# Plain\n".into(), String::new()));
    assert_eq!(pattern(".h*.md"), (Some(0), "# Hidden\n".into(), String::new()));
    let (status, _, err) = convert(path, &[OsStr::from_bytes(b"\xff*")]);
    assert_eq!(status, Some(2), "{err}");
}

#[test]
fn other_commands_take_such_paths_or_say_that_they_do_not() {
    let folder = folder();
    let path = folder.path();
    let archive = name("");
    let migrated = run(path, &[OsStr::new("migrate")]);
    assert_eq!(migrated.0, Some(0), "{}", migrated.2);
    let db = |command: &str| run(path, &[OsStr::new("db"), OsStr::new(command), &archive]);
    let (status, _, err) = db("backup");
    assert_eq!(status, Some(1));
    assert!(
        err.contains("the name is no text") && !err.contains('\u{1b}'),
        "{err:?}"
    );
    let (status, out, err) = db("export");
    assert_eq!(status, Some(0), "{out} {err}");
    assert!(!out.contains('\u{1b}') && path.join(&archive).is_dir(), "{out:?}");
    let old = path.join("plain.md");
    let [db, import, objects] = ["db", "import-v2", "--objects"].map(OsStr::new);
    let (status, _, err) = run(path, &[db, import, old.as_os_str(), objects, &archive]);
    // The folder is taken; that the database is none of version 2.1 comes to light first.
    assert_eq!(status, Some(1), "{err}");
}
