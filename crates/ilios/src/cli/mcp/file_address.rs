use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;

/// The path of a `file:` address of this machine; `None` for any other text.
pub(super) fn path_of(address: &str) -> Option<PathBuf> {
    let (scheme, rest) = address.split_once(':')?;
    if !scheme.eq_ignore_ascii_case("file") {
        return None;
    }
    let path = match rest.strip_prefix("//") {
        Some(rest) => {
            let (host, _) = rest.split_once('/')?;
            let is_here = host.is_empty() || host.eq_ignore_ascii_case("localhost");
            is_here.then(|| rest.get(host.len()..)).flatten()?
        }
        None => rest,
    };
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let bytes = unescaped(path)?;
    let is_absolute = bytes.first() == Some(&b'/');
    (is_absolute && !bytes.contains(&0)).then(|| PathBuf::from(OsString::from_vec(bytes)))
}

/// Bytes of a path; `None` where a per cent sign has no two digits behind it.
fn unescaped(text: &str) -> Option<Vec<u8>> {
    let mut parts = text.split('%');
    let mut out = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let digits = part
            .get(..2)
            .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        out.push(u8::from_str_radix(digits, 16).ok()?);
        out.extend_from_slice(part.get(2..).unwrap_or_default().as_bytes());
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::path_of;

    #[test]
    fn addresses_of_this_machine_have_a_path() {
        for (address, path) in [
            ("file:///a/b.pdf", "/a/b.pdf"),
            ("file:/a/b.pdf", "/a/b.pdf"),
            ("FILE://localhost/a%20b%C3%A4.pdf", "/a bä.pdf"),
            ("file:///a/../b", "/a/../b"),
            ("file:///a#page=2", "/a"),
            ("file:///100%25.txt", "/100%.txt"),
        ] {
            assert_eq!(path_of(address).as_deref(), Some(Path::new(path)), "{address}");
        }
        for address in [
            "file://host/a",
            "file:a",
            "file:",
            "file://",
            "file:///%00",
            "file:///%zz",
            "file:///%",
            "/a",
            "http://a/b",
        ] {
            assert_eq!(path_of(address), None, "{address}");
        }
    }
}
