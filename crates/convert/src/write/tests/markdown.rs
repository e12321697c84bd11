use crate::write::markdown::{code, code_span, escape, escape_line, guard_line, printable};

#[test]
fn only_what_would_be_markup_is_escaped() {
    for (text, escaped) in [
        ("plain text, 3 < 4 & 5 > 2", "plain text, 3 < 4 & 5 > 2"),
        ("a * b", "a * b"),
        ("*emphasis*", r"\*emphasis\*"),
        ("snake_case_name", "snake_case_name"),
        ("_emphasis_", r"\_emphasis\_"),
        ("one `tick", "one `tick"),
        ("`code`", r"\`code\`"),
        ("~ about ~", "~ about ~"),
        ("~~struck~~", r"\~\~struck\~\~"),
        ("see [1] there", "see [1] there"),
        ("[link](target)", r"\[link](target)"),
        ("[^note]", r"\[^note]"),
        ("<b>bold</b>", r"\<b>bold\</b>"),
        ("a <- b", "a <- b"),
        ("AT&T", "AT&T"),
        ("&amp;", r"\&amp;"),
        ("&#8364;", r"\&#8364;"),
        (r"C:\path", r"C:\path"),
        (r"a \* b", r"a \\\* b"),
        ("", ""),
    ] {
        assert_eq!(escape(text), escaped, "{text}");
    }
}

#[test]
fn the_start_of_a_line_begins_no_block() {
    for (line, guarded) in [
        ("plain", "plain"),
        ("# heading", r"\# heading"),
        ("#hashtag", "#hashtag"),
        ("####### seven", "####### seven"),
        ("- item", r"\- item"),
        ("-5 degrees", "-5 degrees"),
        ("+ item", r"\+ item"),
        ("* item", r"\* item"),
        ("1. item", r"1\. item"),
        ("12) item", r"12\) item"),
        ("3.5 metres", "3.5 metres"),
        ("1234567890. item", "1234567890. item"),
        ("> quote", r"\> quote"),
        ("---", r"\---"),
        ("===", r"\==="),
        ("___", r"\___"),
        ("```", r"\```"),
        ("~~~", r"\~~~"),
        ("", ""),
    ] {
        assert_eq!(guard_line(line), guarded, "{line}");
    }
    assert_eq!(escape_line("# *a*"), r"\# \*a\*");
}

#[test]
fn fences_are_longer_than_the_ticks_inside() {
    for (text, expected) in [
        ("let x;", "```\nlet x;\n```"),
        ("a ``` b\n", "````\na ``` b\n````"),
        ("", "```\n\n```"),
    ] {
        assert_eq!(code("", text), expected);
    }
    assert_eq!(code("rust", "fn main() {}"), "```rust\nfn main() {}\n```");
    for (text, expected) in [
        ("x", "`x`"),
        ("a`b", "``a`b``"),
        ("`a`", "`` `a` ``"),
        ("two\nlines", "`two lines`"),
    ] {
        assert_eq!(code_span(text), expected);
    }
}

#[test]
fn control_characters_are_removed() {
    for (text, expected) in [
        ("plain\n\ttext", "plain\n\ttext"),
        ("\u{1b}[31mred\u{1b}[0m", "[31mred[0m"),
        ("bell\u{7} null\0 delete\u{7f} c1\u{9b}", "bell null delete c1"),
        ("\r\n", "\n"),
    ] {
        assert_eq!(printable(text.to_owned()), expected);
    }
}
