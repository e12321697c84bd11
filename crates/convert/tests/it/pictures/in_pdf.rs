//! Pictures of PDFs.

use ilios_convert::ir::BlockKind;
use image::ImageFormat;

use super::{extracted, holds, picture};

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
