//! Output and exit status of commands, in a terminal and in a pipe.

use std::io::Read;
use std::process::Stdio;

use tempfile::TempDir;

use crate::command_line::{folder_with, ilios, run};
use crate::harness::repository;

/// A name that colours the terminal, rings, reorders what follows and begins a line of its own.
const HOSTILE: &str = "a\u{1b}[31m\u{7}\u{9b}2J\u{202e}fdp\u{2028}\u{61c}\nilios: all is well\r.pdf";

fn assert_plain(text: &str) {
    let hidden = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    assert!(!text.contains(hidden), "{text:?}");
    let forged = text.lines().any(|line| line.starts_with("ilios: all is well"));
    assert!(!forged, "{text:?}");
}

#[test]
fn no_control_character_of_a_name_reaches_the_terminal() {
    let folder = folder_with(&[(HOSTILE, "%PDF-1.4 broken"), ("good.md", "# A\n")]);
    let path = folder.path();
    let cases: &[&[&str]] = &[
        &["convert", HOSTILE],
        &["convert", HOSTILE, "good.md"],
        &["convert", HOSTILE, "good.md", "-o", "out"],
        &["convert", ".", "-r", "-o", "out2"],
        &["convert", "good.md", "-o", HOSTILE],
        &["convert", "missing\u{1b}[31m\nilios: all is well"],
        &["convert", "good.md", "--pages", HOSTILE],
        &["convert", "good.md", "--format", HOSTILE],
        &[HOSTILE],
        &["db", "backup", HOSTILE],
        &["db", "export", HOSTILE],
        &["db", "import", HOSTILE],
    ];
    for arguments in cases {
        let (output, out, err) = run(path, arguments);
        assert!(
            !output.status.success() || arguments.contains(&"-r"),
            "{arguments:?}"
        );
        assert_plain(&out);
        assert_plain(&err);
    }
    for command in [&["doctor"][..], &["migrate"], &["db", "check"], &["serve"]] {
        let output = ilios(path)
            .args(command)
            .env("DATA_DIR", format!("data{HOSTILE}/x"))
            .env("PORT", if command == ["serve"] { "no\u{1b}[31m" } else { "0" })
            .output()
            .expect("it runs");
        assert_plain(&String::from_utf8_lossy(&output.stdout));
        assert_plain(&String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn no_control_character_of_a_path_reaches_the_log() {
    for format in ["json", "text"] {
        let folder = TempDir::new().expect("a temporary folder");
        // The objects' folder is named in the log when it cannot be used.
        let data = folder.path().join("data\u{1b}[31m\u{9b}\u{202e}\u{85}\nforged");
        std::fs::create_dir_all(data.join("objects/documents")).expect("a folder");
        std::fs::write(data.join("objects/documents/d00000000000000000000000#1"), "").expect("a file");
        let mut child = ilios(folder.path())
            .arg("serve")
            .env("DATA_DIR", &data)
            .env("PORT", "0")
            .env("LOG_FORMAT", format)
            .env("LOG_LEVEL", "debug")
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut err = child.stderr.take().expect("its log");
        let (mut log, mut part) = (Vec::new(), [0; 4096]);
        while !String::from_utf8_lossy(&log).contains("127.0.0.1:") {
            let count = err.read(&mut part).expect("its log");
            assert!(count > 0, "it ended: {}", String::from_utf8_lossy(&log));
            log.extend_from_slice(&part[..count]);
        }
        child.kill().expect("it ends");
        child.wait().expect("it ends");
        err.read_to_end(&mut log).expect("its log");
        let log = String::from_utf8(log).expect("text");
        assert_plain(&log);
        assert!(!log.lines().any(|line| line.starts_with("forged")), "{log:?}");
        if format == "json" {
            for line in log.lines() {
                serde_json::from_str::<serde_json::Value>(line).expect("JSON");
            }
        }
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_fault() {
    let folder = folder_with(&[("long.txt", &"word ".repeat(200_000)), ("scan.txt", "x")]);
    let path = folder.path();
    assert!(run(path, &["migrate"]).0.status.success());
    let cases: &[&[&str]] = &[
        &["convert", "long.txt"],
        &["convert", "long.txt", "--format", "json"],
        &["openapi"],
        &["reference", "configuration"],
        &["reference", "errors"],
        &["reference", "output"],
        &["usage", "--reconcile"],
        &["db", "check"],
        &["db", "backup", "copy.db"],
        &["migrate"],
        &["doctor"],
        &["--help"],
        &["--version"],
    ];
    for arguments in cases {
        let mut child = ilios(path)
            .args(*arguments)
            .env("PORT", "0")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        // Nobody reads what it writes.
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("it ends");
        let err = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), &*err), (Some(0), ""), "{arguments:?}");
    }
}

/// Arguments, variables, and a part of the next step that is told.
type Case<'a> = (&'a [&'a str], &'a [(&'a str, &'a str)], &'a str);

#[test]
fn errors_say_what_to_do_next() {
    let folder = folder_with(&[
        ("broken.pdf", "%PDF-1.7 broken"),
        ("good.md", "# A\n"),
        ("long.md", "# Long\n"),
    ]);
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let cases: &[Case] = &[
        (&["convert", "broken.pdf"], &[], "save it anew"),
        (
            &["convert", "broken.pdf", "good.md", "-o", "out"],
            &[],
            "save it anew",
        ),
        (
            &["convert", "long.md"],
            &[("MAX_FILE_SIZE", "3")],
            "MAX_FILE_SIZE allows",
        ),
        (&["convert", "good.md", "--pages", "1"], &[], "leave --pages out"),
        (
            &["convert", "good.md", "--engine", "mistral"],
            &[],
            "set MISTRAL_API_KEY",
        ),
        (&["serve"], &[("PORT", &port)], "PORT=1338"),
        (&["serve"], &[("PORT", "x")], "`ilios reference configuration`"),
        (
            &["migrate"],
            &[("DATABASE_URL", "postgres://127.0.0.1:9/x")],
            "`ilios doctor`",
        ),
        (&["status"], &[("PORT", "9")], "`ilios serve`"),
        (&["queue"], &[("PORT", "9")], "ILIOS_URL"),
    ];
    for (arguments, environment, hint) in cases {
        let mut command = ilios(folder.path());
        command.args(*arguments).envs(environment.iter().copied());
        let output = command.env("DATABASE_TIMEOUT", "1").output().expect("it runs");
        let err = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {err}");
        let hints: Vec<&str> = err.lines().filter(|line| line.starts_with("hint: ")).collect();
        assert!(
            hints.len() == 1 && hints[0].contains(hint),
            "{arguments:?}: {err}"
        );
    }
}

#[test]
fn wrong_arguments_have_a_status_of_their_own() {
    let folder = folder_with(&[("a.md", "# A\n"), ("in/b.md", "# B\n")]);
    let cases: &[&[&str]] = &[
        &[],
        &["frobnicate"],
        &["convert"],
        &["convert", ""],
        &["convert", "missing.pdf"],
        &["convert", "a.md", "missing.pdf", "-o", "out"],
        &["convert", "*.docx"],
        &["convert", "a[.md"],
        &["convert", "in"],
        &["convert", "a.md", "in/b.md"],
        &["convert", "in", "-r", "a.md"],
        &["convert", "a.md", "-o", "in/b.md"],
        &["convert", "a.md", "--force"],
        &["convert", "a.md", "--skip-existing"],
        &["convert", "a.md", "-o", "out", "--force", "--skip-existing"],
        &["convert", "a.md", "--pages", "0"],
        &["convert", "a.md", "--pages", "3-1"],
        &["convert", "a.md", "--pages", ""],
        &["convert", "a.md", "--format", "docx"],
        &["convert", "a.md", "--ocr", "never"],
        &["convert", "a.md", "--ocr-languages", "../x"],
        &["convert", "a.md", "--engine", "other"],
        &["convert", "a.md", "--jobs", "0"],
        &["serve", "--role", "king"],
        &["db"],
        &["db", "backup"],
        &["db", "frobnicate"],
        &["usage"],
        &["status", "--url", "ftp://example.org"],
        &["queue", "--url", "http://"],
        &["queue", "--url", "http://user:key@example.org"],
        &["reference", "nothing"],
    ];
    for arguments in cases {
        let (output, out, err) = run(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {out} {err}");
        assert!(!err.is_empty(), "{arguments:?}");
    }
    assert!(!folder.path().join("out").exists(), "nothing was begun");
}

#[test]
fn long_files_show_their_pages_their_rate_and_the_time_left_on_a_terminal() {
    let folder = TempDir::new().expect("a temporary folder");
    let page = std::fs::read(repository("crates/convert/tests/fixtures/pdf/many.pdf")).expect("a file");
    std::fs::write(folder.path().join("long.pdf"), page).expect("a file");
    let sample = repository("samples/annual-report.pdf");
    let words: [(&str, &[&str]); 2] = [
        (
            "convert SAMPLE --ocr force --pages 1-2 --jobs 1",
            &["1/2 pages, ", " pages/s, ", " left, "],
        ),
        (
            "convert SAMPLE long.pdf --ocr force --pages 1 -o out --jobs 1",
            &["/2 files, ", " pages/s, ", " left, ", "0/1 of "],
        ),
    ];
    for (arguments, words) in words {
        let arguments = arguments.replace("SAMPLE", &sample.display().to_string());
        let command = format!("{} {arguments} >/dev/null", env!("CARGO_BIN_EXE_ilios"));
        let output = std::process::Command::new("script")
            .args(["-qec", &command, "/dev/null"])
            .current_dir(folder.path())
            .env("TERM", "xterm")
            .stdin(Stdio::null())
            .output()
            .expect("it runs");
        let shown = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{shown}");
        for word in words {
            assert!(shown.contains(word), "{word} in {shown}");
        }
    }
    // Where nobody sees it, nothing is shown.
    let (output, _, err) = run(folder.path(), &["convert", "long.pdf"]);
    assert!(output.status.success());
    assert_eq!(err, "");
}
