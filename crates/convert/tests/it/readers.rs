//! Readers of text, web pages, mail, data and packages.

use ilios_convert::ConvertError;

use crate::documents::{markdown, package, read, sheet_package, sheet_package_with};

#[test]
fn a_log_without_blank_lines_stays_as_it_is() {
    let log = "12:00 - a line\n- another\n".repeat(6_000);
    assert_eq!(markdown("a.txt", log.as_bytes()), format!("```\n{log}```\n"));
}

#[test]
fn plain_text_stays_as_it_reads() {
    let text = "Title\n=====\n\nfoo_bar *a* 5 * 3 <b> &amp; \\x C:\\*\n+ item\n> quoted\n12. twelve\n#hash";
    assert_eq!(
        markdown("a.txt", text.as_bytes()),
        "Title\\\n\\=====\n\nfoo_bar \\*a\\* 5 * 3 \\<b> \\&amp; \\x C:\\\\\\*\n\n- item\n\n> quoted\n\n12. twelve\n\n#hash\n"
    );
}

#[test]
fn text_in_columns_keeps_them_as_code() {
    let text = "Hours:\n\nMonday     8-12\nTuesday    9-13\n\nFriday     closed\nSunday     ```\n\nBye.";
    assert_eq!(
        markdown("a.txt", text.as_bytes()),
        "Hours:\n\n````\nMonday     8-12\nTuesday    9-13\n\nFriday     closed\nSunday     ```\n````\n\nBye.\n"
    );
}

#[test]
fn text_is_read_in_every_encoding() {
    let text = "Schöne Grüße, Käthe! Das Öl fließt.";
    let utf16: Vec<u8> = [0xfeff]
        .into_iter()
        .chain(text.encode_utf16())
        .flat_map(u16::to_be_bytes)
        .collect();
    assert_eq!(markdown("a.txt", &utf16), format!("{text}\n"));
    let latin1: Vec<u8> = text.chars().map(|c| c as u8).collect();
    assert_eq!(markdown("a.txt", &latin1), format!("{text}\n"));
    let (shift_jis, _, _) = encoding_rs::SHIFT_JIS.encode("これは日本語の文章です。東京は晴れています。");
    assert_eq!(
        markdown("a.txt", &shift_jis),
        "これは日本語の文章です。東京は晴れています。\n"
    );
    assert_eq!(
        markdown("a.txt", b"\xef\xbb\xbfone\r\ntwo\rthree\0"),
        "one\\\ntwo\\\nthree\n"
    );
}

#[test]
fn markdown_is_written_in_one_form() {
    assert_eq!(
        markdown("a.md", b"# *x*\r\n\r\n\t- y_z\r\n<b>w</b>\n\n* a\n+ b"),
        "# *x*\n\n```\n- y_z\n```\n\n**w**\n\n- a\n\n<!-- -->\n\n- b\n"
    );
}

#[test]
fn a_table_of_values_is_cut_at_its_own_delimiter() {
    let table = "| a | b, c |\n| --- | --- |\n| 1 | x \\| y |\n| 2 |  |\n";
    assert_eq!(markdown("a.csv", b"a;b, c\n1;x | y\n2\n\n"), table);
    assert_eq!(markdown("a.csv", b"sep=|\na|\"b, c\"\n1|\"x | y\"\n2|\n"), table);
    assert_eq!(markdown("a.tsv", b"a\tb, c\n1\tx | y\n2\t\n"), table);
    assert_eq!(markdown("a.csv", b"only\none\n"), "| only |\n| --- |\n| one |\n");
}

#[test]
fn json_keeps_its_numbers_keys_and_order() {
    let json = br#"{"z":1.10,"a":[12345678901234567890,{}],"a":"\u00e4 \"{,"}"#;
    assert_eq!(
        markdown("a", json),
        "```json\n{\n  \"z\": 1.10,\n  \"a\": [\n    12345678901234567890,\n    {}\n  ],\n  \"a\": \"\\u00e4 \\\"{,\"\n}\n```\n"
    );
}

#[test]
fn json_lines_and_broken_json_stay_as_they_are() {
    assert_eq!(
        markdown("a.json", b"{\"a\":1}\n{\"a\":2}\n"),
        "```json\n{\"a\":1}\n{\"a\":2}\n```\n"
    );
    let broken = read("a.json", b"{\"a\":1,}").unwrap();
    assert_eq!(broken.markdown(), "```json\n{\"a\":1,}\n```\n");
    assert_eq!(broken.warnings.len(), 1);
}

#[test]
fn entities_of_a_document_are_never_resolved() {
    let xml = br#"<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "boom"><!ENTITY y SYSTEM "file:///etc/passwd">]><a b="1 &lt; 2">&x;&y; &#233;&#x20AC; &amp; <![CDATA[<c>]]></a>"#;
    let text = markdown("a.xml", xml);
    assert!(!text.contains("boom") && !text.contains("root:"), "{text}");
    assert_eq!(text, "- **a** (b: 1 < 2): \\&x;\\&y; é€ & \\<c>\n");
}

#[test]
fn xml_in_another_encoding_is_read_by_its_declaration() {
    let xml = b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>\xe4\xf6</a>";
    assert_eq!(markdown("a.xml", xml), "- **a**: äö\n");
}

#[test]
fn broken_xml_is_an_invalid_document() {
    for xml in [
        "<?xml version=\"1.0\"?><a><b></a>",
        "<?xml version=\"1.0\"?><a>",
        "<?xml version=\"1.0\"?><a b='",
    ] {
        let error = read("a.xml", xml.as_bytes()).unwrap_err();
        assert_eq!(error.code(), "invalid_document", "{xml}");
    }
}

#[test]
fn a_web_page_loses_what_is_not_for_readers() {
    let html = "<html><head><title>T</title><meta name=author content='A B'><meta property='article:published_time' content='2024-01-02'>\
        <style>x{}</style></head><body><script>s()</script><!-- c --><p>Hi <a href='a/b.html'>there</a></p><noscript>n</noscript></body></html>";
    let page = read("a.html", html.as_bytes()).unwrap();
    assert_eq!(page.markdown(), "Hi [there](a/b.html)\n");
    assert_eq!(page.metadata.title.as_deref(), Some("T"));
    assert_eq!(page.metadata.author.as_deref(), Some("A B"));
    assert_eq!(page.metadata.created.as_deref(), Some("2024-01-02"));
}

#[test]
fn merged_cells_of_a_web_page_stay_merged() {
    let html =
        "<table><tr><th rowspan=2>A</th><th colspan=2>B</th></tr><tr><td>1</td><td>2</td></tr></table>";
    assert_eq!(
        markdown("a.html", html.as_bytes()),
        "<table>\n<tbody>\n<tr><th scope=\"col\" rowspan=\"2\">A</th><th scope=\"col\" colspan=\"2\">B</th></tr>\n<tr><td>1</td><td>2</td></tr>\n</tbody>\n</table>\n"
    );
}

#[test]
fn a_web_page_is_read_in_its_declared_encoding() {
    let html = b"<html><head><meta http-equiv=content-type content=\"text/html; charset=windows-1251\"></head><body>\xcf\xf0\xe8\xe2\xe5\xf2</body></html>";
    assert_eq!(markdown("a.html", html), "Привет\n");
}

#[test]
fn a_message_without_html_is_its_text() {
    let mail = b"From: =?utf-8?q?K=C3=A4the?= <k@x.example>\r\nTo: b@x.example\r\nSubject: Hi *you*\r\nDate: Mon, 1 Jan 2024 10:00:00 +0100\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\nGr\xfc\xdfe\r\n";
    assert_eq!(
        markdown("a.eml", mail),
        "# Hi \\*you\\*\n\n- **From:** Käthe (k@x.example)\n- **To:** b@x.example\n- **Date:** 2024-01-01T10:00:00+01:00\n\nGrüße\n"
    );
}

#[test]
fn a_sheet_is_cut_into_its_connected_blocks() {
    let cells = [
        ("A1", "Sales"),
        ("A2", "Item"),
        ("B2", "Sum"),
        ("A3", "x"),
        ("B3", "1"),
        ("D3", "note"),
        ("F6", "k"),
        ("G6", "v"),
        ("F7", "m"),
        ("G7", "2"),
    ];
    let bytes = sheet_package(&cells);
    assert_eq!(
        markdown("a.xlsx", &bytes),
        "## First\n\nSales\n\n| Item | Sum |\n| --- | --- |\n| x | 1 |\n\nnote\n\n| k | v |\n| --- | --- |\n| m | 2 |\n"
    );
}

#[test]
fn a_wrong_extension_does_no_harm_to_the_reading() {
    let bytes = sheet_package(&[("A1", "x")]);
    assert_eq!(markdown("a.pdf", &bytes), "## First\n\nx\n");
}

#[test]
fn a_file_of_no_known_type_is_unsupported() {
    assert_eq!(
        read("a.txt", &[0, 1, 2, 3, 4, 5, 6, 7]).unwrap_err(),
        ConvertError::UnsupportedType
    );
}

#[test]
fn documents_without_text_are_empty() {
    for (name, bytes) in [
        ("a.txt", b" \n\t\n".to_vec()),
        ("a.txt", Vec::new()),
        ("a.csv", b"\n\n".to_vec()),
        (
            "a.html",
            b"<html><body><script>x()</script></body></html>".to_vec(),
        ),
        ("a.xml", b"<?xml version='1.0'?><a/>".to_vec()),
        (
            "a.ipynb",
            b"{\"cells\": [], \"nbformat\": 4, \"nbformat_minor\": 5}".to_vec(),
        ),
        ("a.xlsx", sheet_package(&[])),
    ] {
        assert_eq!(read(name, &bytes).unwrap_err().code(), "empty_document", "{name}");
    }
}

#[test]
fn broken_documents_are_invalid() {
    let docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
    let types = format!("<Types><Override PartName=\"/word/document.xml\" ContentType=\"{docx}\"/></Types>");
    let no_text = package(&[("[Content_Types].xml", types.as_bytes())]);
    let broken = package(&[
        ("[Content_Types].xml", types.as_bytes()),
        ("word/document.xml", b"<w:document"),
    ]);
    let mut cut = no_text.clone();
    cut.truncate(cut.len() / 2);
    for (name, bytes) in [
        ("a.docx", no_text),
        ("a.docx", broken),
        ("a.docx", cut),
        (
            "a.doc",
            [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(), &[0; 600]].concat(),
        ),
        (
            "a.ipynb",
            b"{\"cells\": [{\"source\": 1}], \"nbformat\": 4}".to_vec(),
        ),
    ] {
        assert_eq!(
            read(name, &bytes).unwrap_err().code(),
            "invalid_document",
            "{name}"
        );
    }
}

#[test]
fn a_sheet_too_large_for_a_tree_is_streamed() {
    let names: Vec<String> = (1..=410_000).map(|row| format!("A{row}")).collect();
    let cells: Vec<(&str, &str)> = names.iter().map(|at| (at.as_str(), "a|b")).collect();
    let conversion = read("a.xlsx", &sheet_package(&cells)).unwrap();
    let text = conversion.markdown();
    assert!(text.starts_with("## First\n\n| a\\|b |\n| --- |\n| a\\|b |\n"));
    assert_eq!(text.matches("a\\|b").count(), 410_000);
    assert_eq!(conversion.warnings.len(), 1);
}

#[test]
fn a_chart_of_a_sheet_becomes_the_table_of_its_numbers() {
    let relation = |kind: &str, target: &str| {
        format!(
            "<Relationships><Relationship Id='r' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}' Target='{target}'/></Relationships>"
        )
    };
    let (drawing, chart) = (
        relation("drawing", "../drawings/d.xml"),
        relation("chart", "/xl/charts/c.xml"),
    );
    let series = |name: &str, values: [&str; 2]| {
        format!(
            "<c:ser><c:tx><c:v>{name}</c:v></c:tx><c:cat><c:pt idx='0'><c:v>x</c:v></c:pt><c:pt idx='1'><c:v>y</c:v></c:pt></c:cat>\
             <c:val><c:pt idx='0'><c:v>{}</c:v></c:pt><c:pt idx='1'><c:v>{}</c:v></c:pt></c:val></c:ser>",
            values[0], values[1]
        )
    };
    let xml = format!(
        "<c:chartSpace><c:chart><c:title><a:t>Rain &amp; </a:t><a:t>snow</a:t></c:title><c:bar3DChart>{}{}</c:bar3DChart></c:chart></c:chartSpace>",
        series("a", ["1", "2"]),
        series("b", ["3", "4"])
    );
    let bytes = sheet_package_with(
        &[("A1", "text")],
        &[
            ("xl/worksheets/_rels/sheet1.xml.rels", drawing.as_bytes()),
            ("xl/drawings/_rels/d.xml.rels", chart.as_bytes()),
            ("xl/charts/c.xml", xml.as_bytes()),
        ],
    );
    assert_eq!(
        markdown("a.xlsx", &bytes),
        "## First\n\ntext\n\nRain & snow\n\nBar chart\n\n|  | a | b |\n| --- | --- | --- |\n| x | 1 | 3 |\n| y | 2 | 4 |\n"
    );
}

#[test]
fn a_chart_of_an_opendocument_file_becomes_the_table_of_its_numbers() {
    let body = |body: &str| {
        format!(
            "<office:document-content xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0' xmlns:text='urn:oasis:names:tc:opendocument:xmlns:text:1.0'>\
             <office:body>{body}</office:body></office:document-content>"
        )
    };
    let row = |a: &str, b: &str| {
        format!(
            "<table:table-row><table:table-cell><text:p>{a}</text:p></table:table-cell><table:table-cell><text:p>{b}</text:p></table:table-cell></table:table-row>"
        )
    };
    let chart = body(&format!(
        "<office:chart><chart:chart chart:class='chart:line'><chart:title><text:p>Rain</text:p></chart:title><table:table>{}{}</table:table></chart:chart></office:chart>",
        row("", "mm"),
        row("May", "3")
    ));
    let bytes = package(&[
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        (
            "content.xml",
            body("<office:text><text:p>words</text:p><text:p xmlns:draw='urn:oasis:names:tc:opendocument:xmlns:drawing:1.0'><draw:frame><draw:object xmlns:xlink='http://www.w3.org/1999/xlink' xlink:href='./Object 1'/></draw:frame></text:p><text:p>more</text:p></office:text>").as_bytes(),
        ),
        ("Object 1/content.xml", chart.as_bytes()),
    ]);
    assert_eq!(
        markdown("a.odt", &bytes),
        "words\n\nRain\n\nLine chart\n\n|  | mm |\n| --- | --- |\n| May | 3 |\n\nmore\n"
    );
}
