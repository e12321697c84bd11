//! Settings of the database and of the object store.

use ilios::config::{Config, ObjectsConfig, Raw, Role};
use ilios::objects::S3Settings;

#[test]
fn a_configuration_holds_no_secret_in_clear() {
    let raw = Raw::from([
        ("API_KEY", "hunter2"),
        ("DB_ENCRYPTION_KEY", "hunter2"),
        ("TURSO_AUTH_TOKEN", "hunter2"),
        ("MISTRAL_API_KEY", "hunter2"),
        ("S3_BUCKET", "originals"),
        ("AWS_ACCESS_KEY_ID", "hunter2"),
        ("AWS_SECRET_ACCESS_KEY", "hunter2"),
    ]);
    let config = Config::resolve(&raw).expect("valid");
    let shown = format!("{config:?} {config:#?}");
    assert!(
        shown.contains("originals") && !shown.contains("hunter2"),
        "{shown}"
    );
}

#[test]
fn a_postgres_database_takes_the_place_of_the_local_one_and_shows_no_password() {
    let url = "postgres://me:hunter2@db:5432/ilios?sslmode=require";
    let config = Config::resolve(&Raw::from([("DATABASE_URL", url), ("ROLE", "api")])).expect("valid");
    assert_eq!(config.database.to_string(), "PostgreSQL at db:5432/ilios");
    assert_eq!(config.role, Role::Api);
    assert!(!format!("{config:?}").contains("hunter2"));
    let both = Raw::from([("DATABASE_URL", url), ("DB_ENCRYPTION_KEY", "hunter2")]);
    let mysql = Raw::from([("DATABASE_URL", "mysql://me:hunter2@db/ilios"), ("ROLE", "boss")]);
    for (raw, names) in [
        (both, vec!["DB_ENCRYPTION_KEY"]),
        (mysql, vec!["DATABASE_URL", "ROLE"]),
    ] {
        let error = Config::resolve(&raw).expect_err("it cannot be used").to_string();
        assert!(names.iter().all(|name| error.contains(name)), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
}

fn bucket(more: &[(&str, &str)]) -> S3Settings {
    let mut raw = [
        ("S3_BUCKET", "originals"),
        ("AWS_ACCESS_KEY_ID", "id"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("", ""),
        ("", ""),
        ("", ""),
    ];
    raw[3..3 + more.len()].copy_from_slice(more);
    match Config::resolve(&Raw::from(raw)).expect("valid").objects {
        ObjectsConfig::S3(s3) => s3,
        local => panic!("{local:?}"),
    }
}

#[test]
fn originals_are_in_a_folder_until_a_bucket_is_named() {
    let folder = |raw: Raw| match Config::resolve(&raw).expect("valid").objects {
        ObjectsConfig::Local { folder } => folder.display().to_string(),
        ObjectsConfig::S3(s3) => panic!("{s3:?}"),
    };
    assert_eq!(folder(Raw::default()), "./data/objects");
    assert_eq!(folder(Raw::from([("DATA_DIR", "/srv")])), "/srv/objects");
    assert_eq!(
        folder(Raw::from([("OBJECTS_DIR", "/o"), ("DATA_DIR", "/srv")])),
        "/o"
    );
    let s3 = bucket(&[]);
    assert_eq!((s3.bucket.as_str(), s3.endpoint.as_deref()), ("originals", None));
    assert_eq!(s3.secret_access_key.reveal(), "secret");
}

#[test]
fn region_and_style_follow_the_server_unless_they_are_set() {
    let cases = [
        (None, "us-east-1", false),
        (Some("https://fly.storage.tigris.dev"), "auto", false),
        (Some("https://t3.storage.dev/"), "auto", false),
        (Some("https://account.r2.cloudflarestorage.com"), "auto", true),
        (Some("http://127.0.0.1:9000"), "auto", true),
        (Some("http://[::1]:9000"), "auto", true),
        (Some("https://s3.eu-central-1.amazonaws.com"), "us-east-1", false),
    ];
    for (endpoint, region, path_style) in cases {
        let s3 = match endpoint {
            Some(url) => bucket(&[("AWS_ENDPOINT_URL_S3", url)]),
            None => bucket(&[]),
        };
        assert_eq!(
            (s3.region.as_str(), s3.path_style),
            (region, path_style),
            "{endpoint:?}"
        );
    }
    let s3 = bucket(&[
        ("AWS_ENDPOINT_URL_S3", "https://t3.storage.dev"),
        ("AWS_REGION", "eu-west-1"),
        ("S3_PATH_STYLE", "true"),
    ]);
    assert_eq!((s3.region.as_str(), s3.path_style), ("eu-west-1", true));
    assert!(
        bucket(&[("S3_BUCKET", "my.bucket")]).path_style,
        "no certificate covers it"
    );
}

#[test]
fn a_bucket_without_its_keys_is_refused_and_each_is_named() {
    let raw = Raw::from([
        ("S3_BUCKET", "originals"),
        ("AWS_ENDPOINT_URL_S3", "localhost:9000"),
        ("AWS_REGION", "eu west"),
        ("S3_PATH_STYLE", "perhaps"),
    ]);
    let error = Config::resolve(&raw).expect_err("five faults").to_string();
    for words in [
        "AWS_ACCESS_KEY_ID: takes an access key id, and is needed with S3_BUCKET",
        "AWS_SECRET_ACCESS_KEY: takes a secret access key, and is needed with S3_BUCKET",
        "AWS_ENDPOINT_URL_S3: takes an http:// or https:// URL",
        "AWS_REGION: takes a region",
        "S3_PATH_STYLE: takes true or false",
    ] {
        assert!(error.contains(words), "{words}: {error}");
    }
    for (name, value) in [
        ("S3_BUCKET", "a/b"),
        ("S3_BUCKET", "ab"),
        ("AWS_ENDPOINT_URL_S3", "https://"),
        ("AWS_ENDPOINT_URL_S3", "https://user:key@server"),
        ("AWS_ENDPOINT_URL_S3", "https://server/bucket"),
    ] {
        let error = Config::resolve(&Raw::from([(name, value)])).expect_err(value);
        assert_eq!(
            (error.0.len(), error.0[0].variable.as_str()),
            (1, name),
            "{value}"
        );
    }
}
