use memchr::memmem;

/// Sections of a character map with ranges, by their first and last words.
const SECTIONS: [(&[u8], &[u8]); 3] = [
    (b"beginbfrange", b"endbfrange"),
    (b"begincidrange", b"endcidrange"),
    (b"beginnotdefrange", b"endnotdefrange"),
];

/// Counts the codes in the ranges of a character map, `ToUnicode` or an encoding.
pub(super) fn codes_in_ranges(map: &[u8]) -> u64 {
    SECTIONS.iter().fold(0_u64, |codes, (begin, end)| {
        let mut rest = map;
        let mut codes = codes;
        while let Some(start) = memmem::find(rest, begin) {
            rest = rest.get(start + begin.len()..).unwrap_or_default();
            let length = memmem::find(rest, end).unwrap_or(rest.len());
            codes = codes.saturating_add(section_codes(rest.get(..length).unwrap_or_default()));
            rest = rest.get(length..).unwrap_or_default();
        }
        codes
    })
}

/// Counts the codes of entries `<first> <last> <text>`, `<first> <last> [<text> …]` or `<first> <last> number`. What is no
/// number is passed over.
fn section_codes(mut section: &[u8]) -> u64 {
    let mut codes = 0_u64;
    while let Some((first, rest)) = token(section) {
        section = rest;
        let Some(first) = first else { continue };
        let Some((last, rest)) = token(section) else { break };
        section = rest;
        let Some(last) = last else { continue };
        section = after_target(section);
        codes = codes.saturating_add((u64::from(last) + 1).saturating_sub(first.into()));
    }
    codes
}

/// Returns the next number in angle brackets, or `None` in its place if it is malformed, and the text after it.
fn token(text: &[u8]) -> Option<(Option<u32>, &[u8])> {
    let start = memchr::memchr(b'<', text)?;
    let text = text.get(start + 1..)?;
    let end = memchr::memchr(b'>', text)?;
    let mut digits = text.get(..end)?.iter().filter(|byte| !byte.is_ascii_whitespace());
    let number = digits.try_fold(0_u32, |number, digit| {
        let digit = char::from(*digit).to_digit(16)?;
        number.checked_mul(16)?.checked_add(digit)
    });
    Some((number.filter(|_| end > 0), text.get(end + 1..)?))
}

/// Text after what the codes of a range stand for.
fn after_target(text: &[u8]) -> &[u8] {
    let text = text.trim_ascii_start();
    let end = match text.first() {
        Some(b'[') => memchr::memchr(b']', text),
        Some(b'<') => memchr::memchr(b'>', text),
        _ => return text,
    };
    end.and_then(|end| text.get(end + 1..)).unwrap_or_default()
}
