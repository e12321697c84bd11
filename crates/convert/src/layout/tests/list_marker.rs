use super::{line, line_of, run};
use crate::layout::line::{Line, Run};
use crate::layout::list_marker::{Label, ListMarker};

fn parse(text: &str) -> Option<(Label, usize)> {
    ListMarker::parse(&line(0, 100.0, text)).map(|marker| (marker.label, marker.length))
}

#[test]
fn labels_are_parsed_with_their_length() {
    for (text, label, length) in [
        ("\u{2022} item", Label::Bullet, 4),
        ("\u{f0b7} item", Label::Bullet, 4),
        ("\u{2714}item", Label::Bullet, 3),
        ("- item", Label::Dash, 2),
        ("\u{2013} item", Label::Dash, 4),
        ("1. item", Label::Number(1, '.'), 3),
        ("12) item", Label::Number(12, ')'), 4),
        ("123.  item", Label::Number(123, '.'), 6),
        ("b) item", Label::Letter(2, None), 0),
        ("(c) item", Label::Letter(3, None), 0),
        ("iv. item", Label::Letter(u32::MAX - 1, Some(4)), 0),
        ("i) item", Label::Letter(9, Some(1)), 0),
        ("(2) item", Label::Letter(2, None), 0),
        ("XXXIX. item", Label::Letter(u32::MAX - 1, Some(39)), 0),
    ] {
        assert_eq!(parse(text), Some((label, length)), "{text}");
    }
}

#[test]
fn text_is_no_label() {
    for text in [
        "item",
        "1984. item",
        "1.item",
        "1.",
        "-item",
        "- 12",
        "ab) item",
        "Xi. item",
        "xl. item",
        "(1000) item",
        "",
        "a item",
        "\u{2013}",
    ] {
        assert_eq!(parse(text), None, "{text}");
    }
}

#[test]
fn sequences_count_up_by_one_with_one_mark() {
    for (first, next, follows) in [
        ("\u{2022} a", "\u{25a0} b", true),
        ("- a", "- b", true),
        ("- a", "\u{2022} b", false),
        ("1. a", "2. b", true),
        ("1. a", "3. b", false),
        ("1. a", "2) b", false),
        ("a) a", "b) b", true),
        ("h) a", "i) b", true),
        ("i) a", "ii) b", true),
        ("iv) a", "v) b", true),
        ("a) a", "2. b", false),
    ] {
        let parsed = |text| ListMarker::parse(&line(0, 100.0, text));
        let (Some(a), Some(b)) = (parsed(first), parsed(next)) else {
            unreachable!("{first} {next}");
        };
        assert_eq!(a.is_followed_by(&b), follows, "{first} {next}");
    }
}

#[test]
fn lists_begin_with_the_first_label() {
    for (text, first) in [
        ("\u{2022} a", true),
        ("- a", true),
        ("1. a", true),
        ("0. a", true),
        ("2. a", false),
        ("a) a", true),
        ("i) a", true),
        ("b) a", false),
    ] {
        let marker = ListMarker::parse(&line(0, 100.0, text));
        assert_eq!(marker.map(|marker| marker.is_first()), Some(first), "{text}");
    }
}

#[test]
fn letters_of_symbol_fonts_are_bullets_when_they_stand_apart() {
    for (font, glyph, bullet) in [
        ("ABCDEF+Wingdings", "l", true),
        ("ZapfDingbats", "n", true),
        ("Symbol", "\u{b7}", true),
        ("CourierNew", "o", true),
        ("CourierNew", "l", false),
        ("Serif", "l", false),
        ("Serif", "o", false),
    ] {
        let glyph = Run {
            font_name: font.to_owned(),
            ..run(0, glyph)
        };
        let line = line_of(vec![glyph, run(3, "item")], 100.0);
        let marker = line.as_ref().and_then(ListMarker::parse);
        let label = marker.map(|marker| marker.label);
        assert_eq!(label == Some(Label::Bullet), bullet, "{font}");
    }
}

#[test]
fn the_text_of_an_item_begins_at_its_run_or_by_the_width_of_its_label() {
    let apart = line_of(vec![run(0, "1."), run(6, "item")], 100.0);
    let together = line_of(vec![run(0, "1. item")], 100.0);
    let left = |line: Option<Line>| {
        let line = line?;
        ListMarker::parse(&line).map(|marker| marker.content_left)
    };
    assert_eq!(left(apart), Some(30.0));
    assert_eq!(left(together), Some(15.0));
}
