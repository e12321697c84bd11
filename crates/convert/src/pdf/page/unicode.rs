//! Text of codes that the font does not map.

use std::cell::OnceCell;

use hayro::hayro_syntax::object::{Dict, Name, Object, Stream, String as PdfString};
use hayro_font::CMapResolverFn;
use hayro_font::hayro_cmap::{BfString, CMap, CMapName, CidFamily};

use super::loose_map::LooseMap;

/// Ways to find the text of a code where the font has none for it.
#[derive(Default)]
pub(super) struct Fallbacks<'a> {
    /// `ToUnicode`, and what can be read of it although it is malformed.
    to_unicode: Option<Stream<'a>>,
    loose: OnceCell<LooseMap>,

    /// Code to character id, and character id to text, of a font of a known collection.
    collection: Option<(CMap, CMap)>,
    /// `ToUnicode` is the name of the identity: codes are UCS-2.
    identity: bool,
    /// Type 3 font, whose names of glyphs say nothing: codes are mostly Latin-1.
    latin: bool,
}

/// Text of a code.
pub(super) struct Known {
    pub(super) text: String,
    /// False if the code has no text.
    pub(super) known: bool,
}

impl<'a> Fallbacks<'a> {
    pub(super) fn of(font: &Dict<'a>, descendant: Option<&Dict<'_>>, resolver: &CMapResolverFn) -> Self {
        let to_unicode = font.get::<Name<'_>>(b"ToUnicode");
        Self {
            to_unicode: font.get::<Stream<'a>>(b"ToUnicode"),
            loose: OnceCell::new(),
            collection: descendant.and_then(|descendant| collection(font, descendant, resolver)),
            identity: to_unicode.is_some_and(|name| name.as_str().starts_with("Identity")),
            latin: font
                .get::<Name<'_>>(b"Subtype")
                .is_some_and(|name| name.as_str() == "Type3"),
        }
    }

    /// Text of a code that the font maps to `mapped`. `by_program` tells what its glyph says.
    pub(super) fn text(
        &self,
        code: u32,
        mapped: Option<BfString>,
        by_program: impl FnOnce() -> Option<char>,
    ) -> Known {
        let found = mapped
            .and_then(sound)
            .or_else(|| self.by_loose_map(code))
            .or_else(|| self.by_collection(code))
            .or_else(|| self.identity.then(|| character(code)).flatten())
            .or_else(|| (self.latin && code < 256).then(|| character(code)).flatten())
            .or_else(|| by_program().map(String::from));
        Known {
            known: found.is_some(),
            text: found.unwrap_or_default(),
        }
    }

    fn by_loose_map(&self, code: u32) -> Option<String> {
        let stream = self.to_unicode.as_ref()?;
        let map = self.loose.get_or_init(|| LooseMap::read(stream));
        sound(BfString::String(map.text(code)?))
    }

    fn by_collection(&self, code: u32) -> Option<String> {
        let (encoding, texts) = self.collection.as_ref()?;
        let id = (1..=4).find_map(|length| encoding.lookup_cid_code(code, length))?;
        texts.lookup_bf_string(id).and_then(sound)
    }
}

fn character(code: u32) -> Option<String> {
    let c = char::from_u32(code)?;
    (!c.is_control()).then(|| c.to_string())
}

/// Text that a map gives; `None` for what stands for nothing.
pub(super) fn sound(text: BfString) -> Option<String> {
    let text = match text {
        BfString::Char(c) => c.to_string(),
        BfString::String(text) => text,
    };
    let kept: String = text
        .chars()
        .map(|c| {
            if c == '\t' || c == '\n' || c == '\r' {
                ' '
            } else {
                c
            }
        })
        .filter(|c| !c.is_control() && *c != '\u{fffd}' && *c != '\u{ffff}')
        .collect();
    (!kept.is_empty()).then_some(kept)
}

/// Maps of a font of a known character collection: Japanese, Chinese or Korean.
fn collection(font: &Dict<'_>, descendant: &Dict<'_>, resolver: &CMapResolverFn) -> Option<(CMap, CMap)> {
    let named = |name: CMapName<'_>| {
        let resolver = resolver.clone();
        CMap::parse(resolver(name)?, move |name| resolver(name))
    };
    let encoding = match font.get::<Object<'_>>(b"Encoding")? {
        Object::Name(name) => match CMapName::from_bytes(&name) {
            CMapName::IdentityH => CMap::identity_h(),
            CMapName::IdentityV => CMap::identity_v(),
            name => named(name)?,
        },
        Object::Stream(stream) => parse(&stream, resolver)?,
        _ => return None,
    };
    let info = descendant.get::<Dict<'_>>(b"CIDSystemInfo");
    let family = info.and_then(|info| {
        let (registry, ordering) = (
            info.get::<PdfString<'_>>(b"Registry")?,
            info.get::<PdfString<'_>>(b"Ordering")?,
        );
        Some(CidFamily::from_registry_ordering(&registry, &ordering))
    });
    let family = match family.filter(|family| family.ucs2_cmap().is_some()) {
        Some(family) => family,
        None => encoding.metadata().character_collection.as_ref()?.family.clone(),
    };
    let texts = named(family.ucs2_cmap()?)?;
    Some((encoding, texts))
}

pub(super) fn parse(stream: &Stream<'_>, resolver: &CMapResolverFn) -> Option<CMap> {
    let resolver = resolver.clone();
    CMap::parse(&stream.decoded_data().ok()?, move |name| resolver(name))
}
