use super::parse::Parser;

/// The web pages that may use the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CorsOrigins {
    /// Every one.
    Any,
    /// Those of these origins.
    These(Vec<String>),
}

impl CorsOrigins {
    /// Unset, every page may use a server with keys, which no browser sends by itself, and none an open one.
    pub(super) fn read(parser: &mut Parser<'_>, is_open: bool) -> Self {
        let default = if is_open {
            Self::These(Vec::new())
        } else {
            Self::Any
        };
        parser.value("CORS_ORIGINS", default, |text| match text {
            "*" => Some(Self::Any),
            "none" => Some(Self::These(Vec::new())),
            list => {
                let origins = list.split(',').map(str::trim).map(origin);
                origins.collect::<Option<_>>().map(Self::These)
            }
        })
    }
}

/// `https://app.example.org:8443`, and nothing behind it.
fn origin(text: &str) -> Option<String> {
    let text = text.trim_end_matches('/');
    let (scheme, server) = text.split_once("://")?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]_".contains(&byte);
    let sound = matches!(scheme, "http" | "https") && !server.is_empty() && server.bytes().all(plain);
    sound.then(|| text.to_ascii_lowercase())
}

/// Hosts beside the public ones that documents may be fetched from, when any may be fetched.
pub(super) fn url_hosts(parser: &mut Parser<'_>) -> Option<Vec<String>> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte);
    let hosts = parser.value("URL_ALLOW_HOSTS", Vec::new(), |list| {
        let hosts = list.split(',').map(str::trim).map(|host| {
            let sound = !host.is_empty() && host.bytes().all(plain);
            sound.then(|| host.to_ascii_lowercase())
        });
        hosts.collect()
    });
    parser.flag("ALLOW_URL_INPUT").then_some(hosts)
}
