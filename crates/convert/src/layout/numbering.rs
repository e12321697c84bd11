//! Numbers of sections: `2.1`, `IV.`, `Appendix B`, `第三章`.

/// Number that a title begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SectionNumber {
    /// Depth of the section, from 1.
    pub(super) depth: u8,
    /// Set if it numbers sections and nothing else: items of lists have plain numbers too.
    pub(super) certain: bool,
}

/// Words of a title behind its number, at most.
const MAX_TITLE_WORDS: usize = 16;
/// Words in front of the number of a part of a document, with the depth of the part.
const PARTS: [(&str, u8); 26] = [
    ("chapter", 1),
    ("appendix", 1),
    ("annex", 1),
    ("part", 1),
    ("section", 2),
    ("article", 2),
    ("schedule", 1),
    ("kapitel", 1),
    ("anhang", 1),
    ("anlage", 1),
    ("teil", 1),
    ("abschnitt", 2),
    ("artikel", 2),
    ("chapitre", 1),
    ("annexe", 1),
    ("partie", 1),
    ("titre", 1),
    ("capítulo", 1),
    ("anexo", 1),
    ("parte", 1),
    ("artículo", 2),
    ("capitolo", 1),
    ("allegato", 1),
    ("глава", 1),
    ("приложение", 1),
    ("раздел", 2),
];

/// Number of the section that a title names. `None` for text that is no title.
pub(super) fn of_title(text: &str) -> Option<SectionNumber> {
    if text.ends_with(['.', ',', ';', '。', '；']) {
        return None;
    }
    chinese(text).or_else(|| named(text)).or_else(|| counted(text))
}

/// Number in front of a title: `3`, `2.1`, `IV.`, `B.2`, `B.`
fn counted(text: &str) -> Option<SectionNumber> {
    let (number, title) = text.split_once(char::is_whitespace)?;
    let title = title.trim_start();
    let first = title.chars().next()?;
    if !first.is_alphabetic() || first.is_lowercase() || title.split_whitespace().count() > MAX_TITLE_WORDS {
        return None;
    }
    let closed = number.ends_with('.');
    let digits = number.strip_suffix(['.', ')']).unwrap_or(number);
    let roman = !digits.is_empty()
        && digits.len() <= 6
        && digits.chars().all(|c| matches!(c, 'I' | 'V' | 'X' | 'L' | 'C'));
    if roman && closed {
        return Some(SectionNumber {
            depth: 1,
            certain: is_capitals(title),
        });
    }
    let parts: Vec<&str> = digits.split('.').collect();
    let numeric =
        |part: &&str| !part.is_empty() && part.len() <= 3 && part.bytes().all(|byte| byte.is_ascii_digit());
    let (first, rest) = parts.split_first()?;
    let letter = first.len() == 1 && first.chars().all(|c| c.is_ascii_uppercase());
    let lettered = letter && !rest.is_empty() && rest.iter().all(numeric);
    (parts.len() <= 5 && (parts.iter().all(numeric) || lettered)).then(|| SectionNumber {
        depth: u8::try_from(parts.len()).unwrap_or(u8::MAX),
        certain: parts.len() > 1 && !first.starts_with('0'),
    })
}

/// Name and number of a part of a document: `Chapter 3`, `Appendix B: Tables`.
fn named(text: &str) -> Option<SectionNumber> {
    let mut words = text.split_whitespace();
    let name = words.next()?;
    if !name.starts_with(char::is_uppercase) {
        return None;
    }
    let name = name.to_lowercase();
    let (_, depth) = PARTS.iter().find(|(part, _)| *part == name)?;
    let label = words.next()?;
    let number = label.trim_end_matches(['.', ':', '-', '–', '—']);
    let is_number = number.len() <= 5
        && (number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
            || number.chars().all(|c| matches!(c, 'I' | 'V' | 'X' | 'L' | 'C'))
            || number.len() == 1 && number.chars().all(|c| c.is_ascii_uppercase()));
    let title: Vec<&str> = words.collect();
    // `Section 5 of the act applies` goes on as a sentence.
    let goes_on = number.len() == label.len()
        && title
            .first()
            .is_some_and(|word| word.starts_with(char::is_lowercase));
    (!number.is_empty() && is_number && !goes_on && title.len() <= MAX_TITLE_WORDS).then_some(SectionNumber {
        depth: *depth,
        certain: true,
    })
}

/// Number of a section in Chinese, Japanese or Korean: `第三章`, `第2節`, `제1장`, `一、`.
fn chinese(text: &str) -> Option<SectionNumber> {
    let is_numeral = |c: char| c.is_ascii_digit() || "〇零一二三四五六七八九十百千".contains(c);
    let characters = text.chars().filter(|c| !c.is_whitespace()).count();
    if characters > 40 {
        return None;
    }
    if let Some(rest) = text.strip_prefix(['第', '제']) {
        let unit = rest.trim_start().trim_start_matches(is_numeral).trim_start();
        let depth = match unit.chars().next()? {
            '章' | '部' | '编' | '編' | '篇' | '장' | '편' => 1,
            '节' | '節' | '절' => 2,
            _ => return None,
        };
        return (unit.len() < rest.trim_start().len()).then_some(SectionNumber { depth, certain: true });
    }
    let unit = text.trim_start_matches(is_numeral);
    let counted = unit.len() < text.len() && !text.starts_with(|c: char| c.is_ascii_digit());
    (counted && unit.starts_with('、')).then_some(SectionNumber {
        depth: 1,
        certain: false,
    })
}

fn is_capitals(text: &str) -> bool {
    let mut letters = text.chars().filter(|c| c.is_alphabetic());
    letters.next().is_some_and(char::is_uppercase) && letters.all(char::is_uppercase)
}

#[cfg(test)]
mod tests {
    use super::{SectionNumber, of_title};

    #[test]
    fn numbers_of_sections_have_a_depth() {
        for (text, expected) in [
            ("3 Results", Some((1, false))),
            ("3. Results", Some((1, false))),
            ("2.1 Methods", Some((2, true))),
            ("2.1.4. Methods", Some((3, true))),
            ("B.2 Tables", Some((2, true))),
            ("IV. RESULTS", Some((1, true))),
            ("IV. Results", Some((1, false))),
            ("Chapter 3", Some((1, true))),
            ("Appendix B: Tables", Some((1, true))),
            ("Section 5 Tides", Some((2, true))),
            ("第三章 潮汐", Some((1, true))),
            ("第2節", Some((2, true))),
            ("제1장 총칙", Some((1, true))),
            ("一、潮汐", Some((1, false))),
            ("Section 5 of the act applies", None),
            ("Part of the bay", None),
            ("2.1 of the tides", None),
            ("3 Results of the year.", None),
            ("0.5 Litre", Some((2, false))),
            ("12345 Results", None),
            ("Results", None),
            ("第一次潮汐", None),
        ] {
            let expected = expected.map(|(depth, certain)| SectionNumber { depth, certain });
            assert_eq!(of_title(text), expected, "{text}");
        }
    }
}
