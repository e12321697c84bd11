use std::time::Duration;

use ilios::config::{Config, DatabaseConfig, Raw, parse_bytes, variables};
use proptest::prelude::*;

use crate::harness::repository;

#[test]
fn the_reference_of_variables_is_what_the_program_says() {
    let page = std::fs::read_to_string(repository("docs/configuration.md")).expect("docs/configuration.md");
    assert_eq!(page, ilios::config::documentation(), "run `make docs`");
}

#[test]
fn an_empty_environment_is_an_open_server_on_this_machine() {
    let config = Config::resolve(&Raw::default()).expect("valid");
    assert_eq!(config.listen.to_string(), "127.0.0.1:1337");
    assert!(config.api_keys.is_open());
    assert_eq!(config.database.to_string(), "./data/ilios.db");
    assert_eq!(config.max_file_size, 1 << 30);
    assert_eq!(config.convert_timeout, Duration::from_secs(300));
    assert_eq!(config.worker_count, 2);
}

#[test]
fn with_keys_it_listens_everywhere_and_host_overrides_both() {
    let listen = |raw: Raw| Config::resolve(&raw).expect("valid").listen.to_string();
    assert_eq!(
        listen(Raw::from([("API_KEY", "a,b"), ("PORT", "80")])),
        "0.0.0.0:80"
    );
    assert_eq!(
        listen(Raw::from([("API_KEY", "a"), ("HOST", "127.0.0.1")])),
        "127.0.0.1:1337"
    );
    assert_eq!(listen(Raw::from([("HOST", "::")])), "[::]:1337");
    assert_eq!(
        listen(Raw::from([("API_KEY", ""), ("HOST", " ")])),
        "127.0.0.1:1337"
    );
}

#[test]
fn all_faults_are_listed_at_once_each_with_what_the_variable_takes() {
    let raw = Raw::from([
        ("PORT", "70000"),
        ("HOST", "localhost"),
        ("MAX_FILE_SIZE", "many"),
        ("CONVERT_TIMEOUT", "0"),
        ("LOG_FORMAT", "xml"),
        ("USE_EMBEDDED_REPLICA", "perhaps"),
        ("TURSO_SYNC_INTERVAL", "-1"),
        ("WORKER_COUNT", "zero"),
    ]);
    let error = Config::resolve(&raw).expect_err("eight faults");
    let named: Vec<&str> = error.0.iter().map(|fault| fault.variable.as_str()).collect();
    for name in [
        "PORT",
        "HOST",
        "MAX_FILE_SIZE",
        "CONVERT_TIMEOUT",
        "LOG_FORMAT",
        "USE_EMBEDDED_REPLICA",
    ] {
        assert!(named.contains(&name), "{name}: {error}");
    }
    assert_eq!(named.len(), 8, "{error}");
    for fault in &error.0 {
        let variable = variables()
            .find(|variable| variable.name == fault.variable)
            .expect("known");
        assert!(fault.message.contains(variable.takes), "{fault}");
    }
}

#[test]
fn the_embedded_replica_is_set_up_by_its_primary_and_faults_are_named() {
    let (on, token) = (("USE_EMBEDDED_REPLICA", "true"), ("TURSO_AUTH_TOKEN", "hunter2"));
    let replica = |more: [(&str, &str); 3]| {
        let [one, two, three] = more;
        Config::resolve(&Raw::from([on, token, one, two, three]))
    };
    let url = ("TURSO_DATABASE_URL", "libsql://db.example.org");
    let config = replica([url, ("DATA_DIR", "/data"), ("TURSO_SYNC_INTERVAL", "5")]).expect("valid");
    let DatabaseConfig::Replica(replica_config) = &config.database else {
        panic!("{:?}", config.database);
    };
    assert_eq!(replica_config.url, url.1);
    assert_eq!(replica_config.file, std::path::Path::new("/data/replica.db"));
    assert_eq!(replica_config.sync_interval, Duration::from_secs(5));
    assert!(!config.database.to_string().contains("hunter2"));
    let fault = |one, two| {
        let error = replica([one, two, token]).expect_err("it is refused");
        assert_eq!(error.0.len(), 1, "{error}");
        assert!(!error.to_string().contains("hunter2"), "{error}");
        error.0[0].variable.clone()
    };
    assert_eq!(fault(on, on), "TURSO_DATABASE_URL");
    for unusable in [
        "db.example.org",
        "postgres://db",
        "https://",
        "https://db?authToken=hunter2",
        "https://me:hunter2@db",
    ] {
        assert_eq!(
            fault(("TURSO_DATABASE_URL", unusable), on),
            "TURSO_DATABASE_URL",
            "{unusable}"
        );
    }
    assert_eq!(
        fault(url, ("DATABASE_URL", "postgres://db/ilios")),
        "USE_EMBEDDED_REPLICA"
    );
    // Without the mode nothing of it is looked at.
    let off = Raw::from([("USE_EMBEDDED_REPLICA", "false"), ("TURSO_AUTH_TOKEN", "hunter2")]);
    assert!(matches!(
        Config::resolve(&off).expect("valid").database,
        DatabaseConfig::Local { .. }
    ));
}

#[test]
fn mistral_is_set_up_by_its_key_and_faults_are_named() {
    let config = |raw: Raw| Config::resolve(&raw).expect("valid");
    assert!(config(Raw::default()).mistral.is_none());
    let set = config(Raw::from([
        ("MISTRAL_API_KEY", "hunter2"),
        ("MISTRAL_BASE_URL", "https://gateway.example/prefix/v1/"),
        ("ENGINE", "auto"),
        ("FALLBACK", "local"),
        ("PRICE_PER_1000_PAGES", "3.50"),
    ]));
    let service = set.mistral.as_ref().expect("a service");
    assert_eq!(service.base_url, "https://gateway.example/prefix");
    assert_eq!(
        set.prices.mistral.map(ilios::model::MicroCents::get),
        Some(350_000)
    );
    assert!(set.select.fallback && set.select.default == Some(ilios::model::EngineChoice::Auto));
    let seconds = |set: &Config| {
        let times = set.mistral_batches;
        [times.poll, times.settling, times.lease].map(|time| time.as_secs())
    };
    assert_eq!(seconds(&set), [10, 60, 60]);
    let set = config(Raw::from([
        ("MISTRAL_BATCH_POLL", "120"),
        ("MISTRAL_BATCH_SETTLING", "5"),
        ("MISTRAL_BATCH_LEASE", "300"),
    ]));
    assert_eq!(seconds(&set), [120, 5, 300]);
    for (name, value) in [
        ("MISTRAL_BATCH_POLL", "0"),
        ("MISTRAL_BATCH_SETTLING", "a day"),
        ("MISTRAL_BATCH_LEASE", "9"),
        ("ENGINE", "tesseract"),
        ("FALLBACK", "mistral"),
        ("MISTRAL_BASE_URL", "api.mistral.ai"),
        ("MISTRAL_BASE_URL", "https://user:key@api.mistral.ai"),
        ("MISTRAL_TIMEOUT", "0"),
        ("MISTRAL_MAX_CONCURRENCY", "many"),
        ("PRICE_PER_1000_PAGES", "-1"),
        ("MISTRAL_OCR_MODEL", "a b"),
    ] {
        let error = Config::resolve(&Raw::from([(name, value)])).expect_err(value);
        assert_eq!(
            (error.0.len(), error.0[0].variable.as_str()),
            (1, name),
            "{value}"
        );
    }
    let error = Config::resolve(&Raw::from([("ENGINE", "mistral")])).expect_err("no key");
    assert_eq!(error.0[0].variable, "MISTRAL_API_KEY");
}

#[test]
fn sizes_are_read_with_and_without_units() {
    let cases = [
        ("1", Some(1)),
        ("1024", Some(1024)),
        ("500kB", Some(500 << 10)),
        ("20 MB", Some(20 << 20)),
        ("1GB", Some(1 << 30)),
        ("1tb", Some(1 << 40)),
        ("0", None),
        ("2TB", None),
        ("1.5GB", None),
        ("GB", None),
        ("-1", None),
        ("99999999999999999999", None),
    ];
    for (text, bytes) in cases {
        assert_eq!(parse_bytes(text), bytes, "{text}");
    }
}

proptest! {
    #[test]
    fn no_text_is_too_strange_for_a_size(text in any::<String>()) {
        prop_assert!(parse_bytes(&text).is_none_or(|bytes| (1..=1 << 40).contains(&bytes)));
    }
}

#[test]
fn the_budgets_of_a_document_can_be_set() {
    let limits = |raw: Raw| Config::resolve(&raw).expect("valid").limits;
    assert_eq!(limits(Raw::default()), ilios_convert::Limits::default());
    let set = limits(Raw::from([
        ("MAX_FILE_SIZE", "3MB"),
        ("CONVERT_MAX_PAGES", "7"),
        ("CONVERT_MAX_OUTPUT", "1MB"),
        ("CONVERT_MAX_PART", "2MB"),
        ("CONVERT_MAX_EXPANSION", "10"),
        ("CONVERT_MAX_PIXELS", "20000"),
        ("CONVERT_MAX_DEPTH", "32"),
    ]));
    let expected = ilios_convert::Limits {
        input_bytes: 3 << 20,
        output_bytes: 1 << 20,
        pages: 7,
        part_bytes: 2 << 20,
        expansion_ratio: 10,
        depth: 32,
        pixels: 20_000,
        ..ilios_convert::Limits::default()
    };
    assert_eq!(set, expected);
    for (name, value) in [
        ("CONVERT_MAX_PAGES", "0"),
        ("CONVERT_MAX_OUTPUT", "1GB"),
        ("CONVERT_MAX_PART", "much"),
        ("CONVERT_MAX_EXPANSION", "1.5"),
        ("CONVERT_MAX_PIXELS", "9999"),
        ("CONVERT_MAX_DEPTH", "100000"),
    ] {
        let error = Config::resolve(&Raw::from([(name, value)])).expect_err(value);
        assert_eq!(
            (error.0.len(), error.0[0].variable.as_str()),
            (1, name),
            "{value}"
        );
    }
}
