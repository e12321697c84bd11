//! Secrets in files of their own, as Docker and Kubernetes give them.

use ilios::config::{Config, DatabaseConfig, ObjectsConfig, Raw, variables};
use tempfile::TempDir;

fn written(folder: &TempDir, name: &str, content: impl AsRef<[u8]>) -> String {
    let path = folder.path().join(name);
    std::fs::write(&path, content).expect("a file");
    path.to_str().expect("text").to_owned()
}

#[test]
fn every_secret_may_be_in_a_file() {
    let folder = TempDir::new().expect("a temporary folder");
    let file = |name: &str, content: &str| written(&folder, name, content);
    let (keys, key) = (file("keys", "key-one,key-two\n"), file("key", "hunter2\r\n"));
    let config = Config::resolve(&Raw::from(
        [
            ("API_KEY_FILE", &keys),
            ("DB_ENCRYPTION_KEY_FILE", &key),
            ("NEW_DB_ENCRYPTION_KEY_FILE", &key),
            ("MISTRAL_API_KEY_FILE", &key),
            ("S3_BUCKET", &"originals".to_owned()),
            ("AWS_ACCESS_KEY_ID_FILE", &key),
            ("AWS_SECRET_ACCESS_KEY_FILE", &key),
        ]
        .map(|(name, value)| (name, value.as_str())),
    ))
    .expect("valid");
    assert_eq!(config.api_keys.len(), 2);
    assert!(config.api_keys.tenant_of("key-two").is_some());
    assert_eq!(config.mistral.expect("a service").key.reveal(), "hunter2");
    assert_eq!(config.new_encryption_key.expect("a key").reveal(), "hunter2");
    match (config.database, config.objects) {
        (DatabaseConfig::Local { key: Some(key), .. }, ObjectsConfig::S3(s3)) => {
            assert_eq!(key.reveal(), "hunter2");
            assert_eq!(
                (s3.access_key_id.reveal(), s3.secret_access_key.reveal()),
                ("hunter2", "hunter2")
            );
        }
        other => panic!("{other:?}"),
    }
    let url = file("url", "postgres://me:hunter2@db/ilios\n");
    let config = Config::resolve(&Raw::from([("DATABASE_URL_FILE", url.as_str())])).expect("valid");
    assert_eq!(config.database.to_string(), "PostgreSQL at db/ilios");
    let token = Raw::from([
        ("TURSO_AUTH_TOKEN_FILE", key.as_str()),
        ("TURSO_DATABASE_URL", "libsql://db"),
        ("USE_EMBEDDED_REPLICA", "on"),
    ]);
    match Config::resolve(&token).expect("valid").database {
        DatabaseConfig::Replica(replica) => assert_eq!(replica.token.expect("a token").reveal(), "hunter2"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_file_that_holds_no_secret_is_a_fault_of_its_variable() {
    let folder = TempDir::new().expect("a temporary folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("text").to_owned();
    let files = [
        (path("missing"), "cannot be read"),
        (folder.path().to_str().expect("text").to_owned(), "a folder"),
        (written(&folder, "empty", ""), "empty"),
        (written(&folder, "blank", " \r\n"), "empty"),
        (written(&folder, "bytes", b"hunter2\xff"), "no UTF-8"),
        (
            written(&folder, "large", vec![b'a'; 65_537]),
            "more than 65536 bytes",
        ),
        ("/dev/zero".to_owned(), "more than 65536 bytes"),
        (" ".to_owned(), "blank"),
    ];
    for variable in variables().filter(|variable| variable.secret) {
        let name = format!("{}_FILE", variable.name);
        for (file, words) in &files {
            let error = Config::resolve(&Raw::from([(name.as_str(), file.as_str())])).expect_err(words);
            assert_eq!(
                (error.0.len(), error.0[0].variable.as_str()),
                (1, name.as_str()),
                "{error}"
            );
            assert!(error.0[0].message.contains(words), "{words}: {error}");
        }
        for set in ["", "hunter2"] {
            let good = written(&folder, "good", "hunter2");
            let both = Raw::from([(name.as_str(), good.as_str()), (variable.name, set)]);
            let error = Config::resolve(&both).expect_err("both");
            assert!(error.0.iter().any(|fault| fault.variable == name), "{error}");
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
    }
    Config::resolve(&Raw::from([("PORT_FILE", "/nowhere")])).expect("a port is no secret");
}
