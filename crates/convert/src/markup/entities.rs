use std::borrow::Cow;

/// Bytes that a character reference may have behind its `&`.
const LONGEST: usize = 32;

/// Named characters that an address may be hidden by or honestly holds. What is not listed stays as it is written.
const NAMED: &[(&str, char)] = &[
    ("amp", '&'),
    ("AMP", '&'),
    ("lt", '<'),
    ("LT", '<'),
    ("gt", '>'),
    ("GT", '>'),
    ("quot", '"'),
    ("QUOT", '"'),
    ("apos", '\''),
    ("nbsp", '\u{a0}'),
    ("colon", ':'),
    ("Tab", '\t'),
    ("NewLine", '\n'),
    ("sol", '/'),
    ("bsol", '\\'),
    ("lpar", '('),
    ("rpar", ')'),
    ("period", '.'),
    ("comma", ','),
    ("semi", ';'),
    ("num", '#'),
    ("quest", '?'),
    ("equals", '='),
    ("commat", '@'),
    ("percnt", '%'),
    ("lowbar", '_'),
    ("hyphen", '\u{2010}'),
    ("plus", '+'),
    ("excl", '!'),
    ("shy", '\u{ad}'),
    ("zwnj", '\u{200c}'),
    ("zwj", '\u{200d}'),
];

/// `value` with its character references replaced: numbers, with and without `;`, and the names that matter in
/// addresses.
pub(crate) fn decode(value: &str) -> Cow<'_, str> {
    if !value.contains('&') {
        return Cow::Borrowed(value);
    }
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(start) = rest.find('&') {
        let (before, reference) = rest.split_at(start);
        out.push_str(before);
        let (c, length) = read(reference).unwrap_or(('&', 1));
        out.push(c);
        rest = reference.get(length..).unwrap_or_default();
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The character that the reference at the beginning of `text` stands for, and its length.
fn read(text: &str) -> Option<(char, usize)> {
    let body = text.strip_prefix('&')?;
    if let Some(number) = body.strip_prefix('#') {
        let marks = usize::from(number.starts_with(['x', 'X']));
        let is_digit = |byte: &u8| {
            if marks == 1 {
                byte.is_ascii_hexdigit()
            } else {
                byte.is_ascii_digit()
            }
        };
        let digits = number.bytes().skip(marks).take_while(is_digit).count();
        let number = number.get(..marks + digits)?;
        let length = 2 + number.len();
        let closed = usize::from(text.as_bytes().get(length) == Some(&b';'));
        return Some((character(number)?, length + closed));
    }
    let name = body.get(..body.bytes().take(LONGEST).position(|byte| byte == b';')?)?;
    let (_, c) = NAMED.iter().find(|(known, _)| *known == name)?;
    Some((*c, name.len() + 2))
}

/// The character of a number such as `58` or `x3a`. Leading zeros mean nothing.
fn character(number: &str) -> Option<char> {
    let (digits, radix) = match number.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return None;
    }
    let digits = digits.trim_start_matches('0');
    if digits.len() > 8 {
        return None;
    }
    u32::from_str_radix(if digits.is_empty() { "0" } else { digits }, radix)
        .ok()
        .and_then(char::from_u32)
}
