use unicode_normalization::UnicodeNormalization;

/// Letters and digits of a text: without accents, in lower case, ligatures taken apart.
pub(super) fn letters(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    text.chars().for_each(|c| push_letters(c, &mut out));
    out
}

/// Appends the letters of a character: none for what is neither letter nor digit.
pub(super) fn push_letters(c: char, out: &mut String) {
    if c.is_ascii() {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        }
        return;
    }
    let parts = std::iter::once(c).nfkd().filter(|part| part.is_alphanumeric());
    out.extend(parts.flat_map(char::to_lowercase));
}

/// Returns true for letters of scripts that put no spaces between words.
pub(super) fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c),
        // Thai, Lao, Tibetan, Myanmar; Khmer; CJK and kana; their compatibility forms; supplementary ideographs.
        0x0E00..=0x109F | 0x1780..=0x17FF | 0x2E80..=0x9FFF | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFF)
}

/// Ranges in bytes of the words of a text, with their letters.
pub(super) fn words(text: &str) -> Vec<(std::ops::Range<usize>, String)> {
    let mut words = Vec::new();
    let mut current: Option<(usize, usize, String)> = None;
    let mut piece = String::new();
    for (at, c) in text.char_indices() {
        piece.clear();
        push_letters(c, &mut piece);
        let end = at + c.len_utf8();
        if piece.is_empty() {
            // An accent that stands apart belongs to its letter.
            let is_mark = unicode_normalization::char::is_combining_mark(c);
            if !is_mark && let Some((start, end, word)) = current.take() {
                words.push((start..end, word));
            }
            continue;
        }
        if is_unspaced(c) {
            if let Some((start, end, word)) = current.take() {
                words.push((start..end, word));
            }
            words.push((at..end, piece.clone()));
            continue;
        }
        let (_, word_end, word) = current.get_or_insert_with(|| (at, end, String::new()));
        *word_end = end;
        word.push_str(&piece);
    }
    if let Some((start, end, word)) = current {
        words.push((start..end, word));
    }
    words
}
