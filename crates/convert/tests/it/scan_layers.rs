//! Pages that are part scan, part text: text layers that another program has recognized, captions of pictures; and help
//! of the host with pictures that the networks are unsure of.

use std::fmt::Write;
use std::io::Cursor;

use ilios_convert::{
    Conversion, Host, Input, Limits, NetworkFiles, NoOcr, OcrError, OcrMode, OcrRequest, Options, PageKind,
    convert,
};
use image::{GrayImage, ImageFormat, Luma, imageops};

use crate::fixture::read_fixture;
use crate::pdf_objects::{pdf, stream};
use crate::rendered::{recall, rendered};

/// Text that a layer has.
#[derive(Clone, Copy)]
struct Layer<'a> {
    text: &'a str,
    /// Rendering mode of PDF: 3 paints no ink.
    mode: u8,
}

const VISIBLE: u8 = 0;
const INVISIBLE: u8 = 3;

/// A page that a picture covers, and text in lines of some words over it.
fn page(picture: &GrayImage, layer: Layer<'_>) -> Vec<u8> {
    let (width, height) = picture.dimensions();
    let pixels = picture.iter().fold(String::new(), |mut text, pixel| {
        write!(text, "{pixel:02x}").unwrap();
        text
    });
    let mut content = "q 600 0 0 800 0 0 cm /I Do Q BT /F 9 Tf 11 TL ".to_owned();
    write!(content, "{} Tr 40 780 Td ", layer.mode).unwrap();
    let words: Vec<&str> = layer.text.split_whitespace().collect();
    for line in words.chunks(12) {
        write!(content, "({}) Tj T* ", line.join(" ")).unwrap();
    }
    content.push_str("ET");
    let image = format!(
        "/Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace/DeviceGray/BitsPerComponent 8/Filter\
         /ASCIIHexDecode"
    );
    pdf(&[
        "<</Type/Catalog/Pages 2 0 R>>".into(),
        "<</Type/Pages/Count 1/Kids[3 0 R]>>".into(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>/Font<</F <</Type\
         /Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>"
            .into(),
        stream("", &content),
        stream(&image, &format!("{pixels}>")),
    ])
}

fn read_by(bytes: &[u8], name: &str, options: &Options, host: &mut dyn Host) -> Conversion {
    convert(Input { bytes, name }, options, &Limits::default(), host).unwrap()
}

fn read(bytes: &[u8], options: &Options) -> Conversion {
    read_by(bytes, "page.pdf", options, &mut NoOcr)
}

/// Letters and digits of the words of the text layer of a fixture.
fn words_of(name: &str) -> String {
    let conversion = read_fixture(name, &Options::default(), &Limits::default(), &mut NoOcr);
    let markdown = conversion.unwrap().markdown();
    markdown
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' })
        .collect()
}

#[test]
fn a_layer_over_a_scan_is_taken_if_its_words_are_those_of_the_scan() {
    let scan = rendered("paragraphs.pdf");
    let words = words_of("paragraphs.pdf");
    let sound = page(
        &scan,
        Layer {
            text: &words,
            mode: INVISIBLE,
        },
    );
    let kept = read(&sound, &Options::default());
    assert_eq!(kept.pages[0].kind, PageKind::TextLayer);

    let words = words.replace(['e', 'a', 'o'], "x");
    let bad = page(
        &scan,
        Layer {
            text: &words,
            mode: INVISIBLE,
        },
    );
    let read_again = read(&bad, &Options::default());
    assert_eq!(read_again.pages[0].kind, PageKind::Ocr);
    let found = recall("paragraphs.pdf", &read_again.markdown());
    assert!(found > 0.95, "{found}: {}", read_again.markdown());
    let off = Options {
        ocr: OcrMode::Off,
        ..Options::default()
    };
    assert_eq!(read(&bad, &off).pages[0].kind, PageKind::TextLayer);
}

#[test]
fn a_picture_of_text_is_read_although_a_caption_stands_on_it() {
    let caption = Layer {
        text: "Received on 3 May 2024 by the office of records, number 17",
        mode: VISIBLE,
    };
    let conversion = read(&page(&rendered("paragraphs.pdf"), caption), &Options::default());
    assert_eq!(conversion.pages[0].kind, PageKind::Ocr);
    let found = recall("paragraphs.pdf", &conversion.markdown());
    assert!(found > 0.9, "{found}: {}", conversion.markdown());

    let photo = GrayImage::from_fn(400, 500, |x, y| Luma([((x + y) / 4) as u8]));
    let conversion = read(&page(&photo, caption), &Options::default());
    assert_eq!(conversion.pages[0].kind, PageKind::TextLayer);
    assert!(
        conversion.markdown().contains("office of records"),
        "{}",
        conversion.markdown()
    );
}

/// Host that has another engine, and counts what it is asked for.
#[derive(Default)]
struct Helper {
    networks: usize,
    any_script: usize,
    tsv: String,
}

impl Host for Helper {
    fn recognize(&mut self, request: OcrRequest<'_>) -> Result<String, OcrError> {
        self.any_script += usize::from(request.any_script);
        Ok(self.tsv.clone())
    }

    fn larger_networks(&mut self) -> Option<NetworkFiles> {
        self.networks += 1;
        None
    }
}

fn png(picture: &GrayImage) -> Vec<u8> {
    let mut png = Cursor::new(Vec::new());
    picture.write_to(&mut png, ImageFormat::Png).unwrap();
    png.into_inner()
}

#[test]
fn the_host_is_asked_for_help_with_a_script_that_is_not_known() {
    let page = rendered("paragraphs.pdf");
    let mut host = Helper::default();
    read_by(&png(&page), "page.png", &Options::default(), &mut host);
    assert_eq!(
        (host.networks, host.any_script),
        (0, 0),
        "a page that is read surely"
    );

    // Letters that no script has.
    let mirrored = png(&imageops::flip_horizontal(&page));
    let mut host = Helper {
        tsv: "5\t1\t1\t1\t1\t1\t10\t10\t90\t20\t97.0\tсвет\n".into(),
        ..Helper::default()
    };
    let conversion = read_by(&mirrored, "page.png", &Options::default(), &mut host);
    assert_eq!((host.networks, host.any_script), (1, 1));
    assert_eq!(conversion.markdown(), "свет\n");
    assert_eq!(conversion.pages[0].engine.as_deref(), Some("tesseract"));

    let mut unsure = Helper {
        tsv: "5\t1\t1\t1\t1\t1\t10\t10\t90\t20\t36.0\tсвет\n".into(),
        ..Helper::default()
    };
    let conversion = read_by(&mirrored, "page.png", &Options::default(), &mut unsure);
    assert_eq!(conversion.pages[0].engine.as_deref(), Some("builtin"));
}
