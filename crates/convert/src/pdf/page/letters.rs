//! Letters of one word in the order that they are read in.

use unicode_normalization::UnicodeNormalization;

use crate::layout::direction::is_right_to_left;

/// Text of letters, given with their left edges in the order of painting.
pub(super) fn logical(letters: &[(f32, &str)]) -> String {
    if letters.iter().all(|(_, text)| text.is_ascii())
        || !letters.iter().any(|(_, text)| is_right_to_left(text))
    {
        let mut joined = String::with_capacity(letters.iter().map(|(_, text)| text.len()).sum());
        letters.iter().for_each(|(_, text)| joined.push_str(text));
        return joined;
    }
    // Painted from left to right, the last letter is read first.
    let rightwards = match (letters.first(), letters.last()) {
        (Some((first, _)), Some((last, _))) => last > first,
        _ => false,
    };
    let mut ordered: Vec<&str> = letters.iter().map(|(_, text)| *text).collect();
    if rightwards {
        ordered.reverse();
    }
    ordered
        .into_iter()
        .flat_map(|text| resolved(text).chars().collect::<Vec<_>>())
        .collect()
}

/// Text of one glyph: presentation forms resolved, and the letters of a ligature in the order of reading.
fn resolved(text: &str) -> String {
    let mut resolved: String = text
        .chars()
        .flat_map(|c| match c {
            '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' => c.to_string().nfkc().collect::<Vec<_>>(),
            c => vec![c],
        })
        .collect();
    // No ligature begins with alef: some producers write the letters as they stand.
    let alef = ['\u{622}', '\u{623}', '\u{625}', '\u{627}'];
    let mut letters = resolved.chars();
    if let (Some(first), Some('\u{644}'), None) = (letters.next(), letters.next(), letters.next())
        && alef.contains(&first)
    {
        resolved = format!("\u{644}{first}");
    }
    resolved
}
