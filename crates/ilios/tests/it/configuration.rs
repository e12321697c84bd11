use std::time::Duration;

use ilios::config::{
    Config, CorsOrigins, DatabaseConfig, ObjectsConfig, Raw, Role, S3Config, parse_bytes, variables,
};
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
    let mistral = |raw: Raw| Config::resolve(&raw).expect("valid").mistral;
    assert_eq!(mistral(Raw::default()).key, None);
    let set = mistral(Raw::from([
        ("MISTRAL_API_KEY", "hunter2"),
        ("MISTRAL_BASE_URL", "https://gateway.example/prefix/v1/"),
        ("ENGINE", "auto"),
        ("FALLBACK", "local"),
        ("PRICE_PER_1000_PAGES", "3.50"),
    ]));
    assert_eq!(set.base_url.as_deref(), Some("https://gateway.example/prefix"));
    assert_eq!(set.page_price.map(ilios::model::MicroCents::get), Some(350_000));
    assert!(set.fallback && set.engine == Some(ilios::model::EngineChoice::Auto));
    let seconds = |set: &ilios::config::MistralConfig| {
        let times = set.batches;
        [times.poll, times.settling, times.lease].map(|time| time.as_secs())
    };
    assert_eq!(seconds(&set), [10, 60, 60]);
    let set = mistral(Raw::from([
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
fn pages_of_elsewhere_are_welcome_with_keys_and_where_they_are_named() {
    let origins = |raw: Raw| Config::resolve(&raw).expect("valid").cors_origins;
    let named = |list: &[&str]| CorsOrigins::These(list.iter().map(|origin| (*origin).to_owned()).collect());
    assert_eq!(origins(Raw::default()), named(&[]));
    assert_eq!(origins(Raw::from([("API_KEY", "key")])), CorsOrigins::Any);
    assert_eq!(
        origins(Raw::from([("API_KEY", "key"), ("CORS_ORIGINS", "none")])),
        named(&[])
    );
    let list = "https://App.example.org/, http://localhost:3000";
    let both = named(&["https://app.example.org", "http://localhost:3000"]);
    assert_eq!(origins(Raw::from([("CORS_ORIGINS", list)])), both);
    for wrong in [
        "app.example.org",
        "https://",
        "https://a/b",
        "ftp://a",
        "https://a,,https://b",
    ] {
        let error = Config::resolve(&Raw::from([("CORS_ORIGINS", wrong)])).expect_err(wrong);
        assert_eq!(error.0[0].variable, "CORS_ORIGINS", "{wrong}");
    }
}

#[test]
fn keys_that_are_set_and_open_the_server_all_the_same_are_refused() {
    for keys in [",", " ", " , ,", "\t", "\n"] {
        let error = Config::resolve(&Raw::from([("API_KEY", keys)])).expect_err(keys);
        assert_eq!(
            (error.0.len(), error.0[0].variable.as_str()),
            (1, "API_KEY"),
            "{keys}"
        );
        assert!(error.0[0].message.contains("holds no key"), "{error}");
    }
    let long = "k".repeat(16_001);
    for keys in [
        "schl\u{fc}ssel",
        "good-enough-for-me,a\u{7f}b",
        "a\nb",
        "\u{feff}key",
        &long,
    ] {
        let error = Config::resolve(&Raw::from([("API_KEY", keys)])).expect_err(keys);
        assert_eq!(
            (error.0.len(), error.0[0].variable.as_str()),
            (1, "API_KEY"),
            "{keys}"
        );
        assert!(error.0[0].message.contains("no header can carry"), "{error}");
        assert!(!error.to_string().contains(keys), "{error}");
    }
    for (name, more) in [
        ("MISTRAL_API_KEY", ("PORT", "0")),
        ("TURSO_AUTH_TOKEN", ("TURSO_DATABASE_URL", "libsql://db")),
        ("AWS_ACCESS_KEY_ID", ("AWS_SECRET_ACCESS_KEY", "secret")),
    ] {
        let replica = (
            "USE_EMBEDDED_REPLICA",
            if name.starts_with("TURSO") { "1" } else { "0" },
        );
        let bucket = (
            "S3_BUCKET",
            if name.starts_with("AWS") {
                "originals"
            } else {
                "none"
            },
        );
        let keys = [("AWS_ACCESS_KEY_ID", "id"), ("AWS_SECRET_ACCESS_KEY", "secret")];
        let raw = Raw::from([keys[0], keys[1], (name, "a\nb"), more, replica, bucket]);
        let error = Config::resolve(&raw).expect_err(name);
        assert_eq!(
            (error.0.len(), error.0[0].variable.as_str()),
            (1, name),
            "{error}"
        );
    }
}

#[test]
fn what_is_set_and_blank_does_not_switch_off_what_keeps_others_out() {
    for name in [
        "DB_ENCRYPTION_KEY",
        "NEW_DB_ENCRYPTION_KEY",
        "DATABASE_URL",
        "TURSO_AUTH_TOKEN",
        "MISTRAL_API_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "S3_BUCKET",
        "CORS_ORIGINS",
        "TRUSTED_PROXIES",
    ] {
        for blank in ["", " ", "\t\n"] {
            let error = Config::resolve(&Raw::from([(name, blank)])).expect_err(name);
            assert_eq!(
                (error.0.len(), error.0[0].variable.as_str()),
                (1, name),
                "{error}"
            );
            assert!(error.0[0].message.contains("blank"), "{error}");
        }
    }
    Config::resolve(&Raw::from([
        ("PORT", ""),
        ("HOST", ""),
        ("API_KEY", ""),
        ("SANDBOX", " "),
    ]))
    .expect("valid");
}

#[test]
fn what_is_probably_not_meant_so_is_warned_of_without_its_value() {
    let warnings = |raw: Raw| Config::resolve(&raw).expect("valid").warnings;
    let long = "0123456789abcdef0123456789abcdef";
    assert_eq!(
        warnings(Raw::from([("API_KEY", long), ("DB_ENCRYPTION_KEY", long)])),
        [""; 0]
    );
    let short = warnings(Raw::from([
        ("API_KEY", format!("hunter2,{long}").as_str()),
        ("DB_ENCRYPTION_KEY", "hunter2"),
    ]));
    assert_eq!(short.len(), 2, "{short:?}");
    assert!(
        short[0].contains("API_KEY: 1 of 2") && short[1].contains("DB_ENCRYPTION_KEY"),
        "{short:?}"
    );
    assert!(!short.concat().contains("hunter2"), "{short:?}");
    assert!(warnings(Raw::from([("CORS_ORIGINS", "*")]))[0].contains("CORS_ORIGINS"));
    assert_eq!(
        warnings(Raw::from([("CORS_ORIGINS", "*"), ("API_KEY", long)])),
        [""; 0]
    );
    for (name, meant) in [
        ("API_KEYS", "API_KEY"),
        ("APIKEY", "API_KEY"),
        ("api_key", "API_KEY"),
        ("AIP_KEY", "API_KEY"),
        ("API_KEYS_FILE", "API_KEY_FILE"),
        ("DB_ENCRYPTON_KEY", "DB_ENCRYPTION_KEY"),
        ("DATABASE_URI", "DATABASE_URL"),
        ("S3BUCKET", "S3_BUCKET"),
        ("CORS_ORIGIN", "CORS_ORIGINS"),
        ("ENGINES", "ENGINE"),
        ("SANBOX", "SANDBOX"),
    ] {
        let warned = warnings(Raw::from([(name, "hunter2")]));
        assert_eq!(warned.len(), 1, "{name}: {warned:?}");
        assert!(
            warned[0].starts_with(name) && warned[0].ends_with(&format!("did you mean {meant}?")),
            "{warned:?}"
        );
    }
    assert_eq!(
        warnings(Raw::from([("API_KEYS", "a"), ("API_KEY", long)])),
        [""; 0],
        "the other one is set"
    );
}

#[test]
fn nothing_of_a_usual_environment_looks_misspelt() {
    let names = "PATH HOME HOSTNAME USER LOGNAME SHELL SHLVL TERM LANG LC_ALL PWD OLDPWD TMPDIR EDITOR PAGER MAIL \
                DISPLAY SSH_TTY SSH_AUTH_SOCK XDG_DATA_DIRS XDG_DATA_HOME http_proxy HTTPS_PROXY no_proxy PORTS \
                HOSTS ROLES host port KUBERNETES_PORT KUBERNETES_SERVICE_HOST POSTGRES_PASSWORD PGHOST PGDATABASE \
                AWS_PROFILE AWS_DEFAULT_REGION AWS_SESSION_TOKEN OPENAI_API_KEY ANTHROPIC_API_KEY GITHUB_TOKEN CI \
                DEBIAN_FRONTEND CARGO_HOME RUST_LOG RUST_BACKTRACE PYTHONPATH NODE_ENV VIRTUAL_ENV INVOCATION_ID \
                JOURNAL_STREAM SYSTEMD_EXEC_PID container OCR_ENGINE MEMORY ENV TZ UID";
    for name in names.split(' ') {
        let config = Config::resolve(&Raw::from([(name, "value")])).expect("valid");
        assert_eq!(config.warnings, [""; 0], "{name}");
    }
}

#[test]
fn proxies_and_the_address_of_the_server_are_named_in_full() {
    let config = |raw: Raw| Config::resolve(&raw).expect("valid");
    assert_eq!(config(Raw::default()).trusted_proxies, []);
    assert_eq!(
        config(Raw::from([("TRUSTED_PROXIES", "none")])).trusted_proxies,
        []
    );
    let set = config(Raw::from([
        ("TRUSTED_PROXIES", "10.0.0.0/8, 192.0.2.7,fd00::/8"),
        ("PUBLIC_URL", "https://Docs.example.org/"),
    ]));
    assert_eq!(set.public_url.as_deref(), Some("https://docs.example.org"));
    let trusts = |address: &str| {
        let address: std::net::IpAddr = address.parse().expect("an address");
        set.trusted_proxies
            .iter()
            .any(|range| range.contains(&address.to_canonical()))
    };
    for (address, trusted) in [
        ("10.255.0.1", true),
        ("::ffff:10.0.0.1", true),
        ("11.0.0.1", false),
        ("192.0.2.7", true),
        ("192.0.2.8", false),
        ("fdff::1", true),
        ("fe00::1", false),
    ] {
        assert_eq!(trusts(address), trusted, "{address}");
    }
    for (name, value) in [
        ("TRUSTED_PROXIES", "10.0.0.1/8"),
        ("TRUSTED_PROXIES", "10.0.0.0/33"),
        ("TRUSTED_PROXIES", "10.0.0.0/"),
        ("TRUSTED_PROXIES", "10.0.0.0/8,"),
        ("TRUSTED_PROXIES", "proxy"),
        ("TRUSTED_PROXIES", "*"),
        ("PUBLIC_URL", "docs.example.org"),
        ("PUBLIC_URL", "https://docs.example.org/ilios"),
        ("PUBLIC_URL", "https://me@docs.example.org"),
    ] {
        let error = Config::resolve(&Raw::from([(name, value)])).expect_err(value);
        assert_eq!(
            (error.0.len(), error.0[0].variable.as_str()),
            (1, name),
            "{value}"
        );
    }
}

#[test]
fn addresses_are_fetched_from_only_where_it_is_allowed() {
    let hosts = |raw: Raw| Config::resolve(&raw).expect("valid").url_hosts;
    let list = (
        "URL_ALLOW_HOSTS",
        "files.internal, .Example.org,10.0.0.7,[fd00::1]",
    );
    assert_eq!(hosts(Raw::from([list])), None, "the list alone allows nothing");
    let allowed = hosts(Raw::from([list, ("ALLOW_URL_INPUT", "true")])).expect("it is allowed");
    assert_eq!(
        allowed,
        ["files.internal", ".example.org", "10.0.0.7", "[fd00::1]"]
    );
    let error = Config::resolve(&Raw::from([("URL_ALLOW_HOSTS", "http://files/")])).expect_err("a URL");
    assert_eq!(error.0[0].variable, "URL_ALLOW_HOSTS");
}

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

fn bucket(more: &[(&str, &str)]) -> S3Config {
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
    let objects = |raw: Raw| Config::resolve(&raw).expect("valid").objects;
    let folder = |folder: &str| ObjectsConfig::Local {
        folder: folder.into(),
    };
    assert_eq!(objects(Raw::default()), folder("./data/objects"));
    assert_eq!(objects(Raw::from([("DATA_DIR", "/srv")])), folder("/srv/objects"));
    assert_eq!(
        objects(Raw::from([("OBJECTS_DIR", "/o"), ("DATA_DIR", "/srv")])),
        folder("/o")
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
