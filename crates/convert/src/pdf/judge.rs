use unpdf::Page;

/// Fewer letters and digits than this are a page number or a stamp, not the text of a scan.
const FEW: usize = 24;

/// What a page's text layer is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Worth {
    /// It is the page's text.
    Text,
    /// The page is a picture, with next to no text beside it.
    Scan,
    /// There is text, and it cannot be read: a font without a usable encoding.
    Garbled,
    /// Nothing is painted on the page.
    Blank,
}

pub(super) fn judge(page: &Page, markdown: &str) -> Worth {
    let letters = markdown.chars().filter(|c| c.is_alphanumeric()).count();
    let drawn = page.image_op_count > 0 || page.image_coverage > 0.0;
    if garbled(markdown) || letters < FEW && page.suppressed_text_runs > 3 {
        return Worth::Garbled;
    }
    match letters {
        0 if drawn || page.fill_op_count > 50 || page.ocr_text_suppressed => Worth::Scan,
        0 if page.text_op_count > 0 && page.blank_text_runs < page.text_op_count => Worth::Scan,
        0 => Worth::Blank,
        _ if letters < FEW && (page.image_coverage > 0.3 || page.ocr_text_suppressed) => Worth::Scan,
        _ => Worth::Text,
    }
}

/// Whether characters without meaning dominate: replacement characters, private use, controls.
pub(super) fn garbled(text: &str) -> bool {
    let mut broken = 0_usize;
    let mut all = 0_usize;
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        all += 1;
        let private = matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}');
        broken += usize::from(c == '\u{fffd}' || private || c.is_control());
    }
    all > 0 && broken * 10 >= all * 3
}
