//! Pictures that are taken out of documents: small files of each format, made here.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "the makers of documents fail as their tests do"
)]

#[expect(dead_code, reason = "other tests use the rest")]
mod documents;

use std::fmt::Write as _;
use std::io::Cursor;

use documents::package;
use ilios_convert::ir::{BlockKind, Place};
use ilios_convert::{Conversion, Images, Input, Limits, NoOcr, OcrMode, Options, WriteOptions, convert};
use image::{ImageFormat, RgbImage};
use sha2::{Digest, Sha256};

const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let pixels = RgbImage::from_fn(width, height, |x, y| {
        image::Rgb([(x * 3 % 256) as u8, (y * 5 % 256) as u8, 7])
    });
    let mut bytes = Cursor::new(Vec::new());
    pixels.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for three in bytes.chunks(3) {
        let bits = (0..3).fold(0_u32, |bits, at| {
            bits << 8 | u32::from(three.get(at).copied().unwrap_or(0))
        });
        for at in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * at) & 63) as usize];
            out.push(if at > three.len() { '=' } else { char::from(letter) });
        }
    }
    out
}

fn converted(name: &str, bytes: &[u8], images: Images) -> Conversion {
    let options = Options {
        ocr: OcrMode::Off,
        output: WriteOptions {
            images,
            ..WriteOptions::default()
        },
        ..Options::default()
    };
    convert(Input { bytes, name }, &options, &Limits::default(), &mut NoOcr).unwrap()
}

fn extracted(name: &str, bytes: &[u8]) -> Conversion {
    converted(name, bytes, Images::Extract)
}

/// The document has this picture alone, byte for byte, and its text leads there; without the option it has none.
fn holds(name: &str, bytes: &[u8], file: &[u8], link: &str) {
    let conversion = extracted(name, bytes);
    let [image] = conversion.images.as_slice() else {
        panic!(
            "{name}: {} pictures, {:?}",
            conversion.images.len(),
            conversion.warnings
        );
    };
    assert_eq!(Sha256::digest(&image.bytes), Sha256::digest(file), "{name}");
    let markdown = conversion.markdown();
    assert!(markdown.contains(link), "{name}: {markdown}");
    assert!(
        conversion.warnings.is_empty(),
        "{name}: {:?}",
        conversion.warnings
    );
    let default = converted(name, bytes, Images::Placeholder);
    assert!(default.images.is_empty(), "{name}");
    assert!(!default.markdown().contains("images/"), "{name}");
}

fn relations(list: &[(&str, &str)]) -> String {
    let mut text =
        "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>".to_owned();
    for (index, (kind, target)) in list.iter().enumerate() {
        write!(
            text,
            "<Relationship Id='r{index}' Type='{OFFICE}/{kind}' Target='{target}'/>"
        )
        .unwrap();
    }
    text + "</Relationships>"
}

/// A Word document with a picture for each of these files.
fn word(files: &[Vec<u8>]) -> Vec<u8> {
    let types = "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'><Override \
                 PartName='/word/document.xml' ContentType='application/vnd.openxmlformats-officedocument.\
                 wordprocessingml.document.main+xml'/></Types>";
    let mut body = "<w:p><w:r><w:t>Before.</w:t></w:r></w:p>".to_owned();
    let names: Vec<String> = (0..files.len())
        .map(|index| format!("media/image{index}.bin"))
        .collect();
    for index in 0..files.len() {
        write!(
            body,
            "<w:p><w:r><w:drawing><wp:inline><wp:docPr id='1' name='x' descr='A tower'/><a:graphic><a:graphicData>\
             <pic:pic><pic:blipFill><a:blip r:embed='r{index}'/></pic:blipFill></pic:pic></a:graphicData></a:graphic>\
             </wp:inline></w:drawing></w:r></w:p>"
        )
        .unwrap();
    }
    let document = format!(
        "<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main' xmlns:r='{OFFICE}' \
         xmlns:wp='http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing' \
         xmlns:a='http://schemas.openxmlformats.org/drawingml/2006/main' \
         xmlns:pic='http://schemas.openxmlformats.org/drawingml/2006/picture'><w:body>{body}</w:body></w:document>"
    );
    let related: Vec<(&str, &str)> = names.iter().map(|name| ("image", name.as_str())).collect();
    let (root, related) = (
        relations(&[("officeDocument", "word/document.xml")]),
        relations(&related),
    );
    let paths: Vec<String> = names.iter().map(|name| format!("word/{name}")).collect();
    let mut parts: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", root.as_bytes()),
        ("word/document.xml", document.as_bytes()),
        ("word/_rels/document.xml.rels", related.as_bytes()),
    ];
    parts.extend(
        paths
            .iter()
            .zip(files)
            .map(|(path, file)| (path.as_str(), file.as_slice())),
    );
    package(&parts)
}

#[test]
fn a_word_document_gives_its_jpeg_as_it_is() {
    let file = picture(40, 30, ImageFormat::Jpeg);
    let document = word(std::slice::from_ref(&file));
    holds("a.docx", &document, &file, "![A tower](images/p1-1.jpg)");
    let conversion = extracted("a.docx", &document);
    let figures: Vec<_> = conversion.pages[0]
        .blocks
        .iter()
        .filter_map(|block| match &block.kind {
            BlockKind::Figure(figure) => Some(figure.image.as_deref()),
            _ => None,
        })
        .collect();
    assert_eq!(figures, [Some("p1-1.jpg")]);
    assert_eq!(
        (conversion.images[0].width, conversion.images[0].height),
        (40, 30)
    );
}

#[test]
fn an_open_document_text_gives_its_picture() {
    let file = picture(40, 31, ImageFormat::Png);
    let content = "<office:document-content xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0' \
                   xmlns:text='urn:oasis:names:tc:opendocument:xmlns:text:1.0' \
                   xmlns:draw='urn:oasis:names:tc:opendocument:xmlns:drawing:1.0' \
                   xmlns:xlink='http://www.w3.org/1999/xlink'><office:body><office:text><text:p>Before.</text:p><text:p>\
                   <draw:frame><draw:image xlink:href='Pictures/a.png'/></draw:frame></text:p></office:text>\
                   </office:body></office:document-content>";
    let document = package(&[
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        ("content.xml", content.as_bytes()),
        ("Pictures/a.png", &file),
    ]);
    holds("a.odt", &document, &file, "![](images/p1-1.png)");
}

#[test]
fn rtf_gives_its_picture() {
    let file = picture(40, 32, ImageFormat::Jpeg);
    let hex: String = file.iter().map(|byte| format!("{byte:02x}")).collect();
    let document = format!("{{\\rtf1 Before.\\par {{\\pict\\jpegblip {hex}}}\\par After.}}");
    holds("a.rtf", document.as_bytes(), &file, "(images/p1-1.jpg)");
}

#[test]
fn a_web_page_gives_the_pictures_in_its_addresses() {
    let file = picture(40, 33, ImageFormat::Png);
    let page = format!(
        "<p>Before.</p><figure><img alt='A tower' src='data:image/png;base64,{}'><figcaption>Figure 1</figcaption>\
         </figure>",
        base64(&file)
    );
    holds("a.html", page.as_bytes(), &file, "![A tower](images/p1-1.png)");
    let caption = extracted("a.html", page.as_bytes());
    let has_caption =
        |kind: &BlockKind| matches!(kind, BlockKind::Caption(caption) if caption.target.is_some());
    assert!(
        caption.pages[0]
            .blocks
            .iter()
            .any(|block| has_caption(&block.kind))
    );
}

#[test]
fn a_message_gives_the_pictures_that_its_text_shows() {
    let file = picture(40, 34, ImageFormat::Jpeg);
    let message = format!(
        "From: a@a.example\r\nSubject: S\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/html\r\n\r\n<p>Before <img alt=\"\" src=\"cid:x@y\"> after.</p>\r\n\
         --b\r\nContent-Type: image/jpeg\r\nContent-ID: <x@y>\r\nContent-Transfer-Encoding: base64\r\n\
         Content-Disposition: inline\r\n\r\n{}\r\n--b--\r\n",
        base64(&file)
    );
    holds("a.eml", message.as_bytes(), &file, "![](images/p1-1.jpg)");
}

#[test]
fn a_notebook_gives_the_pictures_of_its_outputs() {
    let file = picture(40, 35, ImageFormat::Png);
    let notebook = format!(
        "{{\"nbformat\":4,\"cells\":[{{\"cell_type\":\"code\",\"source\":\"plot()\",\"outputs\":[{{\"output_type\":\
         \"display_data\",\"data\":{{\"image/png\":\"{}\",\"text/plain\":\"A plot\"}}}}]}}]}}",
        base64(&file)
    );
    holds(
        "a.ipynb",
        notebook.as_bytes(),
        &file,
        "![A plot](images/p1-1.png)",
    );
}

/// A PDF whose pages have the same content, with these image objects by the names `I0`, `I1`.
fn pdf(pages: usize, content: &str, images: &[(String, Vec<u8>)]) -> Vec<u8> {
    let (mut file, mut places) = (b"%PDF-1.7\n".to_vec(), Vec::new());
    let first_page = 4 + images.len();
    let kids: String = (0..pages)
        .map(|page| format!("{} 0 R ", first_page + page))
        .collect();
    let names: String = (0..images.len())
        .map(|at| format!("/I{at} {} 0 R ", 4 + at))
        .collect();
    let mut add = |dict: &str, data: Option<&[u8]>| {
        places.push(file.len());
        file.extend(format!("{} 0 obj\n{dict}\n", places.len()).bytes());
        if let Some(data) = data {
            file.extend(b"stream\n");
            file.extend(data);
            file.extend(b"\nendstream\n");
        }
        file.extend(b"endobj\n");
    };
    add("<</Type/Catalog/Pages 2 0 R>>", None);
    add(&format!("<</Type/Pages/Count {pages}/Kids[{kids}]>>"), None);
    add(
        &format!("<</Length {}>>", content.len()),
        Some(content.as_bytes()),
    );
    for (dict, data) in images {
        let dict = format!("<</Type/XObject/Subtype/Image{dict}/Length {}>>", data.len());
        add(&dict, Some(data));
    }
    for _ in 0..pages {
        add(
            &format!(
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 3 0 R/Resources<</XObject<<{names}>>/Font<</F \
                 <</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>"
            ),
            None,
        );
    }
    let table = file.len();
    file.extend(format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1).bytes());
    for place in &places {
        file.extend(format!("{place:010} 00000 n \n").bytes());
    }
    file.extend(
        format!(
            "trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n",
            places.len() + 1
        )
        .bytes(),
    );
    file
}

const TEXT: &str = "BT /F 12 Tf 72 700 Td (A line of text above the picture, long enough to be one.) Tj ET \
                    q 200 0 0 150 72 500 cm /I0 Do Q \
                    BT /F 12 Tf 72 480 Td (Figure 1: A line of text below the picture.) Tj ET ";

fn jpeg_object(space: &str, file: &[u8]) -> (String, Vec<u8>) {
    let dict = format!("/Width 40/Height 36/BitsPerComponent 8/ColorSpace/{space}/Filter/DCTDecode");
    (dict, file.to_vec())
}

#[test]
fn a_pdf_gives_its_jpeg_as_it_is_at_its_place() {
    let file = picture(40, 36, ImageFormat::Jpeg);
    let document = pdf(1, TEXT, &[jpeg_object("DeviceRGB", &file)]);
    holds("a.pdf", &document, &file, "![](images/p1-1.jpg)");
    let conversion = extracted("a.pdf", &document);
    let blocks = &conversion.pages[0].blocks;
    let names: Vec<_> = blocks.iter().map(|block| block.kind.name()).collect();
    assert_eq!(names, ["paragraph", "figure", "caption"]);
    assert_eq!(blocks[1].regions[0].bbox, [72.0, 150.0, 272.0, 300.0]);
    let BlockKind::Caption(caption) = &blocks[2].kind else {
        panic!("a caption")
    };
    assert_eq!(caption.target, Some(blocks[1].id));
}

#[test]
fn pixels_of_a_pdf_become_png() {
    let pixels: Vec<u8> = (0..20 * 16 * 3).map(|at| (at % 251) as u8).collect();
    let raw = (
        "/Width 20/Height 16/BitsPerComponent 8/ColorSpace/DeviceRGB".to_owned(),
        pixels.clone(),
    );
    let conversion = extracted("a.pdf", &pdf(1, TEXT, &[raw]));
    let [image] = conversion.images.as_slice() else {
        panic!("{:?}", conversion.warnings)
    };
    assert_eq!(
        (image.name.as_str(), image.mime_type.as_str()),
        ("p1-1.png", "image/png")
    );
    let decoded = image::load_from_memory(&image.bytes).unwrap().into_rgb8();
    assert_eq!(decoded.into_raw(), pixels);
}

#[test]
fn what_a_pdf_repeats_on_most_pages_is_decoration() {
    let file = picture(40, 36, ImageFormat::Jpeg);
    let conversion = extracted("a.pdf", &pdf(4, TEXT, &[jpeg_object("DeviceRGB", &file)]));
    assert!(conversion.images.is_empty());
    let messages: Vec<_> = conversion
        .warnings
        .iter()
        .map(|warning| warning.message.as_str())
        .collect();
    assert_eq!(
        messages,
        ["pictures left out: 4 (decoration: small, or on most pages)"]
    );
    let few = extracted("a.pdf", &pdf(3, TEXT, &[jpeg_object("DeviceRGB", &file)]));
    assert_eq!(few.images.len(), 1, "of three pages it may be a part");
}

#[test]
fn hostile_pictures_of_a_pdf_are_left_out_with_a_warning() {
    let huge = (
        "/Width 100000/Height 100000/BitsPerComponent 8/ColorSpace/DeviceRGB".to_owned(),
        vec![0; 64],
    );
    let file = picture(40, 36, ImageFormat::Jpeg);
    let cut = jpeg_object("DeviceRGB", &file[..file.len() / 2]);
    for (name, object) in [("huge", huge), ("cut", cut)] {
        let conversion = extracted("a.pdf", &pdf(1, TEXT, &[object]));
        assert!(conversion.markdown().contains("A line of text above"), "{name}");
        // Of a JPEG that is cut off, what is there may be shown.
        assert!(conversion.images.len() + conversion.warnings.len() > 0, "{name}");
        assert!(name == "cut" || conversion.images.is_empty(), "{name}");
    }
}

#[test]
fn hostile_pictures_of_a_package_are_left_out_with_a_warning() {
    let mut files: Vec<Vec<u8>> = (16..1_100)
        .map(|width| picture(width, 16, ImageFormat::Png))
        .collect();
    let mut huge = picture(20, 20, ImageFormat::Png);
    huge[16..24].copy_from_slice(&[0, 1, 0x86, 0xa0, 0, 1, 0x86, 0xa0]);
    let jpeg = picture(40, 36, ImageFormat::Jpeg);
    files.insert(0, huge);
    files.insert(1, jpeg[..jpeg.len() - 9].to_vec());
    files.insert(2, picture(400, 15, ImageFormat::Png));
    let conversion = extracted("a.docx", &word(&files));
    assert_eq!(conversion.images.len(), 1_000);
    let counts: Vec<_> = conversion
        .warnings
        .iter()
        .map(|warning| warning.message.split(" (").next().unwrap_or_default())
        .collect();
    assert_eq!(
        counts,
        [
            "pictures left out: 1",
            "pictures left out: 84",
            "pictures left out: 2"
        ],
        "{:?}",
        conversion.warnings
    );
}

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
