//! Characters of Word documents that are elements, which the library leaves out: symbols of a font, and hyphens. They
//! are written as text before the library reads it.

/// Letters of the font Symbol from `A` and from `a` on.
const GREEK: [&str; 2] = ["ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ", "αβχδεφγηιϕκλμνοπθρστυϖωξψζ"];
/// Signs of the font Symbol.
const SYMBOL: [(u32, char); 42] = [
    (0x22, '∀'),
    (0x24, '∃'),
    (0x27, '∋'),
    (0x2d, '−'),
    (0x5e, '⊥'),
    (0x7e, '∼'),
    (0xa2, '′'),
    (0xa3, '≤'),
    (0xa5, '∞'),
    (0xab, '↔'),
    (0xac, '←'),
    (0xad, '↑'),
    (0xae, '→'),
    (0xaf, '↓'),
    (0xb0, '°'),
    (0xb1, '±'),
    (0xb2, '″'),
    (0xb3, '≥'),
    (0xb4, '×'),
    (0xb5, '∝'),
    (0xb6, '∂'),
    (0xb7, '•'),
    (0xb8, '÷'),
    (0xb9, '≠'),
    (0xba, '≡'),
    (0xbb, '≈'),
    (0xbc, '…'),
    (0xc5, '⊕'),
    (0xc6, '∅'),
    (0xc7, '∩'),
    (0xc8, '∪'),
    (0xce, '∈'),
    (0xcf, '∉'),
    (0xd1, '∇'),
    (0xd5, '∏'),
    (0xd6, '√'),
    (0xd7, '⋅'),
    (0xd8, '¬'),
    (0xd9, '∧'),
    (0xda, '∨'),
    (0xe5, '∑'),
    (0xf2, '∫'),
];
/// Signs of the font Wingdings.
const WINGDINGS: [(u32, char); 18] = [
    (0x4a, '☺'),
    (0x4c, '☹'),
    (0x6c, '●'),
    (0x6e, '■'),
    (0x6f, '□'),
    (0x76, '❖'),
    (0xa7, '▪'),
    (0xa8, '◻'),
    (0xd8, '➢'),
    (0xdf, '←'),
    (0xe0, '→'),
    (0xe1, '↑'),
    (0xe2, '↓'),
    (0xf0, '⇨'),
    (0xfb, '✘'),
    (0xfc, '✔'),
    (0xfd, '☒'),
    (0xfe, '☑'),
];

/// Writes the symbols and hyphens of a part of a Word document as text; `None` if it has none.
pub(super) fn spelled(part: &str) -> Option<String> {
    if !["<w:sym ", "<w:noBreakHyphen"]
        .iter()
        .any(|tag| part.contains(tag))
    {
        return None;
    }
    let mut out = String::with_capacity(part.len());
    let mut pieces = part.split("<w:");
    out.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let (tag, rest) = piece.split_once('>').unwrap_or((piece, ""));
        let name = tag.split([' ', '/', '\t', '\n', '\r']).next().unwrap_or_default();
        let character = match name {
            "sym" => symbol(tag),
            "noBreakHyphen" => Some('\u{2011}'),
            _ => None,
        };
        match character {
            Some(character) => {
                out.push_str("<w:t>");
                out.push(character);
                out.push_str("</w:t>");
                // An end tag of its own, which an element without content seldom has.
                out.push_str(rest.strip_prefix(&format!("</w:{name}>")).unwrap_or(rest));
            }
            None => {
                out.push_str("<w:");
                out.push_str(piece);
            }
        }
    }
    Some(out)
}

/// Character of a symbol; that of its font's private area if it is not known.
fn symbol(tag: &str) -> Option<char> {
    let font = attribute(tag, "w:font").unwrap_or_default();
    let code = u32::from_str_radix(attribute(tag, "w:char")?, 16).ok()?;
    // Fonts of symbols have their characters in the private area from U+F000 on.
    let place = if (0xf000..=0xf0ff).contains(&code) {
        code - 0xf000
    } else {
        code
    };
    let known = match font {
        "Symbol" => greek(place).or_else(|| find(&SYMBOL, place)),
        "Wingdings" => find(&WINGDINGS, place),
        _ => None,
    };
    let character = known.or_else(|| char::from_u32(code))?;
    (!character.is_control() && !matches!(character, '<' | '>' | '&')).then_some(character)
}

fn greek(place: u32) -> Option<char> {
    let index = |first: char| usize::try_from(place.checked_sub(u32::from(first))?).ok();
    let [upper, lower] = GREEK;
    let letter = |letters: &str, first: char| letters.chars().nth(index(first)?);
    letter(lower, 'a').or_else(|| letter(upper, 'A'))
}

fn find(signs: &[(u32, char)], place: u32) -> Option<char> {
    let at = signs.binary_search_by_key(&place, |(code, _)| *code).ok()?;
    signs.get(at).map(|(_, sign)| *sign)
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(name)?;
    let value = rest.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value.get(1..)?.split(quote).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_and_hyphens_are_text() {
        for (part, expected) in [
            (
                r#"<w:r><w:sym w:font="Symbol" w:char="F062"/></w:r>"#,
                "<w:r><w:t>β</w:t></w:r>",
            ),
            (r#"<w:sym w:char="57" w:font="Symbol"></w:sym>"#, "<w:t>Ω</w:t>"),
            (r#"<w:sym w:font='Wingdings' w:char='F0FE'/>"#, "<w:t>☑</w:t>"),
            (r#"<w:sym w:font="Other" w:char="F041"/>"#, "<w:t>\u{f041}</w:t>"),
            (
                "<w:t>re</w:t><w:noBreakHyphen/><w:t>do</w:t>",
                "<w:t>re</w:t><w:t>\u{2011}</w:t><w:t>do</w:t>",
            ),
        ] {
            assert_eq!(spelled(part).as_deref(), Some(expected));
        }
        assert_eq!(spelled("<w:r><w:t>plain</w:t></w:r>"), None);
    }

    #[test]
    fn signs_are_sorted_for_the_search() {
        assert!(SYMBOL.is_sorted() && WINGDINGS.is_sorted());
    }

    #[test]
    fn no_symbol_becomes_markup() {
        for code in ["3C", "26", "3E", "7", "D800", "110000", "x"] {
            let part = format!(r#"<w:sym w:font="Arial" w:char="{code}"/>"#);
            assert_eq!(spelled(&part), Some(part.clone()));
        }
    }
}
