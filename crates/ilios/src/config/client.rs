use super::parse::Parser;
use crate::model::Secret;

/// Another server, whose client this program is.
#[derive(Debug, Clone)]
pub struct RemoteServer {
    /// Its address, without a slash at its end.
    pub url: String,
    /// The key to send to it.
    pub key: Option<Secret>,
}

/// The server that is named.
pub(super) fn read(parser: &mut Parser<'_>) -> Option<RemoteServer> {
    let key = parser.header_secret("ILIOS_API_KEY");
    let url = parser.value("ILIOS_URL", None, |text| address(text).map(Some))?;
    Some(RemoteServer { url, key })
}

/// `https://docs.example.org/ilios`: a host, and perhaps a path that a proxy has for it.
fn address(text: &str) -> Option<String> {
    let text = text.trim_end_matches('/');
    let (scheme, rest) = text.split_once("://")?;
    let host = rest.split('/').next()?;
    let is_plain = |byte: u8| byte.is_ascii_graphic() && !b"?#@\\".contains(&byte);
    let is_sound = matches!(scheme, "http" | "https") && !host.is_empty() && rest.bytes().all(is_plain);
    is_sound.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn an_address_is_a_host_and_perhaps_a_path() {
        for (text, read) in [
            ("http://127.0.0.1:1337", Some("http://127.0.0.1:1337")),
            (
                "https://docs.example.org/ilios/",
                Some("https://docs.example.org/ilios"),
            ),
            ("http://[::1]:1337/", Some("http://[::1]:1337")),
            ("ftp://a", None),
            ("https://", None),
            ("docs.example.org", None),
            ("https://user:key@docs.example.org", None),
            ("https://docs.example.org/?a=b", None),
        ] {
            assert_eq!(address(text).as_deref(), read, "{text}");
        }
    }
}
