//! Pictures of sheets and slides.

use ilios_convert::ir::{BlockKind, Place};
use image::ImageFormat;

use super::{OFFICE, extracted, holds, picture, relations};
use crate::documents::package;

const DRAWING: &str = "http://schemas.openxmlformats.org/drawingml/2006/main";

#[test]
fn a_sheet_gives_the_pictures_of_its_drawing() {
    let file = picture(40, 36, ImageFormat::Png);
    let workbook = format!(
        "<workbook xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main' xmlns:r='{OFFICE}'><sheets>\
         <sheet name='One' sheetId='1' r:id='r0'/></sheets></workbook>"
    );
    let sheet = format!(
        "<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main' xmlns:r='{OFFICE}'><sheetData>\
         <row r='1'><c r='A1' t='inlineStr'><is><t>Before</t></is></c></row></sheetData><drawing r:id='r0'/></worksheet>"
    );
    let drawing = format!(
        "<wsDr xmlns:a='{DRAWING}' xmlns:r='{OFFICE}'><oneCellAnchor><from><col>2</col><row>3</row></from><pic><nvPicPr>\
         <cNvPr id='2' name='x' descr='A tower'/></nvPicPr><blipFill><a:blip r:embed='r0'/></blipFill></pic>\
         </oneCellAnchor></wsDr>"
    );
    let document = package(&[
        (
            "[Content_Types].xml",
            b"<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'><Override PartName='/xl/workbook.xml' \
              ContentType='application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml'/></Types>",
        ),
        ("_rels/.rels", relations(&[("officeDocument", "xl/workbook.xml")]).as_bytes()),
        ("xl/workbook.xml", workbook.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations(&[("worksheet", "worksheets/sheet1.xml")]).as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
        ("xl/worksheets/_rels/sheet1.xml.rels", relations(&[("drawing", "../drawings/drawing1.xml")]).as_bytes()),
        ("xl/drawings/drawing1.xml", drawing.as_bytes()),
        ("xl/drawings/_rels/drawing1.xml.rels", relations(&[("image", "../media/a.png")]).as_bytes()),
        ("xl/media/a.png", &file),
    ]);
    holds("a.xlsx", &document, &file, "![A tower](images/p1-1.png)");
    let conversion = extracted("a.xlsx", &document);
    let place = conversion.pages[0]
        .blocks
        .iter()
        .find_map(|block| match &block.kind {
            BlockKind::Figure(_) => block.at.clone(),
            _ => None,
        });
    assert_eq!(place, Some(Place::Cells("One!C4".into())));
}

const SLIDE: &str = "http://schemas.openxmlformats.org/presentationml/2006/main";

/// A slide, layout or master with these shapes.
fn slide_part(root: &str, inside: &str) -> String {
    format!(
        "<p:{root} xmlns:p='{SLIDE}' xmlns:a='{DRAWING}' xmlns:r='{OFFICE}'><p:cSld><p:spTree>{inside}</p:spTree></p:cSld></p:{root}>"
    )
}

/// A presentation of slides that have these layouts; layout 0 has a picture of its own, and all have a master with one.
fn deck(layouts: &[usize], own: &[u8], of_master: &[u8]) -> Vec<u8> {
    let pic = "<p:pic><p:nvPicPr><p:cNvPr id='2' name='x' descr='A sign'/></p:nvPicPr><p:blipFill><a:blip r:embed='r1'/></p:blipFill></p:pic>";
    let text = |text: &str| {
        format!(
            "<p:sp><p:nvSpPr><p:cNvPr id='3' name='t'/></p:nvSpPr><p:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"
        )
    };
    let ids: String = (0..layouts.len())
        .map(|at| format!("<p:sldId id='{}' r:id='r{at}'/>", 256 + at))
        .collect();
    let targets: Vec<String> = (0..layouts.len())
        .map(|at| format!("slides/slide{}.xml", at + 1))
        .collect();
    let slides: Vec<(&str, &str)> = targets.iter().map(|target| ("slide", target.as_str())).collect();
    let mut parts: Vec<(String, Vec<u8>)> = vec![
        (
            "[Content_Types].xml".into(),
            b"<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'><Override PartName='/ppt/presentation.xml' \
              ContentType='application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml'/></Types>"
                .to_vec(),
        ),
        ("_rels/.rels".into(), relations(&[("officeDocument", "ppt/presentation.xml")]).into_bytes()),
        (
            "ppt/presentation.xml".into(),
            format!("<p:presentation xmlns:p='{SLIDE}' xmlns:r='{OFFICE}'><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>").into_bytes(),
        ),
        ("ppt/_rels/presentation.xml.rels".into(), relations(&slides).into_bytes()),
        ("ppt/slideLayouts/l0.xml".into(), slide_part("sldLayout", pic).into_bytes()),
        ("ppt/slideLayouts/l1.xml".into(), slide_part("sldLayout", "").into_bytes()),
        ("ppt/slideMasters/m.xml".into(), slide_part("sldMaster", pic).into_bytes()),
        ("ppt/slideMasters/_rels/m.xml.rels".into(), relations(&[("theme", "t.xml"), ("image", "../media/m.png")]).into_bytes()),
        ("ppt/media/m.png".into(), of_master.to_vec()),
        ("ppt/media/l.png".into(), own.to_vec()),
    ];
    for layout in 0..2 {
        let rels = relations(&[
            ("slideMaster", "../slideMasters/m.xml"),
            ("image", "../media/l.png"),
        ]);
        parts.push((
            format!("ppt/slideLayouts/_rels/l{layout}.xml.rels"),
            rels.into_bytes(),
        ));
    }
    for (at, layout) in layouts.iter().enumerate() {
        let number = at + 1;
        parts.push((
            format!("ppt/slides/slide{number}.xml"),
            slide_part("sld", &text(&format!("Slide {number}"))).into_bytes(),
        ));
        let target = format!("../slideLayouts/l{layout}.xml");
        parts.push((
            format!("ppt/slides/_rels/slide{number}.xml.rels"),
            relations(&[("slideLayout", &target)]).into_bytes(),
        ));
    }
    let parts: Vec<(&str, &[u8])> = parts
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
        .collect();
    package(&parts)
}

#[test]
fn a_slide_gives_the_pictures_of_its_layout_and_those_of_all_slides_are_decoration() {
    let (own, of_master) = (
        picture(40, 37, ImageFormat::Png),
        picture(41, 38, ImageFormat::Png),
    );
    let conversion = extracted("a.pptx", &deck(&[0, 1, 1, 1, 1, 1], &own, &of_master));
    let figures: Vec<(u32, Option<String>)> = conversion
        .pages
        .iter()
        .flat_map(|page| page.blocks.iter().map(move |block| (page.number, block)))
        .filter_map(|(page, block)| match &block.kind {
            BlockKind::Figure(figure) => Some((page, figure.image.clone())),
            _ => None,
        })
        .collect();
    assert_eq!(
        figures,
        [(1, Some("p1-1.png".into()))],
        "{:?}",
        conversion.warnings
    );
    assert_eq!(conversion.images[0].bytes, own);
}
