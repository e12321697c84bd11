use super::{html, of_kind, of_kind_with, text};
use crate::WriteOptions;
use crate::ir::*;
use crate::options::{Comments, Furniture, Images, Revisions};

#[test]
fn blocks_have_their_elements_and_ids() {
    assert_eq!(
        html("# A *b*\n\nc\\\nd\n\n> e\n\n```rust\nf\n\n<g>\n```\n\n---"),
        "<h1 id=\"p1b1\">A <em>b</em></h1>\n<p id=\"p1b2\">c<br>d</p>\n<blockquote id=\"p1b3\">\n<p id=\"p1b4\">e</p>\n\
         </blockquote>\n<pre id=\"p1b5\"><code class=\"language-rust\">f\n\n&lt;g&gt;</code></pre>\n<hr id=\"p1b6\">\n"
    );
}

#[test]
fn lists_keep_their_numbers_boxes_and_levels() {
    assert_eq!(
        html("3. a\n   - [x] b\n   - [ ] c\n4. d\n\n   e"),
        "<ol id=\"p1b1\" start=\"3\">\n<li id=\"p1b2\">a\n<ul id=\"p1b4\">\n\
         <li id=\"p1b5\" class=\"marked\"><input type=\"checkbox\" disabled checked> b</li>\n\
         <li id=\"p1b7\" class=\"marked\"><input type=\"checkbox\" disabled> c</li>\n</ul>\n</li>\n\
         <li id=\"p1b9\">\n<p id=\"p1b10\">d</p>\n<p id=\"p1b11\">e</p>\n</li>\n</ol>\n"
    );
}

#[test]
fn footnotes_and_their_references_lead_to_each_other() {
    assert_eq!(
        html("a[^n] b[^n]\n\n[^n]: c\n\n[^unused]: d"),
        "<p id=\"p1b1\">a<sup><a id=\"ref-p1b2\" href=\"#p1b2\">n</a></sup> b<sup><a href=\"#p1b2\">n</a></sup></p>\n\
         <aside class=\"footnote\" id=\"p1b2\"><sup>n</sup> c <a href=\"#ref-p1b2\">↩</a></aside>\n\
         <aside class=\"footnote\" id=\"p1b4\"><sup>unused</sup> d</aside>\n"
    );
}

#[test]
fn definition_lists_and_groups_keep_their_parts() {
    let definition = Definition {
        term: text("t"),
        blocks: vec![Block::new(
            BlockId { page: 3, place: 8 },
            BlockKind::Paragraph(text("d")),
        )],
    };
    assert_eq!(
        of_kind(BlockKind::DefinitionList(vec![definition])),
        "<dl id=\"p3b7\">\n<dt>t</dt>\n<dd>d</dd>\n</dl>\n"
    );
    let group = Group {
        kind: GroupKind::Message,
        title: Some("T & u".into()),
        blocks: Vec::new(),
    };
    assert_eq!(
        of_kind(BlockKind::Group(group)),
        "<section id=\"p3b7\" class=\"message\">\n<p><strong>T &amp; u</strong></p>\n</section>\n"
    );
}

#[test]
fn a_caption_beside_its_figure_or_table_is_a_part_of_it() {
    let (figure, caption) = (BlockId { page: 1, place: 1 }, BlockId { page: 1, place: 2 });
    let caption = |target| {
        Block::new(
            caption,
            BlockKind::Caption(Caption {
                inlines: text("C"),
                target,
            }),
        )
    };
    let picture = Block::new(
        figure,
        BlockKind::Figure(Figure {
            image: Some("p1-1.png".into()),
            alt: Some("A \"b\"".into()),
            ..Figure::default()
        }),
    );
    let options = WriteOptions {
        images: Images::Extract,
        ..WriteOptions::default()
    };
    let expected = "<figure id=\"p1b1\"><img src=\"images/p1-1.png\" alt=\"A &quot;b&quot;\">\n\
                    <figcaption>C</figcaption>\n</figure>\n";
    for blocks in [
        [picture.clone(), caption(Some(figure))],
        [caption(Some(figure)), picture.clone()],
    ] {
        assert_eq!(super::html_blocks(&blocks, &options), expected);
    }
    let apart = super::html_blocks(&[picture, caption(None)], &options);
    assert!(
        apart.contains("<p id=\"p1b2\" class=\"caption\">C</p>"),
        "{apart}"
    );
}

#[test]
fn pictures_are_written_as_the_option_says() {
    let figure = BlockKind::Figure(Figure {
        image: Some("a.png".into()),
        alt: Some("b".into()),
        ..Figure::default()
    });
    for (images, expected) in [
        (Images::Extract, "<img src=\"images/a.png\" alt=\"b\">"),
        (Images::Placeholder, "<img alt=\"b\">"),
        (Images::None, ""),
    ] {
        let options = WriteOptions {
            images,
            ..WriteOptions::default()
        };
        assert_eq!(
            of_kind_with(figure.clone(), &options),
            format!("<figure id=\"p3b7\">{expected}</figure>\n")
        );
    }
}

#[test]
fn furniture_and_comments_are_written_on_request() {
    let note = Annotation {
        author: Some("A".into()),
        date: None,
        text: "b\nc".into(),
    };
    let kinds = [BlockKind::Header(text("h")), BlockKind::Comment(note)];
    let keep = WriteOptions {
        furniture: Furniture::Keep,
        comments: Comments::Keep,
        ..WriteOptions::default()
    };
    let [header, comment] = kinds;
    assert_eq!(of_kind(header.clone()) + &of_kind(comment.clone()), "");
    assert_eq!(
        of_kind_with(header, &keep) + &of_kind_with(comment, &keep),
        "<p id=\"p3b7\" class=\"header\">h</p>\n<aside id=\"p3b7\" class=\"comment\">A: b<br>c</aside>\n"
    );
}

#[test]
fn styles_formulas_and_changes_have_their_elements() {
    let style = Style {
        bold: true,
        superscript: true,
        small_caps: true,
        ..Style::default()
    };
    let marked = |set: fn(&mut Marks)| {
        let mut run = Run::plain("x<");
        let mut marks = Marks::default();
        set(&mut marks);
        run.marks = Some(Box::new(marks));
        Inline::Run(run)
    };
    let inlines = vec![
        Inline::Run(Run::styled("a", style)),
        marked(|marks| marks.deleted = Some(Revision::default())),
        marked(|marks| marks.inserted = Some(Revision::default())),
        marked(|marks| marks.ruby = Some("r".into())),
        marked(|marks| {
            marks.formula = Some(Formula {
                tex: Some("\\frac<".into()),
                ..Formula::default()
            });
        }),
        marked(|marks| marks.lang = Some("de\"".into())),
    ];
    let all = WriteOptions {
        revisions: Revisions::All,
        ..WriteOptions::default()
    };
    let end = "<ruby>x&lt;<rt>r</rt></ruby><code class=\"math\">\\frac&lt;</code>x&lt;</p>\n";
    let start = "<p id=\"p3b7\"><strong><sup><span class=\"small-caps\">a</span></sup></strong>";
    assert_eq!(
        of_kind(BlockKind::Paragraph(inlines.clone())),
        format!("{start}x&lt;{end}")
    );
    assert_eq!(
        of_kind_with(BlockKind::Paragraph(inlines), &all),
        format!("{start}<del>x&lt;</del><ins>x&lt;</ins>{end}")
    );
}

#[test]
fn fields_and_attachments_are_readable() {
    let field = Field {
        kind: FieldKind::Checkbox,
        name: Some("n".into()),
        label: Some("Agreed".into()),
        value: "yes".into(),
        checked: Some(true),
        options: Vec::new(),
    };
    assert_eq!(
        of_kind(BlockKind::Field(field)),
        "<p id=\"p3b7\" class=\"field\">Agreed: ☑ yes</p>\n"
    );
    let attachment = BlockKind::Attachment {
        name: "a.pdf".into(),
        mime_type: Some("application/pdf".into()),
        size: Some(12),
    };
    assert_eq!(
        of_kind(attachment),
        "<p id=\"p3b7\" class=\"attachment\">a.pdf (application/pdf, 12 bytes)</p>\n"
    );
}
