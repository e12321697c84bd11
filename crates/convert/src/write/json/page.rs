use super::block::block;
use super::names::{page_kind, severity, unit};
use super::object::{Object, object};
use crate::ir::{Doubt, DoubtCode, Page, Severity};

/// Appends a page as a JSON object.
pub fn json_page(page: &Page, out: &mut String) {
    object(out, |json| {
        json.integer("number", page.number);
        json.text_if("label", page.label.as_deref());
        write_size(page, json);
        json.text("kind", page_kind(page.kind));
        json.flag("hidden", page.hidden);
        if let Some(confidence) = page.confidence {
            json.object("confidence", |json| {
                json.decimal("mean", confidence.mean);
                json.decimal("min", confidence.min);
            });
        }
        json.text_if("engine", page.engine.as_deref());
        json.text_if("lang", page.lang.as_deref());
        json.text_if("header", page.header.as_deref());
        json.text_if("footer", page.footer.as_deref());
        json.text("markdown", &page.markdown);
        json.array("blocks", &page.blocks, block);
        let no_places = without_places(page);
        json.array("doubts", page.doubts.iter().chain(&no_places), doubt);
    });
}

/// Writes the size of the page, and what its boxes are measured by.
fn write_size(page: &Page, json: &mut Object<'_>) {
    let (Some(width), Some(height)) = (page.width, page.height) else {
        return;
    };
    json.decimal("width", width);
    json.decimal("height", height);
    json.text("unit", unit(page.unit));
    json.integer("rotation", page.rotation);
}

/// Doubt about a page whose text was stored without blocks, if it says so nowhere.
fn without_places(page: &Page) -> Option<Doubt> {
    let known = page.doubts.iter().any(|doubt| doubt.code == DoubtCode::NoPlaces);
    (page.blocks.is_empty() && !page.markdown.is_empty() && !known).then(|| Doubt {
        code: DoubtCode::NoPlaces,
        severity: Severity::Low,
        message: "the page is known as Markdown only: it has no blocks".into(),
        share: None,
        blocks: Vec::new(),
    })
}

fn doubt(doubt: &Doubt, out: &mut String) {
    object(out, |json| {
        json.text("code", doubt.code.as_str());
        json.text("severity", severity(doubt.severity));
        json.text("message", &doubt.message);
        if let Some(share) = doubt.share {
            json.share("share", share);
        }
        if !doubt.blocks.is_empty() {
            json.array("blocks", &doubt.blocks, |id, out| {
                out.push_str(&format!("\"{id}\""));
            });
        }
    });
}
