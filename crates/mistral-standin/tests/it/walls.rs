//! Nothing that is released depends on the stand-in.

use std::path::PathBuf;

fn manifests() -> Vec<PathBuf> {
    let crates = std::path::absolute(".")
        .expect("the folder of the crate")
        .join("..");
    let entries = std::fs::read_dir(crates).expect("a folder").flatten();
    let found: Vec<PathBuf> = entries.map(|entry| entry.path().join("Cargo.toml")).collect();
    assert!(found.len() >= 4);
    found
}

/// The lines of a manifest that name the stand-in outside the dependencies of tests.
fn breaches(manifest: &str) -> Vec<&str> {
    let mut section = "";
    let mut found = Vec::new();
    for line in manifest.lines().map(str::trim) {
        if line.starts_with('[') {
            section = line;
        }
        if line.contains("mistral-standin") && !section.contains("dev-dependencies") {
            found.push(line);
        }
    }
    found
}

#[test]
fn no_crate_depends_on_the_standin_but_for_its_tests() {
    for path in manifests() {
        let text = std::fs::read_to_string(&path).expect("a manifest");
        if !text.contains("name = \"mistral-standin\"") {
            assert_eq!(breaches(&text), Vec::<&str>::new(), "{}", path.display());
        }
    }
}

#[test]
fn a_dependency_would_be_seen() {
    let tests = "[dev-dependencies]\nmistral-standin.workspace = true\n[dev-dependencies.mistral-standin]\n";
    assert!(breaches(tests).is_empty());
    let released = "[dependencies]\nmistral-standin.workspace = true\n[features]\na = [\"mistral-standin\"]";
    assert_eq!(breaches(released).len(), 2);
    assert_eq!(breaches("[dependencies.mistral-standin]").len(), 1);
}
