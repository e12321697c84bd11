use std::process::Output;

use tempfile::TempDir;

use super::short;
use crate::command_line::{ilios, run};

const KEY: &str = "a-key-of-the-environment";

fn with_key(folder: &TempDir, arguments: &[&str]) -> (Output, String) {
    let output = ilios(folder.path())
        .env("API_KEY", KEY)
        .args(arguments)
        .output()
        .expect("it runs");
    let text = String::from_utf8(output.stdout.clone()).expect("text");
    (output, text)
}

#[test]
fn a_key_is_made_listed_rotated_and_revoked() {
    let folder = TempDir::new().expect("a temporary folder");
    let (output, key, words) = run(
        folder.path(),
        &[
            "keys",
            "create",
            "acme",
            "--scopes",
            "read,usage",
            "--expires",
            "90d",
        ],
    );
    assert!(output.status.success(), "{words}");
    assert!(
        key.starts_with("ilios_live_") && key.lines().count() == 1,
        "{key}"
    );
    let (_, list, _) = run(folder.path(), &["keys", "list"]);
    assert!(!list.contains(key.trim()));
    let row: Vec<&str> = list.lines().nth(1).expect("a row").split('\t').collect();
    assert_eq!(
        (row[1], row[3], row[4], row[5]),
        ("acme", "read,usage", "live", "active")
    );
    let (output, new, words) = run(folder.path(), &["keys", "rotate", row[0], "--grace", "0s"]);
    assert!(
        output.status.success() && new.starts_with("ilios_live_"),
        "{words}"
    );
    let (_, list, _) = run(folder.path(), &["keys", "list", "--tenant", "acme"]);
    let states: Vec<&str> = list
        .lines()
        .skip(1)
        .filter_map(|row| row.split('\t').nth(5))
        .collect();
    assert_eq!(states, ["active", "revoked"]);
    let id = list
        .lines()
        .nth(1)
        .and_then(|row| row.split('\t').next())
        .expect("an id");
    let (output, said, _) = run(folder.path(), &["keys", "revoke", id]);
    assert!(output.status.success() && said.contains("is revoked"), "{said}");
}

#[test]
fn the_tenant_of_an_environment_key_is_listed_and_adopted() {
    let folder = TempDir::new().expect("a temporary folder");
    let (_, list) = with_key(&folder, &["keys", "list"]);
    let fingerprint = short(KEY);
    assert!(
        list.contains(&format!("\t{fingerprint}\t-\tenvironment\t")),
        "{list}"
    );
    let (output, said) = with_key(&folder, &["keys", "adopt", &fingerprint, "acme"]);
    assert!(output.status.success() && said.contains("is now acme"), "{said}");
    let (output, _) = with_key(&folder, &["tenants", "rename", "acme", "globex"]);
    assert!(output.status.success());
    let (_, tenants) = with_key(&folder, &["tenants", "list"]);
    assert!(tenants.contains(&format!("{fingerprint}\tglobex\t")), "{tenants}");
    let (output, _) = with_key(
        &folder,
        &["keys", "create", "second", "--tenant", "globex", "--test"],
    );
    assert!(output.status.success());
}

#[test]
fn wrong_arguments_are_faults_of_use() {
    let folder = TempDir::new().expect("a temporary folder");
    let wrong: [&[&str]; 7] = [
        &["keys", "create", "a", "--scopes", "everything"],
        &["keys", "create", "a", "--expires", "soon"],
        &["keys", "create", "a", "--tenant", "nobody"],
        &["keys", "create", "a:b"],
        &["keys", "rotate", "d12345678901234567890123", "--grace", "31d"],
        &["keys", "revoke", "d12345678901234567890123"],
        &["keys", "adopt", "12345678", "a"],
    ];
    for arguments in wrong {
        let (output, out, words) = run(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {words}");
        assert!(out.is_empty() && !words.is_empty(), "{arguments:?}");
    }
}
