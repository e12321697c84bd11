use reqwest::Url;

use super::parse::Parser;
use crate::model::Secret;

/// The server that commands ask as its clients.
#[derive(Debug, Clone)]
pub struct ClientConfig {
    /// Its address, where it is set.
    pub url: Option<Url>,
    /// The API key that they send.
    pub key: Option<Secret>,
}

impl ClientConfig {
    pub(super) fn read(parser: &mut Parser<'_>) -> Self {
        Self {
            url: parser.value("ILIOS_URL", None, |text| server_url(text).map(Some)),
            key: parser.header_secret("ILIOS_API_KEY"),
        }
    }
}

/// Reads the address of a server, to which paths can be appended: it ends with a slash.
#[must_use]
pub fn server_url(text: &str) -> Option<Url> {
    let url = Url::parse(&format!("{}/", text.trim_end_matches('/'))).ok()?;
    let plain = url.query().is_none() && url.fragment().is_none() && url.has_host();
    // The address is shown; a key is none of its parts.
    let open = url.username().is_empty() && url.password().is_none();
    (matches!(url.scheme(), "http" | "https") && plain && open).then_some(url)
}

#[cfg(test)]
mod tests {
    use reqwest::Url;

    use super::server_url;

    #[test]
    fn an_address_is_a_host_and_perhaps_a_path() {
        for (text, read) in [
            ("http://127.0.0.1:1337", Some("http://127.0.0.1:1337/")),
            (
                "https://docs.example.org/ilios/",
                Some("https://docs.example.org/ilios/"),
            ),
            ("http://[::1]:1337/", Some("http://[::1]:1337/")),
            ("ftp://a", None),
            ("https://", None),
            ("docs.example.org", None),
            ("https://user:key@docs.example.org", None),
            ("https://docs.example.org/?a=b", None),
        ] {
            assert_eq!(server_url(text).as_ref().map(Url::as_str), read, "{text}");
        }
    }
}
