use super::line;
use crate::layout::hyphenation::{LineJoin, Vocabulary};

/// Joins two lines on a page that has some more text.
fn join(page: &str, before: &str, next: &str) -> LineJoin {
    let lines = [line(0, 100.0, page), line(0, 88.0, before), line(0, 76.0, next)];
    Vocabulary::of(lines.iter()).join(before, next)
}

#[test]
fn words_are_joined_or_kept_apart() {
    use LineJoin::{Dehyphenate, Nothing, Space};
    for (before, next, expected) in [
        ("two", "words", Space),
        ("a full stop.", "Then", Space),
        ("a divi-", "ded word", Dehyphenate),
        ("soft hy\u{ad}", "phen", Dehyphenate),
        ("true hy\u{2010}", "phens", Dehyphenate),
        ("well-", "known", Nothing),
        ("self-", "made", Nothing),
        ("Baden-", "Baden", Nothing),
        ("DIN-", "norm", Nothing),
        ("state-of-the-", "art", Nothing),
        ("pre-", "and post-war", Space),
        ("Ein-", "und Ausgang", Space),
        ("a dash -", "and more", Space),
        ("1990\u{2013}", "2000", Nothing),
        ("a dash \u{2013}", "and more", Space),
        ("\u{6771}\u{4eac}", "\u{90fd}", Nothing),
        ("\u{6771}\u{4eac}", "Tokyo", Space),
        ("", "first", Nothing),
        ("last", "", Nothing),
    ] {
        assert_eq!(join("other text", before, next), expected, "{before:?} {next:?}");
    }
}

#[test]
fn the_page_is_the_dictionary() {
    use LineJoin::{Dehyphenate, Nothing};
    for (page, before, next, expected) in [
        ("a reelection of the board", "the re-", "election", Dehyphenate),
        ("a re-election of the board", "the re-", "election", Nothing),
        ("the lowland of the north", "the low-", "land", Dehyphenate),
        ("WELLKNOWN", "well-", "known", Dehyphenate),
    ] {
        assert_eq!(join(page, before, next), expected, "{page:?}");
    }
}
