//! Signs by which a document is marked before the library reads it, so that what the library takes for plain text can be
//! told in what it returns: raised, lowered, deleted and hidden text, and line breaks. They are noncharacters of Unicode,
//! which no text has.

use std::borrow::Cow;

/// Sign before raised text.
pub(super) const ABOVE: char = '\u{fdd0}';
/// Sign before lowered text.
pub(super) const BELOW: char = '\u{fdd1}';
/// Sign behind either.
pub(super) const END: char = '\u{fdd2}';
/// Sign before text whose deletion is tracked.
pub(super) const DELETED: char = '\u{fdd4}';
/// Sign behind it.
pub(super) const KEPT: char = '\u{fdd5}';

/// Sign before text that the document hides.
pub(super) const HIDDEN: char = '\u{fdda}';
/// Sign behind it.
pub(super) const SHOWN: char = '\u{fddb}';
/// Sign in the place of a line break.
pub(super) const BREAK: char = '\u{fddc}';

const ALL: [char; 7] = [ABOVE, BELOW, END, DELETED, KEPT, HIDDEN, SHOWN];

/// Place of text beside the line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Raised {
    #[default]
    Line,
    Above,
    Below,
}

/// Property of text that signs say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Signed {
    pub(super) place: Raised,
    pub(super) deleted: bool,
    pub(super) hidden: bool,
}

/// Parts of a text by what signs say of them, without the signs. `signed` is what was said before the text, and after it.
pub(super) fn parts<'t>(text: &'t str, signed: &mut Signed) -> Vec<(&'t str, Signed)> {
    let mut parts = Vec::new();
    for part in text.split_inclusive(ALL) {
        let own = *signed;
        match part.chars().next_back() {
            Some(ABOVE) => signed.place = Raised::Above,
            Some(BELOW) => signed.place = Raised::Below,
            Some(END) => signed.place = Raised::Line,
            Some(DELETED) => signed.deleted = true,
            Some(KEPT) => signed.deleted = false,
            Some(HIDDEN) => signed.hidden = true,
            Some(SHOWN) => signed.hidden = false,
            _ => {}
        }
        let part = part.trim_end_matches(ALL);
        if !part.is_empty() {
            parts.push((part, own));
        }
    }
    parts
}

/// Returns true for a text that is white space and signs.
pub(super) fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || ALL.contains(&c))
}

/// Text without the signs, and without what is deleted.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains(ALL) {
        return Cow::Borrowed(text);
    }
    let parts = parts(text, &mut Signed::default());
    let kept = parts.into_iter().filter(|(_, signed)| !signed.deleted);
    Cow::Owned(kept.map(|(part, _)| part).collect())
}

#[cfg(test)]
mod tests {
    use super::{Raised, Signed, is_blank, parts, plain};

    #[test]
    fn signs_say_what_is_raised_and_what_is_deleted() {
        let text = "a\u{fdd0}b\u{fdd2}c\u{fdd4}d\u{fdd5}e";
        let mut signed = Signed::default();
        let above = Signed {
            place: Raised::Above,
            ..Signed::default()
        };
        let deleted = Signed {
            deleted: true,
            ..Signed::default()
        };
        let line = Signed::default();
        assert_eq!(
            parts(text, &mut signed),
            [
                ("a", line),
                ("b", above),
                ("c", line),
                ("d", deleted),
                ("e", line)
            ]
        );
        assert_eq!(signed, line);
        assert_eq!(plain(text), "abce");
    }

    #[test]
    fn what_a_sign_says_holds_until_another_one() {
        let mut signed = Signed::default();
        assert_eq!(parts("a\u{fdd4}", &mut signed), [("a", Signed::default())]);
        assert!(signed.deleted);
        assert_eq!(parts("b", &mut signed), [("b", signed)]);
    }

    #[test]
    fn hidden_text_is_a_part_that_may_be_deleted_too() {
        let mut signed = Signed::default();
        let parts = parts("a\u{fdda}b\u{fdd4}c\u{fdd5}\u{fddb}d", &mut signed);
        let hidden: Vec<_> = parts
            .iter()
            .map(|(part, signed)| (*part, signed.hidden, signed.deleted))
            .collect();
        assert_eq!(
            hidden,
            [
                ("a", false, false),
                ("b", true, false),
                ("c", true, true),
                ("d", false, false)
            ]
        );
        assert!(is_blank("\u{fdda} \u{fddb}") && !is_blank("\u{fdda}a"));
    }

    #[test]
    fn a_text_without_signs_is_one_part() {
        let line = Signed::default();
        assert_eq!(parts("m2", &mut Signed::default()), [("m2", line)]);
    }
}
