//! Titles of the outline that viewers show beside a document, found among the lines of the page that they lead to.

/// Letters and digits of a title, at least, that is looked for without its number.
const MIN_WITHOUT_NUMBER: usize = 4;

/// Title that the outline gives to a place on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OutlineTitle {
    key: String,
    /// Depth, from 1.
    level: u8,
}

impl OutlineTitle {
    /// Creates a title; `None` without letters.
    pub(crate) fn new(title: &str, level: u32) -> Option<Self> {
        let key = key(title);
        key.contains(char::is_alphabetic).then(|| Self {
            key,
            level: u8::try_from(level).unwrap_or(u8::MAX),
        })
    }
}

/// Level of a title that reads like `text`, on a page with these titles.
pub(super) fn level(titles: &[OutlineTitle], text: &str) -> Option<u8> {
    if titles.is_empty() || text.len() > 1_000 {
        return None;
    }
    let own = key(text);
    let title = titles.iter().find(|title| is_same(&title.key, &own))?;
    Some(title.level)
}

/// Letters and digits of a title in small letters.
fn key(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Returns true for equal titles, of which one may lack its number.
fn is_same(a: &str, b: &str) -> bool {
    let unnumbered = |text: &'_ str| text.trim_start_matches(|c: char| c.is_numeric()).to_owned();
    let [short_a, short_b] = [unnumbered(a), unnumbered(b)];
    let one_has_number = (short_a.len() < a.len()) != (short_b.len() < b.len());
    a == b && !a.is_empty()
        || one_has_number && short_a == short_b && short_a.chars().count() >= MIN_WITHOUT_NUMBER
}

#[cfg(test)]
mod tests {
    use super::{OutlineTitle, level};

    #[test]
    fn titles_are_compared_by_letters_and_digits() {
        let titles: Vec<OutlineTitle> = [("2.1 The Tides", 2), ("Harbour", 1), ("---", 1)]
            .iter()
            .filter_map(|(title, level)| OutlineTitle::new(title, *level))
            .collect();
        assert_eq!(titles.len(), 2);
        for (text, expected) in [
            ("2.1  THE TIDES", Some(2)),
            ("The tides", Some(2)),
            ("2.2 The tides", None),
            ("Harbour", Some(1)),
            ("4. Harbour", Some(1)),
            ("The harbour", None),
            ("", None),
        ] {
            assert_eq!(level(&titles, text), expected, "{text}");
        }
    }
}
