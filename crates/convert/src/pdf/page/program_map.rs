use rustc_hash::FxHashMap;
use skrifa::{FontRef, MetadataProvider};

/// Characters of a program that are read, at most.
const MAX_CHARACTERS: usize = 70_000;

/// Characters by the glyphs of a font program, as its own table of characters has them.
pub(super) fn characters(program: &[u8]) -> FxHashMap<u32, char> {
    let mut characters = FxHashMap::default();
    let Ok(font) = FontRef::from_index(program, 0) else {
        return characters;
    };
    for (code, glyph) in font.charmap().mappings().take(MAX_CHARACTERS) {
        // Symbol fonts number their glyphs here.
        if let Some(c) = char::from_u32(code).filter(|c| !c.is_control() && !is_private(*c)) {
            characters.entry(glyph.to_u32()).or_insert(c);
        }
    }
    characters
}

fn is_private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}')
}
