//! Dependencies point one way.

use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::harness::repository;

/// What each module of the server may import of the others.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("disk", &[]),
    ("spool", &["disk"]),
    ("console", &[]),
    ("crash_point", &[]),
    ("retry", &[]),
    ("telemetry", &["model"]),
    ("tls", &[]),
    (
        "config",
        &[
            "billing",
            "crash_point",
            "engine",
            "http",
            "jobs",
            "model",
            "objects",
            "outbound",
            "store",
            "telemetry",
        ],
    ),
    ("billing", &["model"]),
    ("store", &["crash_point", "disk", "model", "retry", "tls"]),
    ("objects", &["disk", "model", "retry", "spool", "tls"]),
    ("engine", &["model", "retry", "spool", "tls"]),
    ("outbound", &["model", "retry", "spool", "tls"]),
    ("queue", &[]),
    (
        "app",
        &[
            "billing",
            "crash_point",
            "disk",
            "engine",
            "model",
            "objects",
            "outbound",
            "spool",
            "store",
            "telemetry",
        ],
    ),
    (
        "jobs",
        &[
            "app",
            "crash_point",
            "engine",
            "model",
            "objects",
            "queue",
            "spool",
            "store",
        ],
    ),
    (
        "http",
        &[
            "app",
            "console",
            "disk",
            "engine",
            "model",
            "objects",
            "outbound",
            "store",
            "telemetry",
        ],
    ),
    (
        "cli",
        &[
            "app",
            "billing",
            "config",
            "console",
            "crash_point",
            "engine",
            "http",
            "jobs",
            "model",
            "objects",
            "outbound",
            "queue",
            "spool",
            "store",
            "telemetry",
            "tls",
        ],
    ),
];

/// Rooms of `http` that each of them may import.
const ROOMS_OF_HTTP: &[(&str, &[&str])] = &[
    ("respond", &[]),
    ("server", &["respond"]),
    ("extract", &["respond", "server"]),
    ("api", &["extract", "respond", "server"]),
    ("compat", &["extract", "respond", "server"]),
    ("ops", &["respond", "server"]),
    ("openapi", &["extract", "respond"]),
];

/// Foreign crates that a module must not name.
const MUST_NOT_NAME: &[(&str, &[&str])] = &[
    (
        "model",
        &["axum", "libsql", "tokio", "utoipa", "std::fs", "std::net"],
    ),
    ("store", &["axum", "utoipa"]),
    ("app", &["axum", "libsql", "utoipa"]),
    ("engine", &["axum", "libsql", "utoipa"]),
    ("outbound", &["axum", "libsql"]),
    ("objects", &["axum", "libsql"]),
    ("telemetry", &["axum", "libsql"]),
    ("http", &["libsql"]),
];

pub(crate) fn sources(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in walkdir::WalkDir::new(folder) {
        let entry = entry.expect("an entry");
        if entry
            .path()
            .extension()
            .is_some_and(|extension| extension == "rs")
        {
            let text = std::fs::read_to_string(entry.path()).expect("a source file");
            let name = entry
                .path()
                .strip_prefix(folder)
                .expect("below")
                .display()
                .to_string();
            found.push((name, text));
        }
    }
    assert!(!found.is_empty(), "{}", folder.display());
    found
}

fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .map(|line| line.split("//").next().unwrap_or_default())
}

/// The modules that a line names after `root`, such as `crate::`, also inside braces.
fn named(line: &str, root: &str) -> Vec<String> {
    let mut names = Vec::new();
    for part in line.split(root).skip(1) {
        let list = part
            .strip_prefix('{')
            .map_or(part, |list| list.split('}').next().unwrap_or_default());
        let items = if part.starts_with('{') {
            list.split(',').collect()
        } else {
            vec![list]
        };
        for item in items {
            let name: String = item
                .trim()
                .chars()
                .take_while(|c| c.is_ascii_lowercase() || *c == '_')
                .collect();
            names.push(name);
        }
    }
    names
}

#[test]
fn modules_of_the_server_import_downwards_only() {
    let files = sources(&repository("crates/ilios/src"));
    for (module, allowed) in MAY_IMPORT {
        for (file, text) in &files {
            let inside = file.starts_with(&format!("{module}/")) || *file == format!("{module}.rs");
            for line in code(text).filter(|_| inside) {
                for name in named(line, "crate::") {
                    let fine = name == *module || allowed.contains(&name.as_str());
                    assert!(fine, "{file}: `{module}` must not import `{name}`: {line}");
                }
            }
        }
    }
}

/// Uploads, and answers that wait to be sent, go to the spool in `app`.
#[test]
fn the_http_layer_does_not_spool() {
    for (file, text) in sources(&repository("crates/ilios/src/http")) {
        for line in code(&text) {
            assert!(!line.contains(".spool()"), "http/{file}: {line}");
        }
    }
}

#[test]
fn every_module_of_the_server_has_its_rule() {
    for (file, _) in sources(&repository("crates/ilios/src")) {
        let module = file.split(['/', '.']).next().unwrap_or_default();
        let known = ["main", "lib"].contains(&module) || MAY_IMPORT.iter().any(|(name, _)| *name == module);
        assert!(known, "{file} is in a module without a rule");
    }
}

#[test]
fn rooms_of_the_http_layer_import_downwards_only() {
    for (file, text) in sources(&repository("crates/ilios/src/http")) {
        let Some((room, _)) = file.split_once('/') else {
            continue;
        };
        let rule = ROOMS_OF_HTTP.iter().find(|(name, _)| *name == room);
        let (_, allowed) = rule.unwrap_or_else(|| panic!("http/{file} is in a room without a rule"));
        for line in code(&text) {
            assert!(!line.contains("super::super"), "http/{file} hides a room: {line}");
            // Names that begin with a capital letter are of `http` itself.
            for name in named(line, "crate::http::")
                .iter()
                .filter(|name| !name.is_empty())
            {
                let fine = name == room || allowed.contains(&name.as_str());
                assert!(fine, "http/{file}: `{room}` must not import `{name}`: {line}");
            }
        }
    }
}

#[test]
fn modules_do_not_name_what_belongs_elsewhere() {
    let files = sources(&repository("crates/ilios/src"));
    for (module, forbidden) in MUST_NOT_NAME {
        for (file, text) in files
            .iter()
            .filter(|(file, _)| file.starts_with(&format!("{module}/")))
        {
            // The seam to the database is the one place that names its driver.
            let driver = file.starts_with("store/db/");
            for line in code(text).filter(|_| !driver) {
                let breach = forbidden.iter().find(|name| line.contains(&format!("{name}::")));
                assert!(breach.is_none(), "{file}: {line}");
            }
        }
    }
}

#[test]
fn the_client_of_the_object_store_is_named_in_one_place() {
    for (file, text) in sources(&repository("crates/ilios/src")) {
        let outside = !file.starts_with("objects/");
        for line in code(&text).filter(|_| outside) {
            assert!(!line.contains("object_store"), "{file}: {line}");
        }
    }
}

#[test]
fn xml_is_read_in_one_place() {
    let readers = [
        "quick_xml",
        "roxmltree",
        "xml::reader",
        "xmlparser",
        "minidom",
        "serde_xml",
    ];
    for (file, text) in sources(&repository("crates/convert/src")) {
        for line in code(&text).filter(|_| file != "xml.rs") {
            assert!(
                !readers.iter().any(|reader| line.contains(&format!("{reader}::"))),
                "convert/{file}: {line}"
            );
        }
    }
    for (crate_name, allowed) in [("convert", true), ("ilios", false), ("sandbox", false)] {
        let manifest = repository(&format!("crates/{crate_name}/Cargo.toml"));
        let manifest = std::fs::read_to_string(manifest).expect("a manifest");
        let named: Vec<&str> = manifest
            .lines()
            .filter_map(|line| line.split(['.', ' ', '=']).next())
            .filter(|name| name.contains("xml") && !name.contains('"'))
            .collect();
        let expected: &[&str] = if allowed { &["quick-xml"] } else { &[] };
        assert_eq!(named, expected, "{crate_name}");
    }
}

#[test]
fn the_converter_knows_neither_runtime_nor_files_nor_the_server() {
    let forbidden = [
        "tokio",
        "std::fs",
        "std::net",
        "std::env",
        "std::process",
        "std::time",
        "ilios::",
        "ilios_sandbox",
    ];
    for (file, text) in sources(&repository("crates/convert/src")) {
        for line in code(&text) {
            assert!(
                !forbidden.iter().any(|name| line.contains(name)),
                "convert/{file}: {line}"
            );
        }
    }
    for (file, text) in sources(&repository("crates/sandbox/src")) {
        for line in code(&text) {
            assert!(
                !line.contains("ilios_convert") && !line.contains("ilios::"),
                "sandbox/{file}: {line}"
            );
        }
    }
}

/// Circles among the files of the crates in the repository at `root`, as the program that names them ends.
fn circles(root: &Path) -> Output {
    let mut program = Command::new("python3");
    let program = program.arg(repository("scripts/import_circles.py")).arg(root);
    program.output().expect("python3 runs")
}

#[test]
fn no_files_of_a_crate_import_each_other_in_a_circle() {
    let found = circles(&repository(""));
    let names = String::from_utf8_lossy(&found.stdout);
    let error = String::from_utf8_lossy(&found.stderr);
    assert!(found.status.success(), "{names}{error}");
}

/// A repository of three crates with these files each.
fn crates_of(files: &[(&str, &str)]) -> TempDir {
    let root = TempDir::new().expect("a temporary folder");
    for crate_name in ["convert", "sandbox", "ilios"] {
        for (name, text) in files {
            let file = root.path().join("crates").join(crate_name).join("src").join(name);
            std::fs::create_dir_all(file.parent().expect("a folder")).expect("it is made");
            std::fs::write(file, text).expect("it is written");
        }
    }
    root
}

#[test]
fn a_circle_is_found_through_a_re_export_too() {
    let root = crates_of(&[
        (
            "lib.rs",
            "mod above;\nmod below;\npub(crate) use above::Above as Higher;",
        ),
        ("above.rs", "use crate::below::{self, Below};"),
        ("below.rs", "use super::{Higher};"),
    ]);
    let found = circles(root.path());
    assert!(!found.status.success());
    let names = String::from_utf8_lossy(&found.stdout);
    let expected = ["convert", "ilios", "sandbox"].map(|name| format!("{name}::above ⇄ {name}::below\n"));
    assert_eq!(names, expected.concat());
}

#[test]
fn a_circle_of_rooms_is_found_where_their_files_form_none() {
    let root = crates_of(&[
        ("lib.rs", "mod http;"),
        ("http/mod.rs", "mod extract;\nmod respond;"),
        (
            "http/extract/mod.rs",
            "pub(super) mod field;\npub(super) mod key;",
        ),
        (
            "http/extract/field.rs",
            "use crate::http::respond::problem::Problem;",
        ),
        ("http/extract/key.rs", ""),
        ("http/respond/mod.rs", "mod answer;\npub(super) mod problem;"),
        ("http/respond/answer.rs", "use crate::http::extract::key::KEY;"),
        ("http/respond/problem.rs", ""),
    ]);
    let found = circles(root.path());
    assert!(!found.status.success());
    let names = String::from_utf8_lossy(&found.stdout);
    assert_eq!(names, "ilios::http::extract ⇄ ilios::http::respond\n");
}
