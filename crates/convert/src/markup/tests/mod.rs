//! Tables of cases for the reading of HTML.

mod tokens;

use super::{Attributes, Token, Tokens, decode};

/// Attributes of the first tag of a page as `name=value`.
fn attributes(html: &str) -> Vec<String> {
    let mut tokens = Tokens::of(html);
    let Some((_, Token::Start(tag))) = tokens.next() else {
        return Vec::new();
    };
    let attributes: Attributes<'_> = tag.attributes();
    attributes
        .map(|attribute| format!("{}={}", attribute.name, attribute.value))
        .collect()
}

#[test]
fn attributes_are_read_as_browsers_read_them() {
    let cases: [(&str, &[&str]); 14] = [
        ("<a>", &[]),
        ("<a href=x>", &["href=x"]),
        ("<a href=\"x y\">", &["href=x y"]),
        ("<a href='x \"y\"'>", &["href=x \"y\""]),
        ("<a href = x title = 'y'>", &["href=x", "title=y"]),
        ("<a\nhref\n=\n\"x\"\n>", &["href=x"]),
        ("<a href=\"x\"title=\"y\">", &["href=x", "title=y"]),
        ("<input disabled value=x>", &["disabled=", "value=x"]),
        ("<a/href=x>", &["href=x"]),
        ("<br/>", &[]),
        ("<a title=\"a > b\" href=x>", &["title=a > b", "href=x"]),
        ("<a href=https://bay.example/>", &["href=https://bay.example/"]),
        ("<a =x href=y>", &["=x=", "href=y"]),
        ("<a HREF=\"&amp;\">", &["HREF=&amp;"]),
    ];
    for (html, expected) in cases {
        assert_eq!(attributes(html), expected, "{html}");
    }
}

#[test]
fn the_source_of_an_attribute_is_all_that_has_to_go_with_it() {
    for (html, expected) in [
        ("<a href=x title=y>", ["href=x", "title=y"]),
        ("<a href=\"x\" title='y'>", ["href=\"x\"", "title='y'"]),
        ("<a href = x  title>", ["href = x", "title"]),
    ] {
        let Some((_, Token::Start(tag))) = Tokens::of(html).next() else {
            unreachable!("{html}");
        };
        let sources: Vec<&str> = tag.attributes().map(|attribute| attribute.source).collect();
        assert_eq!(sources, expected, "{html}");
    }
}

#[test]
fn character_references_are_decoded() {
    for (value, expected) in [
        ("plain", "plain"),
        ("a&amp;b", "a&b"),
        ("&lt;p&gt;", "<p>"),
        ("&quot;&apos;", "\"'"),
        ("&#58;", ":"),
        ("&#x3a;", ":"),
        ("&#X3A;", ":"),
        ("&#0000058;", ":"),
        ("&#58x", ":x"),
        ("java&Tab;script&colon;", "java\tscript:"),
        ("&NewLine;", "\n"),
        ("&#x1F600;", "\u{1f600}"),
        ("&amp;amp;", "&amp;"),
        ("&unknown;", "&unknown;"),
        ("&", "&"),
        ("&&", "&&"),
        ("&;", "&;"),
        ("&#;", "&#;"),
        ("&#x;", "&#x;"),
        ("&#xd800;", "&#xd800;"),
        ("&#99999999999;", "&#99999999999;"),
        ("R&D & more", "R&D & more"),
        ("é&amp;ü", "é&ü"),
    ] {
        assert_eq!(decode(value), expected, "{value}");
    }
}
