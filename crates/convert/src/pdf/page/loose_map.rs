//! `ToUnicode` maps that are malformed: what can be read of them, entry by entry.

use hayro::hayro_syntax::object::Stream;

use crate::pdf::decode::decoded;

/// Decoded size of a map in bytes, at most.
const MAX_BYTES: usize = 4 << 20;
/// Entries of a map, at most.
const MAX_ENTRIES: usize = 1 << 17;
/// Codes that one entry maps, at most.
const MAX_CODES: u32 = 1 << 16;

/// Entries of a map, by their first codes.
#[derive(Debug, Default, PartialEq)]
pub(super) struct LooseMap(Vec<Entry>);

/// Codes from a first to a last one, the first of which has this text in UTF-16.
#[derive(Debug, PartialEq)]
struct Entry {
    first: u32,
    last: u32,
    text: Vec<u16>,
}

/// Token of a map.
#[derive(Debug, Clone, PartialEq)]
enum Token {
    /// String of hexadecimal digits; `None` if it holds anything else.
    Hex(Option<Vec<u8>>),
    Open,
    Close,
    /// Operator that ends a part of the map.
    End,
}

impl LooseMap {
    pub(super) fn read(stream: &Stream<'_>) -> Self {
        decoded(stream, MAX_BYTES).map_or_else(|_| Self::default(), |data| Self::parse(&data.bytes))
    }

    fn parse(data: &[u8]) -> Self {
        let mut map = Self::default();
        for (keyword, size) in [("beginbfchar", 2), ("beginbfrange", 3)] {
            for at in memchr::memmem::find_iter(data, keyword) {
                let part = data.get(at + keyword.len()..).unwrap_or_default();
                map.add_part(&tokens(part), size);
            }
        }
        map.0.sort_by_key(|entry| entry.first);
        map
    }

    /// Adds the entries of a part: strings in groups of `size`, the last of which may be an array.
    fn add_part(&mut self, tokens: &[Token], size: usize) {
        let mut open: Vec<Option<Vec<u8>>> = Vec::new();
        let mut tokens = tokens.iter();
        while let Some(token) = tokens.next() {
            match token {
                Token::Hex(bytes) => open.push(bytes.clone()),
                Token::Open if open.len() + 1 == size => {
                    let first = open.first().and_then(|bytes| code(bytes.as_deref()?));
                    let texts = tokens.by_ref().map_while(|token| match token {
                        Token::Hex(bytes) => Some(bytes.as_deref()),
                        _ => None,
                    });
                    for (code, text) in (first.map_or(u64::MAX >> 1, u64::from)..).zip(texts) {
                        let code = u32::try_from(code).ok();
                        self.add(code, code, text);
                    }
                    open.clear();
                }
                _ => open.clear(),
            }
            if let Some((text, codes)) = open.split_last().filter(|_| open.len() == size) {
                let codes: Vec<Option<u32>> = codes.iter().map(|bytes| code(bytes.as_deref()?)).collect();
                let (first, last) = (codes.first().copied(), codes.last().copied());
                self.add(first.flatten(), last.flatten(), text.as_deref());
                open.clear();
            }
        }
    }

    fn add(&mut self, first: Option<u32>, last: Option<u32>, text: Option<&[u8]>) {
        let (Some(first), Some(last), Some(text)) = (first, last, text) else {
            return;
        };
        if first > last || last - first >= MAX_CODES || text.is_empty() || self.0.len() >= MAX_ENTRIES {
            return;
        }
        let text = match text {
            [byte] => vec![u16::from(*byte)],
            bytes => {
                let (pairs, _) = bytes.as_chunks::<2>();
                pairs.iter().map(|pair| u16::from_be_bytes(*pair)).collect()
            }
        };
        self.0.push(Entry { first, last, text });
    }

    /// Text of a code.
    pub(super) fn text(&self, code: u32) -> Option<String> {
        let after = self.0.partition_point(|entry| entry.first <= code);
        let entry = self.0.get(after.checked_sub(1)?)?;
        if code > entry.last {
            return None;
        }
        let mut text = entry.text.clone();
        let last = text.last_mut()?;
        *last = last.checked_add(u16::try_from(code - entry.first).ok()?)?;
        String::from_utf16(&text).ok()
    }
}

/// Tokens up to the end of a part.
fn tokens(part: &[u8]) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = part;
    while let Some((first, after)) = rest.split_first() {
        let (token, left) = match first {
            b'<' => {
                let end = after
                    .iter()
                    .position(|byte| matches!(byte, b'>' | b'<' | b'[' | b']'));
                let inner = after.get(..end.unwrap_or(after.len())).unwrap_or_default();
                let closed = end
                    .and_then(|end| after.get(end))
                    .is_some_and(|byte| *byte == b'>');
                let used = inner.len() + usize::from(closed);
                (Some(Token::Hex(hex(inner))), after.get(used..))
            }
            b'[' => (Some(Token::Open), Some(after)),
            b']' => (Some(Token::Close), Some(after)),
            b'e' => (Some(Token::End), None),
            _ => (None, Some(after)),
        };
        tokens.extend(token);
        if tokens.len() >= 3 * MAX_ENTRIES {
            break;
        }
        rest = left.unwrap_or_default();
    }
    tokens
}

fn hex(digits: &[u8]) -> Option<Vec<u8>> {
    let values: Option<Vec<u8>> = digits
        .iter()
        .filter(|byte| !byte.is_ascii_whitespace())
        .map(|byte| {
            char::from(*byte)
                .to_digit(16)
                .and_then(|digit| u8::try_from(digit).ok())
        })
        .collect();
    let values = values?;
    let pairs = values.chunks(2).map(|pair| match pair {
        [high, low] => high << 4 | low,
        [high] => high << 4,
        _ => 0,
    });
    Some(pairs.collect())
}

fn code(bytes: &[u8]) -> Option<u32> {
    (1..=4)
        .contains(&bytes.len())
        .then(|| bytes.iter().fold(0, |code, byte| code << 8 | u32::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::LooseMap;

    fn text(map: &str, code: u32) -> Option<String> {
        LooseMap::parse(map.as_bytes()).text(code)
    }

    #[test]
    fn sound_entries_beside_broken_ones_are_read() {
        let map = "2 beginbfchar <01> <0041> <zz> <0042> <03> <zz> <04> <D83DDE00> endbfchar\n\
                   3 beginbfrange <10> <12> <0061> <20> <1F> <0061> <30> <31> [<0078> <0079007A>] <40 <41> endbfrange";
        for (code, expected) in [
            (1, Some("A")),
            (2, None),
            (3, None),
            (4, Some("😀")),
            (0x12, Some("c")),
            (0x13, None),
            (0x20, None),
            (0x30, Some("x")),
            (0x31, Some("yz")),
            (0x40, None),
        ] {
            assert_eq!(text(map, code).as_deref(), expected, "{code:x}");
        }
    }

    #[test]
    fn endless_and_huge_maps_end() {
        assert_eq!(text("beginbfrange <0000> <FFFFFFFF> <0041>", 1), None);
        assert_eq!(text("beginbfchar <01> <0041", 1).as_deref(), Some("A"));
        assert_eq!(text("beginbfrange <01> <05> [", 1), None);
        assert_eq!(text(&"beginbfchar".repeat(1_000), 1), None);
    }
}
