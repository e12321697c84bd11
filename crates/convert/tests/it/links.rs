//! Links that run a script become their text in every format.

use ilios_convert::render;
use ilios_convert::{Input, Limits, NoOcr, Options, convert, defused, may_mislead};

fn to_html(markdown: &str, title: &str) -> String {
    render::to_html(markdown, title).unwrap_or_else(|error| panic!("{error}"))
}

fn to_text(markdown: &str) -> String {
    render::to_text(markdown).unwrap_or_else(|error| panic!("{error}"))
}

fn markdown_of(name: &str, bytes: &[u8]) -> String {
    let input = Input { bytes, name };
    let converted = convert(input, &Options::default(), &Limits::default(), &mut NoOcr);
    converted
        .unwrap_or_else(|error| panic!("{name}: {error}"))
        .markdown()
}

#[test]
fn links_to_scripts_become_their_text() {
    for (markdown, expected) in [
        ("[click](javascript:alert(1)) me", "click me"),
        ("[click *me*](<JaVaScRiPt:alert(1)> \"title\")", "click *me*"),
        ("[a](\tjava\\script:x)", "[a](\tjava\\script:x)"),
        ("[a](javascript\\:x) b", "a b"),
        ("[a](&#106;avascript:x) b", "a b"),
        ("[a](&#x0000006A;avascript:x)", "a"),
        ("[a](java&Tab;script&colon;x)", "a"),
        ("[a](java&NewLine;script:x)", "a"),
        ("![alt](vbscript:x)", "alt"),
        ("[![alt](data:image/svg+xml;base64,AAAA)](javascript:x)", "alt"),
        ("[a](data:text/html;base64,AAAA)", "a"),
        ("[a](DATA:text/html,x)", "a"),
        ("[a](data:application/xhtml+xml,x)", "a"),
        (
            "[text][a] and [a][] and [a]\n\n[a]: javascript:alert(1)",
            "text and a and a\n\n",
        ),
        ("[a\nb]: <javascript:alert(1)> 'title'\n\n[a b]", "\n\na b"),
        ("x <javascript:alert(1)> y", "x javascript:alert(1) y"),
        (
            "<a href=\"javascript:alert(1)\" title=\"t\">y</a>",
            "<a  title=\"t\">y</a>",
        ),
        ("<a href=' java&#115;cript:alert(1)'>y</a>", "<a >y</a>"),
        ("> <div\n> href=javascript:x\n> id=a>\n", "> <div\n> \n> id=a>\n"),
        ("<form action=vbscript:x>", "<form >"),
        ("[# h](javascript:x)", "\\# h"),
        ("[](javascript:x)a", "a"),
        ("[a | b](javascript:x)", "a | b"),
        ("[^1]: javascript:x\n\na[^1]", "[^1]: `javascript:x`\n\na[^1]"),
        ("[a](view-source:javascript:x)", "a"),
        ("[a](java\tscript:x) b", "[a] b"),
        (
            "<div>[a](javascript:x) <vbscript:x>\n[b](<javascript:x>)</div>",
            "<div>a vbscript:x\nb</div>",
        ),
    ] {
        assert_eq!(defused(markdown.to_owned()), expected, "{markdown}");
    }
}

#[test]
fn everything_else_stays_as_it_is() {
    for markdown in [
        "JavaScript: the good parts, and data: a/b",
        "[a](https://example.org/javascript:x) ![b](data:image/png;base64,AAAA)",
        "`[a](javascript:x)`",
        "```\n[a](javascript:x)\n```",
        "<a href=\"https://example.org\" title=\"javascript: x\">a</a>",
        "[JavaScript: an introduction](intro.html)",
        "[^1]\n\n[^1]: JavaScript: The Good Parts",
        "\\[a](javascript:x)",
    ] {
        assert_eq!(defused(markdown.to_owned()), markdown);
    }
}

/// A link within the text of another one becomes one when that is none any more.
#[test]
fn links_within_links_end_as_text_in_bounded_time() {
    let text = "[".repeat(20_000) + "x" + &"](javascript:alert(1))".repeat(20_000);
    let text = defused(text);
    let html = to_html(&text, "t");
    assert!(!html.contains("href=\"javascript:"), "a link is left");
    for part in text.split("](").skip(1) {
        assert!(!part.starts_with("javascript:"), "{part:.40}");
    }
}

#[test]
fn what_is_cut_from_a_text_leaves_nothing_to_cut() {
    for text in [
        "[[x](javascript:1)](javascript:2)",
        "<a[x](javascript:1)href=javascript:2>",
        "[a]: javascript:1\n[a]: vbscript:2\n\n[a]",
        "<!--><a href=javascript:1>-->",
        "<a =\"x>\" href=javascript:1>",
    ] {
        let once = defused(text.to_owned());
        assert_eq!(defused(once.clone()), once, "{text}");
        assert!(!to_html(&once, "t").contains("<a href="), "{text}");
        assert!(!once.contains("](javascript:"), "{once}");
    }
}

#[test]
fn no_reader_writes_a_link_to_a_script() {
    let page = "<p>before <a href=\"javascript:alert(1)\">one</a> <a href=' JAVA&#115;cript:x'>two</a> \
        <a href=\"java\tscript:x\">three</a> <img alt=four src=\"vbscript:x\"> <a href=\"data:text/html,x\">five</a> \
        <a href=\"https://a.example/\">six</a>";
    let mail = format!("From: a@b.example\nSubject: s\nContent-Type: text/html\n\n{page}");
    let markdown = "[one](javascript:x) [two][2] three <vbscript:four> [five](DATA:text/html,x) \
        [six](https://a.example/)\n\n[2]: java&#115;cript:x\n";
    let notebook = format!(
        "{{\"nbformat\":4,\"metadata\":{{}},\"cells\":[{{\"cell_type\":\"markdown\",\"source\":[{:?}]}}]}}",
        markdown
    );
    for (name, text) in [
        ("a.html", page),
        ("a.eml", &mail),
        ("a.md", markdown),
        ("a.ipynb", &notebook),
    ] {
        let markdown = markdown_of(name, text.as_bytes());
        let html = to_html(&markdown, "t");
        for word in ["one", "two", "three", "four", "five", "https://a.example/"] {
            assert!(markdown.contains(word), "{word} in {name}: {markdown}");
            assert!(html.contains(word), "{word} in {name}: {html}");
        }
        assert_eq!(html.matches("href=").count(), 1, "{name}: {html}");
        let again = defused(markdown.clone());
        assert_eq!(again, markdown, "{name} has a link to a script");
        assert!(
            !markdown.to_lowercase().contains("](javascript"),
            "{name}: {markdown}"
        );
        assert!(to_text(&markdown).contains("one"));
    }
}

#[test]
fn plain_text_makes_no_link_to_a_script_across_lines() {
    let text = "[click\nme](javascript:alert(1))\n\n[foo\nbar]: javascript:alert(1)\n\n[foo bar]\n";
    let markdown = markdown_of("a.txt", text.as_bytes());
    assert!(may_mislead(text.as_bytes()));
    assert!(!to_html(&markdown, "t").contains("href="), "{markdown}");
    assert_eq!(defused(markdown.clone()), markdown);
}
