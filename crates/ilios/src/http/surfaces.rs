/// Interface of another product, or of a protocol, under which its clients use the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    /// The external document loader of Open WebUI.
    OpenWebUi,
    /// Apache Tika's server.
    Tika,
    /// docling-serve.
    Docling,
    /// Unstructured's partition endpoint.
    Unstructured,
    /// Mistral's OCR.
    Mistral,
    /// The Model Context Protocol.
    Mcp,
}

/// Interfaces that are served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Surfaces(u8);

impl Surface {
    /// Every interface.
    pub const ALL: [Self; 6] = [
        Self::OpenWebUi,
        Self::Tika,
        Self::Docling,
        Self::Unstructured,
        Self::Mistral,
        Self::Mcp,
    ];

    /// Its name in the settings.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::OpenWebUi => "openwebui",
            Self::Tika => "tika",
            Self::Docling => "docling",
            Self::Unstructured => "unstructured",
            Self::Mistral => "mistral",
            Self::Mcp => "mcp",
        }
    }
}

impl Surface {
    /// Its product's name.
    pub(in crate::http) fn product(self) -> &'static str {
        match self {
            Self::OpenWebUi => "Open WebUI",
            Self::Tika => "Apache Tika",
            Self::Docling => "docling-serve",
            Self::Unstructured => "Unstructured",
            Self::Mistral => "Mistral",
            Self::Mcp => "the Model Context Protocol",
        }
    }

    /// Returns true if a path that needs a key belongs to it.
    pub(in crate::http) fn has_path(self, path: &str) -> bool {
        let mut parts = path.split('/').skip(1);
        let (first, second) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let of_mistral = first == "v1" && MISTRAL.contains(&second);
        match self {
            Self::OpenWebUi => first == "process" || path == "/api/v1/marker",
            Self::Tika => ["tika", "rmeta", "meta", "detect", "language", "unpack"].contains(&first),
            Self::Docling => ["v1", "v1alpha"].contains(&first) && !of_mistral,
            Self::Unstructured => first == "general",
            Self::Mistral => of_mistral,
            Self::Mcp => first == "mcp",
        }
    }
}

/// Second parts of the paths of Mistral's interface, whose first part is that of others, too.
const MISTRAL: [&str; 3] = ["ocr", "files", "batch"];

impl Surfaces {
    /// None of them.
    pub const NONE: Self = Self(0);
    /// All of them.
    pub const ALL: Self = Self(u8::MAX);

    /// Returns true if `surface` is one of them.
    #[must_use]
    pub fn has(self, surface: Surface) -> bool {
        self.0 & (1 << surface as u8) != 0
    }

    /// Reads `all`, `off`, or names separated by commas.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim() {
            "all" => return Some(Self::ALL),
            "off" => return Some(Self::NONE),
            _ => {}
        }
        text.split(',').try_fold(Self::NONE, |known, name| {
            let named = Surface::ALL
                .into_iter()
                .find(|surface| surface.name() == name.trim())?;
            Some(Self(known.0 | (1 << named as u8)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Surface, Surfaces};
    use crate::http::extract::required_scope::COMPAT_PATHS;

    #[test]
    fn every_path_belongs_to_one_surface() {
        for (_, path, _) in COMPAT_PATHS {
            let owners = Surface::ALL.into_iter().filter(|surface| surface.has_path(path));
            assert_eq!(owners.count(), 1, "{path}");
        }
    }

    #[test]
    fn surfaces_are_all_none_or_named() {
        for surface in Surface::ALL {
            assert!(Surfaces::ALL.has(surface) && !Surfaces::NONE.has(surface));
            let named = Surfaces::parse(surface.name()).expect("a name");
            assert!(
                Surface::ALL
                    .into_iter()
                    .all(|other| named.has(other) == (other == surface))
            );
        }
        let two = Surfaces::parse("tika, docling").expect("names");
        assert!(two.has(Surface::Tika) && two.has(Surface::Docling) && !two.has(Surface::OpenWebUi));
        assert_eq!(Surfaces::parse("all"), Some(Surfaces::ALL));
        assert_eq!(Surfaces::parse("off"), Some(Surfaces::NONE));
        for text in ["", "none", "tika,", "Tika", "tika docling", "tika,off"] {
            assert_eq!(Surfaces::parse(text), None, "{text:?}");
        }
    }
}
