use std::io::{Cursor, Write};

use ilios_convert::{ConvertError, Format, Input, Limits, NoOcr, Options, PageRanges, convert, convert_as};
use zip::write::SimpleFileOptions;

/// Small enough that a run is short, and that a limit is met by a small file.
fn limits() -> Limits {
    Limits {
        output_bytes: 4 << 20,
        pages: 50,
        part_bytes: 1 << 20,
        pixels: 1_000_000,
        ..Limits::default()
    }
}

/// Types by name and content: any answer will do, and the name decides nothing that the content has decided.
pub fn sniff(data: &[u8]) {
    let (name, bytes) = data.split_at(data.len().min(12));
    let name = String::from_utf8_lossy(name);
    let _ = Format::detect(bytes, &name);
    if bytes.starts_with(b"%PDF-") {
        assert_eq!(Format::detect(bytes, &name), Some(Format::Pdf));
    }
}

/// One reader, chosen by the first byte, or by the content where that is 255: what it makes is within its limits and has nothing that steers a terminal.
pub fn readers(data: &[u8]) {
    let Some((choice, bytes)) = data.split_first() else {
        return;
    };
    let formats: Vec<Format> = Format::all().collect();
    let format = match *choice {
        u8::MAX => Format::detect(bytes, ""),
        choice => formats.get(usize::from(choice) % formats.len()).copied(),
    };
    let Some(format) = format else { return };
    let limits = limits();
    let Ok(conversion) = convert_as(format, bytes, &Options::default(), &limits, &mut NoOcr) else {
        return;
    };
    assert!(conversion.text_bytes() as u64 <= limits.output_bytes);
    assert!(conversion.pages.len() <= limits.pages as usize);
    let hidden = |c: char| c.is_control() && c != '\n' && c != '\t';
    assert!(!conversion.markdown().contains(hidden), "{format:?}");
}

/// A package whose parts inflate to what the bytes say: beyond a limit it is refused, whatever it is.
pub fn zip_budget(data: &[u8]) {
    let (sizes, content) = data.split_at(data.len().min(8));
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut largest = 0;
    let parts = [
        "[Content_Types].xml",
        "word/document.xml",
        "a.xml",
        "b.bin",
        "c",
        "d",
        "e",
        "f",
    ];
    for (name, size) in parts.into_iter().zip(sizes) {
        let bytes = usize::from(*size) * 1024;
        largest = largest.max(bytes);
        zip.start_file(name, SimpleFileOptions::default())
            .expect("a part");
        let filler = content.first().copied().unwrap_or(b' ');
        zip.write_all(&vec![filler; bytes]).expect("room");
    }
    let bytes = zip.finish().expect("a package").into_inner();
    let limits = Limits {
        part_bytes: 128 << 10,
        ..limits()
    };
    let input = Input {
        bytes: &bytes,
        name: "a.docx",
    };
    let outcome = convert(input, &Options::default(), &limits, &mut NoOcr);
    if largest as u64 > limits.part_bytes {
        assert!(outcome.is_err(), "{largest} bytes in a part were taken");
    }
    if let Err(ConvertError::LimitExceeded { what }) = outcome {
        assert!(!what.is_empty());
    }
}

/// Page ranges that are taken read the same again, and choose pages that are there.
pub fn page_ranges(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let Ok(ranges) = text.parse::<PageRanges>() else {
        return;
    };
    let again: PageRanges = ranges.to_string().parse().expect("what is shown can be read");
    let pages: Vec<u32> = ranges.pages(200).collect();
    assert_eq!(again.pages(200).collect::<Vec<_>>(), pages);
    assert!(
        pages.iter().all(|page| (1..=200).contains(page)) && pages.len() <= 200,
        "{pages:?}"
    );
}
