//! Files that commands write: none is lost by it.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use tempfile::TempDir;

use crate::command_line::{folder_with, ilios, read, run};

const TEXT: &str = "# Only copy\n\n\n\nof  it\n";

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).expect("a file").permissions().mode() & 0o777
}

/// The names of all files below a folder.
fn names(folder: &Path) -> Vec<String> {
    let entries = walkdir::WalkDir::new(folder).sort_by_file_name();
    let files = entries.into_iter().map(|entry| entry.expect("an entry"));
    files
        .filter(|entry| !entry.file_type().is_dir())
        .map(|entry| {
            let below = entry.path().strip_prefix(folder).expect("below it");
            below.display().to_string()
        })
        .collect()
}

#[test]
fn no_source_is_written_over_whatever_name_leads_to_it() {
    let folder = folder_with(&[
        ("a.md", TEXT),
        ("a.txt", "a  text\n"),
        ("a.html", "<p>a page</p>"),
        ("a.json", "{\"a\": 1}"),
        ("sub/b.md", TEXT),
        ("other/x.txt", "another"),
    ]);
    let path = folder.path();
    let dot = path.join(".").display().to_string();
    symlink(path, path.join("link")).expect("a link");
    std::fs::create_dir(path.join("out")).expect("a folder");
    symlink(path.join("sub/b.md"), path.join("out/b.md")).expect("a link");
    std::fs::hard_link(path.join("a.md"), path.join("out/a.md")).expect("a link");
    let before: Vec<_> = names(path);
    let cases: &[&[&str]] = &[
        &["a.md", "-o", "."],
        &["./a.md", "-o", &dot],
        &["link/a.md", "-o", "."],
        &["a.md", "-o", "link"],
        &["a.txt", "--format", "text", "-o", "."],
        &["a.html", "--format", "html", "-o", "."],
        &["a.json", "--format", "json", "-o", "."],
        &["sub/b.md", "-o", "sub"],
        &["sub/b.md", "-o", "out"],
        &["a.md", "-o", "out"],
        &["sub", "-r", "-o", "sub"],
    ];
    for arguments in cases {
        for flag in [None, Some("--force")] {
            let arguments: Vec<&str> = [&["convert"], *arguments]
                .concat()
                .into_iter()
                .chain(flag)
                .collect();
            let (output, _, err) = run(path, &arguments);
            assert_eq!(output.status.code(), Some(1), "{arguments:?}: {err}");
            assert!(err.contains("never written over"), "{arguments:?}: {err}");
            assert_eq!(names(path), before, "{arguments:?}");
            for name in ["a.md", "sub/b.md"] {
                assert_eq!(read(&folder, name), TEXT, "{arguments:?}");
            }
            assert_eq!(read(&folder, "a.txt"), "a  text\n", "{arguments:?}");
            assert_eq!(read(&folder, "a.html"), "<p>a page</p>", "{arguments:?}");
            assert_eq!(read(&folder, "a.json"), "{\"a\": 1}", "{arguments:?}");
        }
    }
}

#[test]
fn what_is_there_is_replaced_or_skipped_on_request_alone_and_the_rest_goes_on() {
    let folder = folder_with(&[
        ("in/a.txt", "new a"),
        ("in/b.txt", "new b"),
        ("out/a.md", "old a"),
        ("elsewhere.md", "kept"),
    ]);
    let path = folder.path();
    let convert = ["convert", "in/a.txt", "in/b.txt", "-o", "out"];
    let (output, _, err) = run(path, &convert);
    assert_eq!(output.status.code(), Some(1), "{err}");
    assert!(
        err.contains("failed: in/a.txt: out/a.md is there already")
            && err.contains("--force")
            && err.contains("--skip-existing"),
        "{err}"
    );
    assert!(err.contains("1 converted") && err.contains("1 failed"), "{err}");
    assert_eq!(read(&folder, "out/a.md"), "old a");
    assert_eq!(read(&folder, "out/b.md"), "new b\n");

    let (output, _, err) = run(path, &[&convert[..], &["--skip-existing"]].concat());
    assert!(output.status.success() && err.contains("2 skipped"), "{err}");
    assert_eq!(read(&folder, "out/a.md"), "old a");

    // A link that leads elsewhere is replaced itself.
    std::fs::remove_file(path.join("out/b.md")).expect("it goes");
    symlink(path.join("elsewhere.md"), path.join("out/b.md")).expect("a link");
    let (output, _, err) = run(path, &convert);
    assert_eq!(output.status.code(), Some(1), "{err}");
    let (output, _, err) = run(path, &[&convert[..], &["--force"]].concat());
    assert!(output.status.success(), "{err}");
    assert_eq!(read(&folder, "out/a.md"), "new a\n");
    assert_eq!(read(&folder, "out/b.md"), "new b\n");
    assert_eq!(read(&folder, "elsewhere.md"), "kept");

    std::fs::create_dir(path.join("out/c.md")).expect("a folder");
    std::fs::write(path.join("in/c.txt"), "c").expect("a file");
    let (output, _, err) = run(path, &["convert", "in/c.txt", "-o", "out", "--force"]);
    assert_eq!(output.status.code(), Some(1), "{err}");
    assert!(err.contains("is a folder"), "{err}");
    assert_eq!(
        names(&path.join("out")),
        ["a.md", "b.md"],
        "nothing half done is left"
    );
}

#[test]
fn results_are_no_input_of_the_next_run() {
    let folder = folder_with(&[
        ("in/a.txt", "A"),
        ("in/sub/b.html", "<p>B</p>"),
        ("in/c.md", "# C\n"),
    ]);
    let path = folder.path();
    for out in ["in/out", "in/deep/er", "./in/../in/out2"] {
        let convert = ["convert", "in", "-r", "-o", out, "--force"];
        for _ in 0..2 {
            let (output, _, err) = run(path, &convert);
            assert!(output.status.success(), "{out}: {err}");
        }
        assert_eq!(names(&path.join(out)), ["a.md", "c.md", "sub/b.md"], "{out}");
        std::fs::remove_dir_all(path.join(out)).expect("it goes");
    }

    // Beside their sources.
    std::fs::remove_file(path.join("in/c.md")).expect("it goes");
    let convert = ["convert", "in", "-r", "-o", "in"];
    let (output, _, err) = run(path, &convert);
    assert!(output.status.success(), "{err}");
    let made = names(&path.join("in"));
    assert_eq!(made, ["a.md", "a.txt", "sub/b.html", "sub/b.md"]);
    let (output, _, err) = run(path, &convert);
    assert_eq!(output.status.code(), Some(1), "{err}");
    assert!(
        err.contains("left out: in/a.md") && err.contains("--skip-existing"),
        "{err}"
    );
    for flag in ["--force", "--skip-existing"] {
        let (output, _, err) = run(path, &[&convert[..], &[flag]].concat());
        assert!(output.status.success(), "{flag}: {err}");
        assert_eq!(names(&path.join("in")), made, "{flag}");
    }
    // A file of that name that says something else may be somebody's original.
    std::fs::write(path.join("in/a.md"), "notes of my own").expect("a file");
    let (output, _, err) = run(path, &[&convert[..], &["--force"]].concat());
    assert_eq!(output.status.code(), Some(1), "{err}");
    assert!(err.contains("may be an original"), "{err}");
    assert_eq!(read(&folder, "in/a.md"), "notes of my own");
}

#[test]
fn two_documents_never_share_a_file_not_even_where_capitals_do_not_count() {
    let folder = folder_with(&[
        ("in/Report.txt", "one"),
        ("in/report.html", "<p>two</p>"),
        ("in/a.txt", "three"),
        ("in/A.txt", "four"),
    ]);
    let (output, _, err) = run(folder.path(), &["convert", "in", "-r", "-o", "out"]);
    assert!(output.status.success(), "{err}");
    let made = names(&folder.path().join("out"));
    let mut lower: Vec<String> = made.iter().map(|name| name.to_lowercase()).collect();
    lower.sort();
    lower.dedup();
    assert_eq!((made.len(), lower.len()), (4, 4), "{made:?}");
}

#[test]
fn results_have_the_mode_that_the_umask_says() {
    let folder = folder_with(&[("a.txt", "A")]);
    for (umask, expected) in [("022", 0o644), ("027", 0o640), ("000", 0o666)] {
        let script = format!("umask {umask}; exec \"$0\" convert a.txt -o out --force -q");
        let output = std::process::Command::new("sh")
            .args(["-c", &script, env!("CARGO_BIN_EXE_ilios")])
            .current_dir(folder.path())
            .output()
            .expect("it runs");
        assert!(output.status.success(), "{output:?}");
        assert_eq!(mode(&folder.path().join("out/a.md")), expected, "{umask}");
    }
}

#[test]
fn a_backup_is_private_and_writes_over_nothing() {
    let folder = TempDir::new().expect("a temporary folder");
    let path = folder.path();
    assert!(run(path, &["migrate"]).0.status.success());
    let database = path.join("data/ilios.db");
    symlink(&database, path.join("link.db")).expect("a link");
    std::fs::hard_link(&database, path.join("hard.db")).expect("a link");
    std::fs::write(path.join("copy.db.part"), "not ours").expect("a file");
    let (output, _, err) = run(path, &["db", "backup", "copy.db"]);
    assert!(output.status.success(), "{err}");
    assert_eq!(mode(&path.join("copy.db")), 0o600);
    assert_eq!(read(&folder, "copy.db.part"), "not ours");
    for target in ["data/ilios.db", "./data/../data/ilios.db", "link.db", "hard.db"] {
        for flag in [None, Some("--force")] {
            let arguments: Vec<&str> = ["db", "backup", target].into_iter().chain(flag).collect();
            let (output, _, err) = run(path, &arguments);
            assert_eq!(output.status.code(), Some(1), "{arguments:?}: {err}");
            assert!(err.contains("the database itself"), "{arguments:?}: {err}");
        }
    }
    assert!(run(path, &["db", "check"]).0.status.success());

    std::fs::write(path.join("mine.txt"), "mine").expect("a file");
    symlink(path.join("gone"), path.join("dangling")).expect("a link");
    for target in ["mine.txt", "dangling"] {
        let (output, _, err) = run(path, &["db", "backup", target]);
        assert_eq!(output.status.code(), Some(1), "{err}");
        assert!(err.contains("--force"), "{err}");
    }
    assert_eq!(read(&folder, "mine.txt"), "mine");
    let (output, _, err) = run(path, &["db", "backup", "mine.txt", "--force"]);
    assert!(output.status.success(), "{err}");
    assert_eq!(mode(&path.join("mine.txt")), 0o600);
    assert!(!names(path).iter().any(|name| name.ends_with(".ilios-part")));
}

#[test]
fn an_export_is_private_and_writes_over_nothing() {
    let folder = folder_with(&[("full/mine.txt", "mine"), ("full/manifest.json", "mine, too")]);
    let path = folder.path();
    assert!(run(path, &["migrate"]).0.status.success());
    std::fs::create_dir_all(path.join("data/objects/documents")).expect("a folder");
    let (output, _, err) = run(path, &["db", "export", "archive"]);
    assert!(output.status.success(), "{err}");
    for entry in walkdir::WalkDir::new(path.join("archive")) {
        let entry = entry.expect("an entry");
        let expected = if entry.file_type().is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode(entry.path()), expected, "{}", entry.path().display());
    }
    let manifest = read(&folder, "archive/manifest.json");
    for (target, words) in [("archive", "--force"), ("full", "--force"), ("data", "originals")] {
        let (output, _, err) = run(path, &["db", "export", target]);
        assert_eq!(output.status.code(), Some(1), "{target}: {err}");
        assert!(err.contains(words), "{target}: {err}");
    }
    let (output, _, err) = run(path, &["db", "export", "data", "--force"]);
    assert_eq!(output.status.code(), Some(1), "{err}");
    assert_eq!(read(&folder, "archive/manifest.json"), manifest);
    assert_eq!(read(&folder, "full/manifest.json"), "mine, too");
    assert_eq!(names(&path.join("full")), ["manifest.json", "mine.txt"]);
    // One that was cut off goes on.
    std::fs::create_dir(path.join("begun")).expect("a folder");
    std::fs::write(path.join("begun/.ilios-export"), "").expect("a file");
    std::fs::create_dir(path.join("begun/rows")).expect("a folder");
    let (output, _, err) = run(path, &["db", "export", "begun"]);
    assert!(output.status.success(), "{err}");
    let (output, _, err) = run(path, &["db", "export", "archive", "--force"]);
    assert!(output.status.success(), "{err}");
}

#[test]
fn names_that_other_programs_gave_make_safe_files() {
    let folder = folder_with(&[("page", "<p>text</p>")]);
    let path = folder.path();
    for (number, name) in [
        "../../up.html",
        "CON.html",
        "a\u{1b}[31m\u{202e}.html",
        "..",
        "nul",
        "a:b?.html",
    ]
    .iter()
    .enumerate()
    {
        let out = format!("out{number}");
        let input = std::fs::File::open(path.join("page")).expect("a file");
        let output = ilios(path)
            .args(["convert", "-", "--name", name, "-o", &out, "-q"])
            .stdin(input)
            .output()
            .expect("it runs");
        assert!(output.status.success(), "{name}: {output:?}");
        let made = names(&path.join(&out));
        assert_eq!(made.len(), 1, "{name}");
        let made = made[0].to_lowercase();
        assert!(
            !made.starts_with("con.")
                && !made.starts_with("nul")
                && !made.contains([':', '?', '\u{1b}', '\u{202e}']),
            "{name}: {made}"
        );
    }
}
