//! Settings of who may use the server, and from where.

use ilios::config::{Config, Raw};
use ilios::http::AllowedOrigins;
use ilios::outbound::AllowedHosts;

#[test]
fn pages_of_elsewhere_are_welcome_with_keys_and_where_they_are_named() {
    let origins = |raw: Raw| Config::resolve(&raw).expect("valid").edge.origins.allowed;
    let named =
        |list: &[&str]| AllowedOrigins::These(list.iter().map(|origin| (*origin).to_owned()).collect());
    assert_eq!(origins(Raw::default()), named(&[]));
    assert_eq!(origins(Raw::from([("API_KEY", "key")])), AllowedOrigins::Any);
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
    let address = |raw: Raw| config(raw).edge.public_address;
    assert_eq!(*address(Raw::default()).trusted_proxies, []);
    let none = Raw::from([("TRUSTED_PROXIES", "none")]);
    assert_eq!(*address(none).trusted_proxies, []);
    let set = address(Raw::from([
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
    let config = |raw: Raw| Config::resolve(&raw).expect("valid");
    let list = (
        "URL_ALLOW_HOSTS",
        "files.internal, .Example.org,10.0.0.7,[fd00::1]",
    );
    assert!(
        !config(Raw::from([list])).url_input,
        "the list alone allows nothing"
    );
    let allowed = config(Raw::from([list, ("ALLOW_URL_INPUT", "true")]));
    assert!(allowed.url_input);
    let hosts = ["files.internal", ".example.org", "10.0.0.7", "[fd00::1]"];
    assert_eq!(
        allowed.fetcher.allowed_hosts,
        AllowedHosts::new(hosts.map(str::to_owned).to_vec())
    );
    let error = Config::resolve(&Raw::from([("URL_ALLOW_HOSTS", "http://files/")])).expect_err("a URL");
    assert_eq!(error.0[0].variable, "URL_ALLOW_HOSTS");
}
