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
        ("배를 장부에 적는", "다. 장부는", Nothing),
        ("항구 사무소", "는 모든", Nothing),
        ("당직에게", "큰 소리로", Space),
        ("모든", "다 함께", Space),
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

#[test]
fn divided_words_of_other_languages_are_joined() {
    use LineJoin::{Dehyphenate, Nothing, Space};
    for (before, next, expected) in [
        ("der Hafen-", "meister von Baytown", Dehyphenate),
        ("die Gr\u{f6}-", "\u{df}e der Bucht", Dehyphenate),
        ("l\u{2019}admi-", "nistration du port", Dehyphenate),
        ("\u{433}\u{430}-", "\u{432}\u{430}\u{43d}\u{44c}", Dehyphenate),
        ("Nord-", "Ostsee-Kanal", Nothing),
        ("Vor-", "und Nachteile", Space),
        ("vor-", "oder nachmittags", Space),
        ("two-", "to three-masted ships", Space),
        ("avant-", "et arri\u{e8}re-port", Space),
    ] {
        assert_eq!(join("other text", before, next), expected, "{before:?} {next:?}");
    }
}

#[test]
fn hyphens_of_compounds_stay() {
    use LineJoin::Nothing;
    for (before, next) in [
        ("COVID-", "19 of the year"),
        ("the mother-in-", "law of the keeper"),
        ("a non-", "linear wave"),
        ("the vice-", "president of the office"),
        ("Saint-", "Malo"),
        ("the A-", "frame of the crane"),
        ("pages 12-", "14"),
    ] {
        assert_eq!(join("other text", before, next), Nothing, "{before:?} {next:?}");
    }
}

#[test]
fn punctuation_at_the_end_of_a_line_is_followed_by_a_space() {
    use LineJoin::Space;
    for (before, next) in [
        ("the end.", "Next"),
        ("one,", "two"),
        ("(see", "below)"),
        ("he said:", "\u{201c}No.\u{201d}"),
        ("ten", "000"),
        ("he said \u{2014}", "and left"),
        ("\u{d55c}\u{ad6d}", "\u{c5b4}"),
        ("---", "below a rule"),
        ("the sign -", "is a dash"),
    ] {
        assert_eq!(join("other text", before, next), Space, "{before:?} {next:?}");
    }
}

#[test]
fn scripts_without_spaces_get_none() {
    use LineJoin::{Nothing, Space};
    for (before, next, expected) in [
        ("\u{65e5}\u{672c}", "\u{8a9e}", Nothing),
        ("\u{65e5}\u{672c}\u{3001}", "\u{305d}\u{3057}\u{3066}", Nothing),
        ("\u{7d42}\u{308f}\u{308a}\u{3002}", "\u{6b21}", Nothing),
        ("\u{30ab}\u{30bf}", "\u{30ab}\u{30ca}", Nothing),
        ("\u{6f22}\u{ff01}", "\u{6f22}", Nothing),
        ("Tokyo", "\u{6771}\u{4eac}", Space),
        ("2010\u{2014}", "2020", Nothing),
        ("word\u{2014}", "another", Nothing),
    ] {
        assert_eq!(join("other text", before, next), expected, "{before:?} {next:?}");
    }
}

#[test]
fn what_the_page_has_elsewhere_counts_in_any_case() {
    use LineJoin::{Dehyphenate, Nothing};
    for (page, before, next, expected) in [
        (
            "The Co-operative was founded",
            "a co-",
            "operative of fishers",
            Nothing,
        ),
        (
            "The cooperative was founded",
            "Co-",
            "operative of fishers",
            Dehyphenate,
        ),
        ("the re\u{2010}entry into it", "the re-", "entry", Nothing),
        ("the lowland", "the low\u{ad}", "land", Dehyphenate),
        ("the Ostseekanal", "Ostsee-", "Kanal", Dehyphenate),
        ("see reelections, too", "the re-", "elections.", Dehyphenate),
    ] {
        assert_eq!(join(page, before, next), expected, "{page:?}");
    }
}
