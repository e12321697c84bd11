//! Pictures that are taken out of documents: small files of each format, made here.

mod in_pdf;
mod in_sheets_and_slides;

use std::fmt::Write as _;
use std::io::Cursor;

use ilios_convert::ir::BlockKind;
use ilios_convert::{Conversion, Images, Input, Limits, NoOcr, OcrMode, Options, WriteOptions, convert};
use image::{ImageFormat, RgbImage};
use sha2::{Digest, Sha256};

use crate::documents::package;

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
