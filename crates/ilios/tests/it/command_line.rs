use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::harness::repository;

pub(crate) fn ilios(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ilios"));
    command
        .current_dir(folder)
        .env_clear()
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .stdin(Stdio::null());
    command
}

pub(crate) fn run(folder: &Path, arguments: &[&str]) -> (Output, String, String) {
    let output = ilios(folder).args(arguments).output().expect("it runs");
    let (out, err) = (output.stdout.clone(), output.stderr.clone());
    (
        output,
        String::from_utf8(out).expect("text"),
        String::from_utf8(err).expect("text"),
    )
}

pub(crate) fn folder_with(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }
    folder
}

pub(crate) fn read(folder: &TempDir, name: &str) -> String {
    std::fs::read_to_string(folder.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn one_file_goes_to_standard_output_and_nothing_else_does() {
    let folder = folder_with(&[("a.md", "# A\n")]);
    let (output, out, err) = run(folder.path(), &["convert", "a.md"]);
    assert!(output.status.success());
    assert_eq!((out.as_str(), err.as_str()), ("# A\n", ""));
}

#[test]
fn pages_and_text_are_made_without_links_to_scripts() {
    let folder = folder_with(&[("a.md", "# A\n\n[x](javascript:alert(1)) [y](https://a.example)\n")]);
    let (output, out, err) = run(folder.path(), &["convert", "a.md", "--format", "html"]);
    assert!(output.status.success(), "{err}");
    assert!(
        out.contains("<title>a.md</title>") && out.contains("<h1 id=\"p1b1\">A</h1>"),
        "{out}"
    );
    assert!(
        out.contains("href=\"https://a.example\"") && !out.contains("javascript:"),
        "{out}"
    );
    let (_, out, _) = run(folder.path(), &["convert", "a.md", "--format", "text"]);
    assert_eq!(out, "A\n\nx y\n");
    let (_, out, _) = run(folder.path(), &["convert", "a.md"]);
    assert_eq!(out, "# A\n\nx [y](https://a.example)\n");
}

#[test]
fn the_sample_document_is_converted() {
    let sample = repository("samples/annual-report.pdf");
    let folder = TempDir::new().expect("a temporary folder");
    let path = sample.to_str().expect("text");
    let (output, out, err) = run(
        folder.path(),
        &["convert", path, "--format", "json", "--pages", "1"],
    );
    assert!(output.status.success(), "{err}");
    let body: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(body["fileName"], "annual-report.pdf");
    assert_eq!(body["metadata"]["format"], "pdf");
    assert_eq!(body["pages"].as_array().map(Vec::len), Some(1));
    assert!(!folder.path().join("data").exists(), "no database, no folder");
}

#[test]
fn standard_input_is_converted_too() {
    let folder = TempDir::new().expect("a temporary folder");
    let file = folder.path().join("in");
    std::fs::write(&file, "<h1>Hello</h1><p>World</p>").expect("a file");
    let input = std::fs::File::open(file).expect("a file");
    let mut command = ilios(folder.path());
    let output = command
        .args(["convert", "-", "--name", "page.html"])
        .stdin(input)
        .output()
        .expect("it runs");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "# Hello\n\nWorld\n");
}

#[test]
fn many_files_folders_and_patterns_go_to_a_folder() {
    let folder = folder_with(&[
        ("in/a.md", "# A\n"),
        ("in/sub/b.txt", "B"),
        ("in/.hidden/c.txt", "C"),
        ("x1.csv", "h1,h2\n1,2\n"),
        ("x2.csv", "h1,h2\n3,4\n"),
        ("x1.txt", "same stem"),
    ]);
    let arguments = ["convert", "in", "x*.csv", "x1.txt", "--recursive", "-o", "out"];
    let (output, out, err) = run(folder.path(), &arguments);
    assert!(output.status.success(), "{err}");
    assert_eq!(out, "");
    assert_eq!(read(&folder, "out/a.md"), "# A\n");
    assert_eq!(read(&folder, "out/sub/b.md"), "B\n");
    assert!(read(&folder, "out/x2.md").contains("| 3 | 4 |"));
    assert!(
        read(&folder, "out/x1.csv.md").contains("| 1 | 2 |"),
        "two files would be x1.md"
    );
    assert_eq!(read(&folder, "out/x1.txt.md"), "same stem\n");
    assert!(!folder.path().join("out/.hidden").exists());
    assert!(err.contains("5 converted") && err.contains("0 failed"), "{err}");
}

#[test]
fn a_file_that_fails_is_named_with_its_reason_and_the_rest_go_on() {
    let folder = folder_with(&[
        ("good.md", "# A\n"),
        ("bad.pdf", "%PDF-1.4 and nothing more"),
        ("empty.txt", ""),
    ]);
    let arguments = ["convert", "good.md", "bad.pdf", "empty.txt", "-o", "out"];
    let (output, _, err) = run(folder.path(), &arguments);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(read(&folder, "out/good.md"), "# A\n");
    assert!(!folder.path().join("out/bad.md").exists());
    let line = |name: &str| {
        err.lines()
            .find(|line| line.contains(name))
            .unwrap_or_default()
            .to_owned()
    };
    assert!(line("bad.pdf").contains("cannot be read"), "{err}");
    assert!(line("empty.txt").contains("empty"), "{err}");
    assert!(err.contains("1 converted") && err.contains("2 failed"), "{err}");
    let (output, out, err) = run(folder.path(), &["convert", "bad.pdf"]);
    assert_eq!((output.status.code(), out.as_str()), (Some(1), ""));
    assert!(err.contains("bad.pdf"), "{err}");
}

#[test]
fn mistakes_on_the_command_line_are_explained() {
    let folder = folder_with(&[("a.md", "# A\n"), ("in/b.md", "# B\n")]);
    let cases: &[(&[&str], &str)] = &[
        (&["convert", "missing.pdf"], "no such file"),
        (&["convert", "*.docx"], "no file matches"),
        (&["convert", "in"], "--recursive"),
        (&["convert", "a.md", "in/b.md"], "-o DIR"),
        (&["convert", "a.md", "--pages", "0"], "1-based"),
        (
            &["convert", "a.md", "--format", "docx"],
            "markdown, json, text, html, chunks",
        ),
        (&["convert", "a.md", "--ocr", "never"], "auto, off or force"),
        (&["frobnicate"], "unrecognized subcommand"),
    ];
    for (arguments, words) in cases {
        let (output, out, err) = run(folder.path(), arguments);
        assert!(!output.status.success() && out.is_empty(), "{arguments:?}");
        assert!(err.contains(words), "{arguments:?}: {err}");
    }
}

#[test]
fn help_shows_examples_and_the_version_is_told() {
    let folder = TempDir::new().expect("a temporary folder");
    for arguments in [vec!["--help"], vec!["convert", "--help"], vec!["serve", "--help"]] {
        let (output, out, _) = run(folder.path(), &arguments);
        assert!(
            output.status.success() && out.contains("Examples:"),
            "{arguments:?}: {out}"
        );
    }
    let (_, out, _) = run(folder.path(), &["--version"]);
    assert_eq!(out, concat!("ilios ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn migrate_makes_the_database_and_doctor_tells_of_it() {
    let folder = TempDir::new().expect("a temporary folder");
    let (output, out, _) = run(folder.path(), &["doctor"]);
    assert!(
        output.status.success() && out.contains("will be created"),
        "{out}"
    );
    let (output, out, _) = run(folder.path(), &["migrate"]);
    assert!(output.status.success() && out.contains("from schema 0"), "{out}");
    assert!(folder.path().join("data/ilios.db").is_file());
    assert!(!folder.path().join("data/tmp").exists(), "doctor only looks");
    std::fs::create_dir(folder.path().join("data/tmp")).expect("a folder");
    let (output, out, _) = run(folder.path(), &["doctor"]);
    assert!(output.status.success(), "{out}");
    for words in ["schema", "tesseract", "API_KEY is unset", "is writable"] {
        assert!(out.contains(words), "{words}: {out}");
    }
}

#[test]
fn the_budgets_of_a_document_are_the_operators() {
    let nested = format!("<html><body>{}text", "<div>".repeat(40));
    let folder = folder_with(&[("long.txt", &"word ".repeat(1_000)), ("deep.html", &nested)]);
    std::fs::copy(
        repository("crates/convert/tests/fixtures/pdf/many.pdf"),
        folder.path().join("pages.pdf"),
    )
    .expect("a copy");
    for (file, name, value, words) in [
        ("long.txt", "CONVERT_MAX_OUTPUT", "4kB", "4096 bytes of text"),
        ("deep.html", "CONVERT_MAX_DEPTH", "20", "nesting deeper than 20"),
        ("pages.pdf", "CONVERT_MAX_PAGES", "1", "pages"),
    ] {
        let convert = |value| {
            let mut command = ilios(folder.path());
            command
                .args(["convert", file])
                .envs(value)
                .output()
                .expect("it runs")
        };
        let usual = convert(None);
        assert!(usual.status.success(), "{file}: {usual:?}");
        let refused = convert(Some((name, value)));
        let said = String::from_utf8_lossy(&refused.stderr);
        assert!(
            !refused.status.success() && said.contains(words),
            "{file}: {said}"
        );
    }
}

#[test]
fn a_dot_env_file_configures_and_the_environment_wins() {
    let folder = folder_with(&[(".env", "API_KEY=hunter2,other\nPORT=99999\nDATA_DIR=elsewhere\n")]);
    let (output, _, err) = run(folder.path(), &["serve"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        err.contains("PORT") && err.contains("0 to 65535") && !err.contains("hunter2"),
        "{err}"
    );
    let output = ilios(folder.path())
        .arg("doctor")
        .env("PORT", "0")
        .output()
        .expect("it runs");
    let out = String::from_utf8_lossy(&output.stdout);
    assert!(
        out.contains("2 set (***)") && out.contains("elsewhere") && !out.contains("hunter2"),
        "{out}"
    );
    let broken = folder_with(&[(".env", "API KEY hunter2\n")]);
    let (output, _, err) = run(broken.path(), &["doctor"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(err.contains(".env") && !err.contains("hunter2"), "{err}");
}

#[test]
fn openapi_and_the_reference_pages_are_printed() {
    let folder = TempDir::new().expect("a temporary folder");
    let (_, out, _) = run(folder.path(), &["openapi"]);
    let description: Value = serde_json::from_str(&out).expect("JSON");
    assert!(description["paths"]["/v1/convert"]["post"].is_object());
    assert!(
        run(folder.path(), &["reference", "configuration"])
            .1
            .contains("| `PORT` |")
    );
    assert!(
        run(folder.path(), &["reference", "errors"])
            .1
            .contains("| `too_large` | 413 |")
    );
    assert!(
        run(folder.path(), &["reference", "output"])
            .1
            .contains("| `pageBreaks` | `rule`, `none`, `anchor` |")
    );
    let license = run(folder.path(), &["reference", "ocr-license"]).1;
    assert!(
        license.contains("PaddlePaddle Authors") && license.contains("Apache License"),
        "{license}"
    );
}
