use std::collections::HashMap;

use crate::ir::{Block, Page, Region};
use crate::write::json::{Object, integer, object};

/// Heights of the pages, by which boxes are turned over: docling measures from the lower left corner.
#[derive(Debug, Default)]
pub(super) struct Sizes(HashMap<u32, (f32, f32)>);

impl Sizes {
    pub(super) fn add(&mut self, page: &Page) {
        if let (Some(width), Some(height)) = (page.width, page.height) {
            self.0.insert(page.number, (width, height));
        }
    }

    /// Writes where a block stands. On a page with a size, one without a place of its own has the whole page: its readers
    /// count the pages by it.
    pub(super) fn write(&self, block: &Block, text: &str, json: &mut Object<'_>) {
        let length = u64::try_from(text.chars().count()).unwrap_or(u64::MAX);
        let page = block.id.page;
        let whole = self
            .0
            .get(&page)
            .map(|(width, height)| Region::new(page, [0.0, 0.0, *width, *height]));
        let whole = whole.filter(|_| block.regions.is_empty());
        json.array("prov", block.regions.iter().chain(&whole), |region, out| {
            object(out, |json| {
                json.integer("page_no", region.page);
                json.object("bbox", |json| self.bbox(region, json));
                json.array("charspan", [0, length], integer);
            });
        });
    }

    pub(super) fn bbox(&self, region: &Region, json: &mut Object<'_>) {
        let [left, top, right, bottom] = region.bbox;
        let height = self.0.get(&region.page).map(|(_, height)| *height);
        let turned = |edge: f32| height.map_or(edge, |height| height - edge);
        json.decimal("l", left);
        json.decimal("t", turned(top));
        json.decimal("r", right);
        json.decimal("b", turned(bottom));
        json.text(
            "coord_origin",
            if height.is_some() { "BOTTOMLEFT" } else { "TOPLEFT" },
        );
    }
}
