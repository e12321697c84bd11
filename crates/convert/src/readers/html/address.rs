/// Bytes of an address, at most: each run of the link's text has it.
pub(super) const MAX_ADDRESS: usize = 2_048;

/// Absolute address against which the relative ones of a page are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Base {
    /// Scheme with its colon.
    scheme: String,
    /// Scheme, host and port.
    origin: String,
    /// Path without query.
    path: String,
}

impl Base {
    /// Reads the value of `base href`; `None` for one that is not absolute.
    pub(super) fn of(address: &str) -> Option<Self> {
        let address = address.trim();
        let (scheme, rest) = address.split_once("//")?;
        let known = ["http:", "https:"]
            .iter()
            .any(|known| scheme.eq_ignore_ascii_case(known));
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (host, path) = rest.split_at_checked(end)?;
        if !known || host.is_empty() || address.len() > MAX_ADDRESS {
            return None;
        }
        let path = path.split(['?', '#']).next().unwrap_or_default();
        Some(Self {
            scheme: scheme.to_owned(),
            origin: format!("{scheme}//{host}"),
            path: if path.is_empty() {
                "/".into()
            } else {
                path.to_owned()
            },
        })
    }

    /// Address that a relative one means; `None` for one that says its scheme itself.
    pub(super) fn resolve(&self, address: &str) -> Option<String> {
        let address = address.trim();
        let scheme_end = address.find([':', '/', '?', '#']);
        if address.is_empty()
            || address.starts_with('#')
            || scheme_end.is_some_and(|at| address.get(at..).is_some_and(|rest| rest.starts_with(':')))
        {
            return None;
        }
        if address.starts_with("//") {
            return Some(format!("{}{address}", self.scheme));
        }
        let end = address.find(['?', '#']).unwrap_or(address.len());
        let (path, rest) = address.split_at_checked(end)?;
        let whole = if path.is_empty() {
            self.path.clone()
        } else if path.starts_with('/') {
            path.to_owned()
        } else {
            let folder = self
                .path
                .rfind('/')
                .map_or("/", |at| self.path.get(..=at).unwrap_or("/"));
            format!("{folder}{path}")
        };
        Some(format!("{}{}{rest}", self.origin, without_dots(&whole)))
    }
}

/// Path without `.` and `..`.
fn without_dots(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    let mut names = path.split('/').skip(1).peekable();
    while let Some(name) = names.next() {
        let last = names.peek().is_none();
        match name {
            "." | ".." => {
                if name == ".." {
                    parts.pop();
                }
                if last {
                    parts.push("");
                }
            }
            name => parts.push(name),
        }
    }
    format!("/{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::Base;

    #[test]
    fn relative_addresses_are_read_against_the_base() {
        let base = Base::of("https://a.example:8080/docs/guide/index.html?x#y");
        let resolve = |address: &str| base.as_ref().and_then(|base| base.resolve(address));
        for (address, whole) in [
            ("b.html", "https://a.example:8080/docs/guide/b.html"),
            ("../b.html?q=1#z", "https://a.example:8080/docs/b.html?q=1#z"),
            ("/c/./d", "https://a.example:8080/c/d"),
            ("../../../../e/", "https://a.example:8080/e/"),
            ("?q", "https://a.example:8080/docs/guide/index.html?q"),
            ("//b.example/x", "https://b.example/x"),
            ("..", "https://a.example:8080/docs/"),
        ] {
            assert_eq!(resolve(address).as_deref(), Some(whole), "{address}");
        }
        for address in ["#here", "mailto:a@b.example", "javascript:x()", ""] {
            assert_eq!(resolve(address), None, "{address}");
        }
    }

    #[test]
    fn a_base_that_is_not_absolute_is_none() {
        for address in ["/docs/", "docs", "file:///etc/", "//host/", "http:///x"] {
            assert_eq!(Base::of(address), None, "{address}");
        }
    }
}
