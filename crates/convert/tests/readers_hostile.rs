//! Hostile files end in a typed error, quickly, within their budgets.
#![expect(
    clippy::unwrap_used,
    reason = "the makers of documents fail as their tests do"
)]

mod documents;

use std::io::Cursor;

use documents::{markdown, package, read, read_within, sheet_package};
use ilios_convert::{ConvertError, Limits};

const DOCX: &[u8] = br#"<Types><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#;

#[test]
fn an_encrypted_package_is_password_protected() {
    let mut ole = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    ole.create_stream("/EncryptionInfo").unwrap();
    ole.create_stream("/EncryptedPackage").unwrap();
    let bytes = ole.into_inner().into_inner();
    for name in ["a.docx", "a.xlsx", "a.pptx", "a"] {
        assert_eq!(
            read(name, &bytes).unwrap_err(),
            ConvertError::PasswordProtected,
            "{name}"
        );
    }
}

#[test]
fn an_encrypted_opendocument_is_password_protected() {
    let manifest = br#"<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry></manifest:manifest>"#;
    let bytes = package(&[
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        ("META-INF/manifest.xml", manifest),
        ("content.xml", b"\x01\x02\x03"),
    ]);
    assert_eq!(
        read("a.odt", &bytes).unwrap_err(),
        ConvertError::PasswordProtected
    );
}

#[test]
fn a_part_that_inflates_beyond_its_budget_is_refused() {
    let limits = Limits {
        part_bytes: 1 << 20,
        ..Limits::default()
    };
    let bomb = package(&[
        ("[Content_Types].xml", DOCX),
        ("word/document.xml", &vec![b' '; 2 << 20]),
    ]);
    let error = read_within(&limits, "a.docx", &bomb).unwrap_err();
    assert_eq!(error.code(), "limit_exceeded");
}

#[test]
fn a_part_that_lies_about_its_size_is_counted_as_it_inflates() {
    let limits = Limits {
        part_bytes: 1 << 20,
        ..Limits::default()
    };
    let mut bomb = package(&[
        ("[Content_Types].xml", DOCX),
        ("word/document.xml", &vec![b' '; 2 << 20]),
    ]);
    let size = (2_u32 << 20).to_le_bytes();
    for at in 0..bomb.len() - 4 {
        if bomb[at..at + 4] == size {
            bomb[at..at + 4].copy_from_slice(&100_u32.to_le_bytes());
        }
    }
    assert_eq!(
        read_within(&limits, "a.docx", &bomb).unwrap_err().code(),
        "limit_exceeded"
    );
}

#[test]
fn a_package_that_inflates_out_of_proportion_is_refused() {
    let megabytes = vec![0; 40 << 20];
    let bomb = package(&[
        ("[Content_Types].xml", DOCX),
        ("a.bin", &megabytes),
        ("b.bin", &megabytes),
    ]);
    let limits = Limits {
        expansion_ratio: 10,
        ..Limits::default()
    };
    assert_eq!(
        read_within(&limits, "a.docx", &bomb).unwrap_err().code(),
        "limit_exceeded"
    );
}

#[test]
fn more_sheets_than_pages_allowed_are_too_many() {
    let bytes = sheet_package(&[("A1", "x")]);
    let limits = Limits {
        pages: 0,
        ..Limits::default()
    };
    assert_eq!(
        read_within(&limits, "a.xlsx", &bytes).unwrap_err(),
        ConvertError::TooManyPages { pages: 1, limit: 0 }
    );
}

#[test]
fn input_and_output_have_their_limits() {
    let limits = Limits {
        input_bytes: 10,
        ..Limits::default()
    };
    assert_eq!(
        read_within(&limits, "a.txt", b"eleven byte").unwrap_err(),
        ConvertError::TooLarge { bytes: 11, limit: 10 }
    );
    let limits = Limits {
        output_bytes: 10,
        ..Limits::default()
    };
    assert_eq!(
        read_within(&limits, "a.txt", b"eleven byte").unwrap_err().code(),
        "limit_exceeded"
    );
}

#[test]
fn nesting_beyond_the_limit_is_refused_in_every_format() {
    let deep = 200_000;
    for (name, bytes) in [
        ("a.html", "<div>".repeat(deep)),
        ("a.html", format!("<html>{}", "<b>".repeat(deep))),
        ("a.json", "[".repeat(deep) + &"]".repeat(deep)),
        (
            "a.xml",
            format!(
                "<?xml version='1.0'?>{}x{}",
                "<a>".repeat(deep),
                "</a>".repeat(deep)
            ),
        ),
        (
            "a.ipynb",
            format!(
                "{{\"cells\":[],\"nbformat\":4,\"metadata\":{}{}}}",
                "[".repeat(deep),
                "]".repeat(deep)
            ),
        ),
        (
            "a.eml",
            format!(
                "From: a@b.example\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n{}x",
                "<i>".repeat(deep)
            ),
        ),
    ] {
        match read(name, bytes.as_bytes()) {
            Err(error) => assert_eq!(error.code(), "limit_exceeded", "{name}"),
            // A message is more than its body.
            Ok(conversion) => assert!(name == "a.eml" && !conversion.markdown().is_empty(), "{name}"),
        }
    }
}

#[test]
fn nesting_by_elements_that_end_by_themselves_does_no_harm() {
    for tags in [
        "<p>",
        "<li>",
        "<ul><li>",
        "<table><tr><td>",
        "<td>",
        "<blockquote>",
        "</div>",
        "<![CDATA[",
        "<!--",
    ] {
        let html = format!("<html><body>{}x", tags.repeat(20_000));
        let _ = read("a.html", html.as_bytes());
    }
}

#[test]
fn tags_that_end_nothing_hide_no_nesting() {
    let nesting = [
        "<div></x>",
        "<x><div></x>",
        "<b><div></b>",
        "<optgroup>",
        "<rt>",
        "<ul><li><section>",
        "<svg><td><td>",
        "<option><b>",
        "<p><button>",
        "<table><tr><td>",
    ];
    for tags in nesting {
        let html = format!("<html><body>{}x", tags.repeat(5_000));
        let code = read("a.html", html.as_bytes()).map(|_| ()).unwrap_err().code();
        assert_eq!(code, "limit_exceeded", "{tags}");
    }
}

#[test]
fn formatting_without_an_end_goes_on_in_a_bounded_number_of_blocks() {
    let bold: String = (0..250).map(|number| format!("<b id={number}>")).collect();
    for html in [
        format!("<html><body><p>{bold}</p>{}", "<p>x</p>".repeat(9_000)),
        format!("<html><body><p>{bold}{}", "<p>x".repeat(9_000)),
    ] {
        let code = read("a.html", html.as_bytes()).map(|_| ()).unwrap_err().code();
        assert_eq!(code, "limit_exceeded");
    }
}

#[test]
fn what_pages_leave_out_and_mix_up_is_no_nesting() {
    for part in [
        "<p>a",
        "<ul><li>a<p>b<li>c</ul>",
        "<table><tr><td>a<td>b<p>c<tr><td>d</table>",
        "<dl><dt>a<dd>b<dt>c</dl>",
        "<ruby>a<rp>(<rt>b<rp>)</ruby>",
        "<select><optgroup><option>a<option>b<optgroup><option>c</select>",
        "<svg><path/><g><path d=x/></g></svg>",
        "<p><font size=2>a",
        "<b><div>x</b></div><i><p>y</i></p>",
        "<h1>a<h2>b",
        "<div><a href=x>a</div>",
        "<br/><img><hr><input>",
    ] {
        let html = format!("<html><body>{}text", part.repeat(600));
        let read = read("a.html", html.as_bytes());
        assert!(read.is_ok(), "{part}: {:?}", read.map(|_| ()));
    }
}

#[test]
fn deep_xml_in_a_package_is_refused() {
    let deep = format!("<w:document>{}</w:document>", "<w:p>".repeat(100_000));
    let bytes = package(&[
        ("[Content_Types].xml", DOCX),
        ("word/document.xml", deep.as_bytes()),
    ]);
    let code = read("a.docx", &bytes).unwrap_err().code();
    assert!(["limit_exceeded", "invalid_document"].contains(&code), "{code}");
}

#[test]
fn elements_with_many_attributes_take_no_quadratic_time() {
    let attributes: String = (0..200_000).map(|number| format!(" a{number}='1'")).collect();
    let text = markdown(
        "a.xml",
        format!("<?xml version='1.0'?><a{attributes}>x</a>").as_bytes(),
    );
    assert!(text.contains("a199999: 1"));
}

#[test]
fn entities_made_of_entities_are_refused_and_others_stay_as_written() {
    let nested = "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;'>]><a>&b;&b;</a>";
    assert_eq!(
        read("a.xml", nested.as_bytes()).unwrap_err().code(),
        "limit_exceeded"
    );
    let flat = "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY a 'secret &lt;'><!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>x &a; &b; &#65;&amp;</a>";
    let text = markdown("a.xml", flat.as_bytes());
    assert!(
        text.contains("&a; ") && text.contains("&b; A&") && !text.contains("secret"),
        "{text}"
    );
}

#[test]
fn office_packages_that_define_entities_are_refused() {
    let document = "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'aaaa'>]><w:document><w:body/></w:document>";
    let bytes = package(&[
        ("[Content_Types].xml", DOCX),
        ("word/document.xml", document.as_bytes()),
    ]);
    let error = read("a.docx", &bytes).unwrap_err();
    assert!(
        error.code() == "limit_exceeded" && error.to_string().contains("entities"),
        "{error}"
    );
}

#[test]
fn styles_that_inherit_in_a_circle_lose_what_they_inherit_and_no_text() {
    const W: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relation = |kind: &str, target: &str| {
        format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/></Relationships>"
        )
    };
    let style = |id: &str, base: &str| {
        format!("<w:style w:type=\"paragraph\" w:styleId=\"{id}\"><w:basedOn w:val=\"{base}\"/></w:style>")
    };
    let styles = format!("<w:styles {W}>{}{}</w:styles>", style("A", "B"), style("B", "A"));
    let document = format!(
        "<w:document {W}><w:body><w:p><w:pPr><w:pStyle w:val=\"A\"/></w:pPr><w:r><w:t>Found</w:t></w:r></w:p></w:body></w:document>"
    );
    let bytes = package(&[
        ("[Content_Types].xml", DOCX),
        (
            "_rels/.rels",
            relation("officeDocument", "word/document.xml").as_bytes(),
        ),
        (
            "word/_rels/document.xml.rels",
            relation("styles", "styles.xml").as_bytes(),
        ),
        ("word/styles.xml", styles.as_bytes()),
        ("word/document.xml", document.as_bytes()),
    ]);
    let conversion = read("a.docx", &bytes).unwrap();
    assert_eq!(conversion.markdown().trim(), "Found");
    assert!(
        conversion.warnings[0].message.contains("circle"),
        "{:?}",
        conversion.warnings
    );
}

#[test]
fn a_sheet_with_cells_at_its_far_corners_is_read() {
    let bytes = sheet_package(&[("A1", "near"), ("XFD1048576", "far")]);
    let text = markdown("a.xlsx", &bytes);
    assert!(
        text.contains("near") && text.contains("far") && text.len() < 1 << 20,
        "{}",
        text.len()
    );
}

#[test]
fn a_page_with_endless_attributes_is_refused_and_quotes_hide_none() {
    let attributes = |count: usize| {
        let attributes: String = (0..count).map(|number| format!(" a{number}='<>'")).collect();
        format!("<html><p{attributes}>text")
    };
    assert_eq!(markdown("a.html", attributes(1_000).as_bytes()), "text\n");
    let error = read("a.html", attributes(200_000).as_bytes()).unwrap_err();
    assert_eq!(error.code(), "limit_exceeded");
    let prose = format!("<html><p title='{}'>text", "word = \"x\" ".repeat(10_000));
    assert_eq!(markdown("a.html", prose.as_bytes()), "text\n");
}

#[test]
fn control_characters_neither_hide_a_page_nor_reach_the_result() {
    let controls: Vec<u8> = (0..32).collect();
    let page = [b"<p>seen".as_slice(), &controls, b"\x1b[31mred\x1b[0m\x7f</p>"].concat();
    let text = markdown("a.html", &page);
    let hidden = |c: char| c.is_control() && c != '\n' && c != '\t';
    assert!(
        text.contains("seen") && text.contains("[31mred") && !text.contains(hidden),
        "{text:?}"
    );
    assert!(!markdown("a.txt", b"plain \x1b[31mred\n").contains('\x1b'));
}

#[test]
fn two_bytes_of_a_picture_are_a_broken_picture() {
    assert_eq!(read("a.jpg", b"\xff\xd8").unwrap_err().code(), "invalid_document");
}

#[test]
fn spans_as_large_as_a_page_can_say_stay_small() {
    let html = "<table><tr><td rowspan=65534 colspan=1000>x</td></tr><tr><td>y</td></tr></table>";
    assert!(read("a.html", html.as_bytes()).map_or(0, |page| page.text_bytes()) < 1 << 20);
}

#[test]
fn files_cut_or_changed_anywhere_never_panic() {
    let folder = std::path::Path::new(".").join("tests/fixtures/corpus");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let bytes = std::fs::read(&path).unwrap();
        for part in 1..8 {
            let _ = read(&name, &bytes[..bytes.len() * part / 8]);
            let mut changed = bytes.clone();
            for at in (part..changed.len()).step_by(97) {
                changed[at] ^= 0x55;
            }
            let _ = read(&name, &changed);
        }
    }
}

#[test]
fn what_looks_like_tags_in_scripts_and_comments_is_no_nesting() {
    let tags = "<div>".repeat(1_000);
    let html = format!("<p>a</p><script>x = \"{tags}\"</script><!--{tags}--><STYLE>{tags}</STYLE><p>b</p>");
    assert_eq!(markdown("a.html", html.as_bytes()), "a\n\nb\n");
}

#[test]
fn one_wide_record_does_not_make_a_table_beyond_the_limit() {
    let csv = format!("{}\n{}", ",".repeat(10_000), "x\n".repeat(20_000));
    let error = read("a.csv", csv.as_bytes()).unwrap_err();
    assert_eq!(error.code(), "limit_exceeded");
}

#[test]
fn what_was_found_before_is_not_found_again() {
    let folder = std::path::Path::new(".").join("tests/fixtures/findings");
    let hidden = |c: char| c.is_control() && c != '\n' && c != '\t';
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let shown = match read(&name, &std::fs::read(&path).unwrap()) {
            Ok(conversion) => conversion.markdown(),
            Err(error) => error.to_string(),
        };
        assert!(!shown.contains(hidden), "{name}: {shown:?}");
    }
}

#[test]
fn titles_and_authors_steer_no_terminal() {
    let page =
        "<html><head><title>a\u{1b}[2J\u{9b}b</title><meta name=author content='c\u{85}d'></head>text</html>";
    let metadata = read("a.html", page.as_bytes()).unwrap().metadata;
    assert_eq!(metadata.title.as_deref(), Some("a[2Jb"));
    assert_eq!(metadata.author.as_deref(), Some("cd"));
}

#[test]
fn many_texts_far_apart_in_a_sheet_are_closed_up() {
    let mut cells: Vec<(String, String)> = (0..300)
        .map(|number| (format!("A{}", 1 + number * 3_000), format!("left {number}")))
        .collect();
    cells.push(("XFD1048576".into(), "far".into()));
    let cells: Vec<(&str, &str)> = cells.iter().map(|(at, text)| (&**at, &**text)).collect();
    let text = markdown("a.xlsx", &sheet_package(&cells));
    assert!(
        text.contains("left 299") && text.contains("far") && text.len() < 1 << 20,
        "{}",
        text.len()
    );
}
