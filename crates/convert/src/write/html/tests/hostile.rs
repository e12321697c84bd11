use super::{html_table, of_kind, of_kind_with, text};
use crate::ir::*;
use crate::options::{Comments, Furniture, Images};
use crate::{Page, PageKind, WriteOptions};

const HOSTILE: &str = "\"><script>alert(1)</script><img src=x onerror=alert(1)> --> ' & javascript:alert(1)";

/// Line of text with hostile text in every place that takes text.
fn inlines() -> Vec<Inline> {
    let marks = |set: &dyn Fn(&mut Marks)| {
        let mut marks = Marks::default();
        set(&mut marks);
        Inline::Run(Run {
            text: HOSTILE.into(),
            link: Some(Link::Href("javascript:alert(1)".into())),
            marks: Some(Box::new(marks)),
            ..Run::default()
        })
    };
    vec![
        marks(&|marks| marks.image = Some(HOSTILE.into())),
        marks(&|marks| marks.lang = Some(HOSTILE.into())),
        marks(&|marks| marks.ruby = Some(HOSTILE.into())),
        marks(&|marks| marks.formula = Some(formula())),
        marks(&|marks| marks.note = Some(BlockId { page: 1, place: 1 })),
    ]
}

fn formula() -> Formula {
    Formula {
        tex: Some(HOSTILE.into()),
        mathml: Some(HOSTILE.into()),
        text: HOSTILE.into(),
    }
}

/// Every block kind with hostile text in every place that takes text.
fn kinds() -> Vec<BlockKind> {
    let figure = Figure {
        image: Some(HOSTILE.into()),
        alt: Some(HOSTILE.into()),
        ..Figure::default()
    };
    let note = Annotation {
        author: Some(HOSTILE.into()),
        date: Some(HOSTILE.into()),
        text: HOSTILE.into(),
    };
    vec![
        BlockKind::Paragraph(inlines()),
        BlockKind::Heading {
            level: 200,
            number: Some(HOSTILE.into()),
            inlines: text(HOSTILE),
        },
        BlockKind::Code {
            language: Some(HOSTILE.into()),
            text: HOSTILE.into(),
        },
        BlockKind::Figure(figure),
        BlockKind::Formula(formula()),
        BlockKind::Footnote(Footnote {
            label: HOSTILE.into(),
            blocks: Vec::new(),
        }),
        BlockKind::Comment(note.clone()),
        BlockKind::Stamp(note),
        BlockKind::Attachment {
            name: HOSTILE.into(),
            mime_type: Some(HOSTILE.into()),
            size: None,
        },
        BlockKind::Group(Group {
            kind: GroupKind::Section,
            title: Some(HOSTILE.into()),
            blocks: Vec::new(),
        }),
        BlockKind::Watermark(text(HOSTILE)),
    ]
}

#[test]
fn no_text_of_a_document_is_markup() {
    for images in [Images::Extract, Images::Placeholder] {
        let options = WriteOptions {
            images,
            furniture: Furniture::Keep,
            comments: Comments::Keep,
            ..WriteOptions::default()
        };
        for kind in kinds() {
            let html = of_kind_with(kind.clone(), &options);
            assert!(html.contains("&lt;script&gt;alert(1)"), "{html}");
            check(&html);
            let block = Block::new(BlockId { page: 1, place: 2 }, kind);
            let mut table = Table {
                rows: 1,
                columns: 1,
                cells: vec![Cell::plain(0, 0, HOSTILE)],
                ..Table::default()
            };
            check(&html_table(&table, &options));
            table.cells[0].blocks = vec![block];
            check(&html_table(&table, &options));
        }
    }
}

fn check(html: &str) {
    let comments = html.split("<!--").skip(1);
    for comment in comments {
        let (inner, _) = comment.split_once(" -->").expect("an end");
        assert!(!inner.contains("--") && !inner.starts_with('>'), "{html}");
    }
    let mut rest = html.to_owned();
    while let Some((start, end)) = rest
        .find("<!--")
        .and_then(|start| Some((start, rest[start..].find("-->")? + start)))
    {
        rest.replace_range(start..end + 3, "");
    }
    for forbidden in ["<script", "<img src=x", "href=\"javascript", "src=\"x"] {
        assert!(!rest.contains(forbidden), "{forbidden} in {html}");
    }
    // Every quote in a tag begins or ends a value.
    for tag in rest.split('<').skip(1) {
        let (tag, _) = tag.split_once('>').expect("an end");
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        for (index, outside) in tag.split('"').enumerate() {
            assert!(index % 2 == 1 || !outside.contains("onerror"), "{tag}");
        }
    }
}

#[test]
fn the_title_of_a_document_is_text() {
    let options = WriteOptions::default();
    let mut document = super::HtmlDocument::new(HOSTILE, &options);
    let head = document.take();
    assert!(head.contains("<title>&quot;&gt;&lt;script&gt;"), "{head}");
    for number in 1..=2 {
        let mut page = Page::new(number, PageKind::Structure);
        page.blocks = vec![Block::new(
            BlockId {
                page: number,
                place: 1,
            },
            BlockKind::Paragraph(text("x")),
        )];
        document.page(&page);
    }
    assert_eq!(
        document.finish(),
        "<p id=\"p1b1\">x</p>\n<hr>\n<p id=\"p2b1\">x</p>\n</body>\n</html>\n"
    );
}

#[test]
fn stored_links_are_looked_at_again() {
    let run = Run {
        text: "a".into(),
        link: Some(Link::Href("vbscript:x".into())),
        ..Run::default()
    };
    assert!(!of_kind(BlockKind::Paragraph(vec![Inline::Run(run)])).contains("href"));
}
