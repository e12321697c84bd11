use ilios_convert::Limits;

use super::parse::{Parser, parse_bytes, parse_rate};

/// All pages, in hundredths of a per cent.
const WHOLE: u32 = 10_000;

/// The budgets of a document, of which `max_file_size` is one.
pub(super) fn read(parser: &mut Parser<'_>, max_file_size: u64) -> Limits {
    let usual = Limits::default();
    let up_to = |most: u64| move |text: &str| parse_bytes(text).filter(|bytes| *bytes <= most);
    Limits {
        input_bytes: max_file_size,
        output_bytes: parser.value("CONVERT_MAX_OUTPUT", usual.output_bytes, up_to(512 << 20)),
        pages: parser.number("CONVERT_MAX_PAGES", usual.pages, 1..=1_000_000),
        part_bytes: parser.value("CONVERT_MAX_PART", usual.part_bytes, parse_bytes),
        expansion_ratio: parser.number("CONVERT_MAX_EXPANSION", usual.expansion_ratio, 1..=10_000),
        depth: parser.number("CONVERT_MAX_DEPTH", usual.depth, 16..=1_024),
        pixels: parser.number("CONVERT_MAX_PIXELS", usual.pixels, 10_000..=10_000_000_000),
        larger_networks_share: parser.value("OCR_SMALL_SHARE", usual.larger_networks_share, |text| {
            parse_rate(text).filter(|share| *share <= WHOLE)
        }),
        ..usual
    }
}
