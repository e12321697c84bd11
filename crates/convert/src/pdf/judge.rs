use super::layer::Layer;

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

/// Judges the page by its Markdown; `had_running_lines` tells that there was more, which other pages have too.
pub(super) fn judge(page: &Layer, markdown: &str, had_running_lines: bool) -> Worth {
    let letters = markdown.chars().filter(|c| c.is_alphanumeric()).count();
    let facts = &page.facts;
    let drawn = page.operators.image > 0 || facts.image_coverage > 0.0;
    if garbled(markdown) || letters < FEW && page.unreadable > 3 {
        return Worth::Garbled;
    }
    match letters {
        _ if had_running_lines && facts.image_coverage <= 0.3 => Worth::Text,
        0 if drawn || facts.fill_op_count > 50 || page.recognized_badly => Worth::Scan,
        0 if page.operators.text > 0 && facts.blank_text_runs < page.operators.text => Worth::Scan,
        0 => Worth::Blank,
        _ if letters < FEW && (facts.image_coverage > 0.3 || page.recognized_badly) => Worth::Scan,
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
