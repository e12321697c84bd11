//! Signs that the recognizer does not know or confuses, put right by what stands around them.

/// Puts the words of a line right.
pub(crate) fn correct(words: &mut [String]) {
    if !words.iter().any(|word| word.contains(is_wide)) {
        for word in words.iter_mut().filter(|word| word.contains(is_fullwidth)) {
            *word = word.chars().map(narrow).collect();
        }
    }
    lower_quotes(words);
}

/// Returns true for a sign of a script that is set in full squares.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{2fff}' | '\u{3040}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}')
}

fn is_fullwidth(c: char) -> bool {
    narrow(c) != c
}

/// Narrow form of punctuation and letters that are as wide as a square.
fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xff01 + 0x21).unwrap_or(c),
        '\u{3002}' => '.',
        '\u{3001}' => ',',
        '\u{3000}' => ' ',
        c => c,
    }
}

/// Opening quotes at the foot of the line, which the recognizer does not know: it tells commas, or quotes of the upper
/// kind. A word that begins with commas cannot be meant; and where a quotation is closed by the sign that opens one in
/// English, the one before it opens at the foot.
fn lower_quotes(words: &mut [String]) {
    for word in words.iter_mut() {
        let opening = [(",,", '„'), (",", '‚')].into_iter().find_map(|(commas, quote)| {
            let rest = word.strip_prefix(commas)?;
            rest.starts_with(char::is_alphabetic)
                .then(|| format!("{quote}{rest}"))
        });
        *word = opening.unwrap_or_else(|| std::mem::take(word));
    }
    let closes = |word: &str| {
        word.trim_end_matches(['.', ',', ';', ':', '!', '?', ')'])
            .ends_with('“')
    };
    let opens = |word: &str| {
        word.strip_prefix(['"', '”', '“'])
            .is_some_and(|rest| rest.starts_with(char::is_alphanumeric))
    };
    let mut open = None;
    for index in 0..words.len() {
        let Some(word) = words.get(index) else { continue };
        if opens(word) {
            open = Some(index);
        }
        if closes(word)
            && word.chars().count() > 1
            && let Some(word) = open.take().and_then(|open| words.get_mut(open))
        {
            let rest: String = word.chars().skip(1).collect();
            *word = format!("„{rest}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::correct;

    fn corrected(line: &str) -> String {
        let mut words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        correct(&mut words);
        words.join(" ")
    }

    #[test]
    fn quotes_at_the_foot_of_the_line_are_told_by_their_place() {
        for (read, meant) in [
            (",,Nein“, sagte er", "„Nein“, sagte er"),
            ("er sagte \"Nein“.", "er sagte „Nein“."),
            ("das ”große Haus“ dort", "das „große Haus“ dort"),
            (",so‘ heißt es", "‚so‘ heißt es"),
            ("he said “no” and", "he said “no” and"),
            ("he said \"no\" and", "he said \"no\" and"),
            ("a “quote that goes on", "a “quote that goes on"),
            ("1,5 and ,5", "1,5 and ,5"),
        ] {
            assert_eq!(corrected(read), meant);
        }
    }

    #[test]
    fn wide_signs_are_narrow_in_lines_of_narrow_ones() {
        for (read, meant) in [
            ("Total：（5）", "Total:(5)"),
            ("图：（5）", "图：（5）"),
            ("end。", "end."),
        ] {
            assert_eq!(corrected(read), meant);
        }
    }
}
