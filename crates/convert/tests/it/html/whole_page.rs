//! Parts of a page that are left out, nesting, places of blocks.

use ilios_convert::ir::{Place, plain_text};
use ilios_convert::{Input, Limits, NoOcr, Options, convert};

use super::{blocks, read, read_within, warnings};

#[test]
fn what_is_left_out_is_counted_by_its_reason() {
    assert_eq!(
        warnings("<script>a</script><style>b</style><template>c</template><!-- d -->"),
        [""; 0]
    );
    for (html, warning) in [
        ("<p hidden>a <b>b</b></p>", "hidden text left out: 2"),
        (
            "<div style='x:y; DISPLAY : None'>a</div>",
            "hidden text left out: 1",
        ),
        (
            "<noscript>a</noscript>",
            "text for browsers without scripts left out: 1",
        ),
        ("<video>a</video>", "text in place of media left out: 1"),
    ] {
        assert_eq!(warnings(html), [warning], "{html}");
    }
    assert_eq!(warnings("<i aria-hidden=true>y</i>"), [""; 0]);
}

#[test]
fn nesting_within_the_limit_loses_no_text() {
    let limits = Limits {
        depth: 600,
        ..Limits::default()
    };
    for (open, close) in [
        ("<ul><li>x", "</ul>"),
        ("<blockquote>x", "</blockquote>"),
        ("<b><i>x", "</i></b>"),
        ("<div>x", "</div>"),
        ("<details>x", "</details>"),
        ("<dl><dd>x", "</dl>"),
    ] {
        let html = format!("<html><body>{}{}", open.repeat(255), close.repeat(255));
        let text = read_within(&limits, "a.html", html.as_bytes())
            .unwrap()
            .markdown();
        assert_eq!(text.matches('x').count(), 255, "{open}");
    }
    let table = "<table><tr><td>x</td><td>";
    let html = format!("<html><body>{}y", table.repeat(120));
    let text = read_within(&limits, "a.html", html.as_bytes())
        .unwrap()
        .markdown();
    assert_eq!(text.matches('x').count(), 120);
}

#[test]
fn a_page_may_nest_twice_as_deep_as_other_documents() {
    let limits = Limits {
        depth: 50,
        ..Limits::default()
    };
    let page = |depth: usize| format!("<html><body>{}deep", "<div>x".repeat(depth));
    let text = read_within(&limits, "a.html", page(90).as_bytes())
        .unwrap()
        .markdown();
    assert_eq!(text.matches('x').count(), 90);
    assert!(text.ends_with("deep\n") || text.ends_with("deep"), "{text}");
    assert!(read_within(&limits, "a.html", page(110).as_bytes()).is_err());
}

#[test]
fn blocks_say_the_paths_of_their_elements() {
    let blocks = blocks("<div>a</div><div><p>b<p>c<b>d</b><ul><li>e<li>f</ul></div>text<pre>g</pre>");
    let mut places = Vec::new();
    for block in &blocks {
        block.visit(&mut |block| {
            if let (Some(Place::Path(path)), true) = (&block.at, block.parts().is_empty()) {
                places.push((plain_text(block), path.clone()));
            }
        });
    }
    let expected = [
        ("a", "html/body/div[1]"),
        ("b", "html/body/div[2]/p[1]"),
        ("cd", "html/body/div[2]/p[2]"),
        ("e", "html/body/div[2]/ul[1]/li[1]"),
        ("f", "html/body/div[2]/ul[1]/li[2]"),
        ("text", "html/body"),
        ("g", "html/body/pre[1]"),
    ];
    let expected: Vec<(String, String)> = expected.map(|(text, path)| (text.into(), path.into())).to_vec();
    assert_eq!(places, expected);
}

#[test]
fn the_surroundings_of_the_main_content_are_left_out_if_they_are_to_be() {
    let links = "<a href='/1'>One</a> <a href='/2'>Two</a> <a href='/3'>Three</a> <a href='/4'>Four</a>";
    let text = "<p>The bridge over the river was closed for repairs in the spring, and it is not known when it will open.</p>";
    let pages = [
        // A main part, with the title before it.
        format!(
            "<header><h1>Bridge</h1><nav>{links}</nav></header><main>{text}<aside>Related</aside></main><footer>Imprint</footer>"
        ),
        // An article beside side columns.
        format!(
            "<nav>{links}</nav><div class='sidebar'>Weather</div><article><h1>Bridge</h1>{text}<div class='share-buttons'>Share</div></article>"
        ),
        // Nothing that says what it is, but for a list of links.
        format!(
            "<div>{links}</div><div><h1>Bridge</h1>{text}</div><div id='cookie-consent'>We use cookies</div>"
        ),
    ];
    for page in pages {
        let html = format!("<html><body>{page}</body></html>");
        let input = Input {
            bytes: html.as_bytes(),
            name: "a.html",
        };
        let mut options = Options::default();
        options.output.set("boilerplate", "drop").unwrap();
        let dropped = convert(input, &options, &Limits::default(), &mut NoOcr).unwrap();
        let texts: Vec<String> = dropped.pages[0].blocks.iter().map(plain_text).collect();
        assert_eq!(texts.len(), 2, "{texts:?}");
        assert!(
            texts[0] == "Bridge" && texts[1].starts_with("The bridge over"),
            "{texts:?}"
        );
        let counted = dropped.warnings.iter().any(|warning| {
            warning
                .message
                .starts_with("texts around the main content left out: ")
        });
        assert!(counted, "{:?}", dropped.warnings);
        let kept = read("a.html", html.as_bytes()).unwrap();
        assert!(kept.markdown().contains("One"));
    }
}

#[test]
fn a_page_that_is_nothing_but_links_keeps_them() {
    let links: String = (0..9)
        .map(|n| format!("<li><a href='/{n}'>Page {n}</a></li>"))
        .collect();
    let html = format!("<html><body><ul>{links}</ul></body></html>");
    let mut options = Options::default();
    options.output.set("boilerplate", "drop").unwrap();
    let input = Input {
        bytes: html.as_bytes(),
        name: "a.html",
    };
    let conversion = convert(input, &options, &Limits::default(), &mut NoOcr).unwrap();
    assert!(conversion.markdown().contains("Page 8"));
}
