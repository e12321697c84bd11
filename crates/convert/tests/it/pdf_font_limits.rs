//! PDFs whose fonts say that they have more characters than there are.

use ilios_convert::{ConvertError, Input, Limits, NoOcr, Options, convert};

/// A page that says `Hi` in a font of two bytes a character, with this table of characters and these widths.
fn pdf(ranges: &str, widths: &str) -> Vec<u8> {
    let table = format!(
        "begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange 1 beginbfrange {ranges} endbfrange endcmap"
    );
    let content = "BT /F 24 Tf 72 700 Td <00480069> Tj ET";
    let stream = |text: &str| format!("<</Length {}>>\nstream\n{text}\nendstream", text.len());
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Count 1/Kids[3 0 R]>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>"
            .to_owned(),
        stream(content),
        "<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/DescendantFonts[7 0 R]/ToUnicode 6 0 R>>"
            .to_owned(),
        stream(&table),
        format!(
            "<</Type/Font/Subtype/CIDFontType2/BaseFont/A/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)\
             /Supplement 0>>/FontDescriptor 8 0 R/DW 500{widths}>>"
        ),
        "<</Type/FontDescriptor/FontName/A/Flags 4/FontBBox[0 0 1 1]/ItalicAngle 0/Ascent 8/Descent 0>>"
            .to_owned(),
    ];
    let bodies = objects.iter().zip(1..);
    let bodies: String = bodies
        .map(|(body, number)| format!("{number} 0 obj\n{body}\nendobj\n"))
        .collect();
    format!("%PDF-1.7\n{bodies}trailer\n<</Root 1 0 R/Size 9>>\n%%EOF\n").into_bytes()
}

fn read(bytes: &[u8]) -> Result<String, ConvertError> {
    let input = Input { bytes, name: "a.pdf" };
    let conversion = convert(input, &Options::default(), &Limits::default(), &mut NoOcr)?;
    Ok(conversion.markdown())
}

#[test]
fn whatever_two_bytes_tell_apart_is_read() {
    let hi = Ok("Hi\n".to_owned());
    assert_eq!(read(&pdf("<0000> <FFFF> <0000>", "/W[0 65535 500]")), hi);
    let halves = "<0000><7FFF><0000> <8000> <FFFF> <8000> <FFFF> <0000> <0041>";
    assert_eq!(read(&pdf(halves, "/W[72[500 500] 105 105 500]")), hi);
    let listed = "<0048> <0048> [<0048>] <0069> <0069> [<0069>]";
    assert_eq!(read(&pdf(listed, "")), hi);
}

/// Nanoseconds of processor time of this thread, which others cannot make longer.
#[cfg(target_os = "linux")]
fn processor_nanoseconds() -> u64 {
    // What it has had is counted when it gives way.
    std::thread::yield_now();
    let spent = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let first = spent.split_whitespace().next();
    first.and_then(|first| first.parse().ok()).unwrap_or(u64::MAX)
}

#[cfg(target_os = "linux")]
#[test]
fn more_is_refused_at_once() {
    let widths = format!("/W[{}]", "0 65535 500 ".repeat(2_000));
    for (ranges, widths) in [
        ("<00000000> <FFFFFFFF> <0041>", ""),
        ("<0041> <FFFFFFFF> [<0041>]", ""),
        ("<zz> <00000000> <FFFFFFF0> <0041>", ""),
        (&"<0000> <FFFF> <0041>\n".repeat(9), ""),
        ("<0048> <0069> <0048>", &widths),
    ] {
        let before = processor_nanoseconds();
        let refused = read(&pdf(ranges, widths));
        assert!(
            matches!(refused, Err(ConvertError::LimitExceeded { .. })),
            "{ranges:.60}: {refused:?}"
        );
        let after = processor_nanoseconds();
        assert_ne!(after, u64::MAX, "the system tells the time");
        assert!(after - before < 1_000_000_000, "{ranges:.60}");
    }
}
