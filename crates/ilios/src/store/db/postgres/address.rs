use std::path::PathBuf;

use tokio_postgres::Config;
use tokio_postgres::config::SslMode;

/// A parsed `DATABASE_URL`.
pub(super) struct Address {
    pub(super) config: Config,
    /// Trusted certificate authorities; `None` accepts any, as `sslmode=require` of other clients does.
    pub(super) verify: Option<Roots>,
}

/// The certificates that a server's is checked against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Roots {
    /// Those of the system.
    System,
    /// Those of a PEM file.
    File(PathBuf),
}

impl Address {
    /// Reads `postgres://…`. Beside the parameters of the driver it knows `sslmode=verify-full` and
    /// `sslrootcert=FILE`. Messages never quote the URL, which holds a password.
    pub(super) fn parse(url: &str) -> Result<Self, String> {
        let (base, query) = url.split_once('?').unwrap_or((url, ""));
        let (mut mode, mut file, mut others) = ("prefer", None, Vec::new());
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some(("sslmode", value)) => mode = value,
                Some(("sslrootcert", value)) => file = Some(PathBuf::from(value.replace("%2F", "/"))),
                _ => others.push(pair),
            }
        }
        let rest = format!("{base}?{}", others.join("&"));
        let mut config: Config = rest
            .parse()
            .map_err(|error| format!("DATABASE_URL cannot be used: {}", without_values(&error)))?;
        let (ssl, verified) = match mode {
            "disable" => (SslMode::Disable, false),
            "prefer" => (SslMode::Prefer, false),
            "require" => (SslMode::Require, false),
            "verify-full" => (SslMode::Require, true),
            _ => {
                return Err(
                    "DATABASE_URL: sslmode takes disable, prefer, require or verify-full (the server's \
                     certificate is checked with verify-full alone)"
                        .into(),
                );
            }
        };
        config.ssl_mode(ssl);
        // A certificate authority that is named is meant.
        let verify = match file {
            Some(file) => Some(Roots::File(file)),
            None => verified.then_some(Roots::System),
        };
        Ok(Self { config, verify })
    }
}

fn without_values(error: &tokio_postgres::Error) -> String {
    // The driver names the parameter, not its value.
    let cause = std::error::Error::source(error).map(ToString::to_string);
    cause.unwrap_or_else(|| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(query: &str) -> Result<Address, String> {
        Address::parse(&format!("postgres://me:hunter2@db:5433/ilios{query}"))
    }

    #[test]
    fn tls_is_what_the_url_says() {
        let mode = |query: &str| parsed(query).expect("it is read").config.get_ssl_mode();
        assert_eq!(mode(""), SslMode::Prefer);
        assert_eq!(mode("?sslmode=disable"), SslMode::Disable);
        assert_eq!(mode("?connect_timeout=3&sslmode=require"), SslMode::Require);
        let verify = |query: &str| parsed(query).expect("it is read").verify;
        assert_eq!(verify("?sslmode=require"), None);
        assert_eq!(verify("?sslmode=verify-full"), Some(Roots::System));
        let file = Roots::File("/etc/ca.pem".into());
        assert_eq!(verify("?sslmode=verify-full&sslrootcert=/etc/ca.pem"), Some(file));
    }

    #[test]
    fn what_cannot_be_used_is_refused_without_the_password() {
        for query in ["?sslmode=always", "?no_such_parameter=1", "?connect_timeout=soon"] {
            let refused = parsed(query).err().expect("it is refused");
            assert!(
                refused.contains("DATABASE_URL") && !refused.contains("hunter2"),
                "{refused}"
            );
        }
    }
}
