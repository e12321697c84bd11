use serde::Serialize;

use super::object::{array, object, string};
use super::outline::{Lists, entry, note};
use super::{MODEL_VERSION, json_page};
use crate::ConvertError;
use crate::ir::{Image, Page};
use crate::options::{Places, WriteOptions};
use crate::write::writer::{DocumentHead, DocumentTail, DocumentWriter};

/// JSON of a document. What needs the whole of it stands behind its pages.
pub(crate) struct JsonDocument {
    /// Fineness of boxes.
    places: Places,
    lists: Lists,
    started: bool,
}

impl JsonDocument {
    pub(crate) fn new(options: &WriteOptions) -> Self {
        Self {
            places: options.places,
            lists: Lists::default(),
            started: false,
        }
    }

    /// Leaves out boxes that are finer than those that are wanted.
    fn coarsen(&self, page: &mut Page) {
        if self.places == Places::Word {
            return;
        }
        for block in &mut page.blocks {
            block.visit_mut(&mut |block| match self.places {
                Places::Block => block.lines.clear(),
                Places::Line | Places::Word => block.lines.iter_mut().for_each(|line| line.words.clear()),
            });
        }
    }
}

impl DocumentWriter for JsonDocument {
    fn start(&mut self, head: &DocumentHead, out: &mut String) {
        out.push_str("{\"model\":");
        string(MODEL_VERSION, out);
        if let Some(metadata) = &head.metadata {
            out.push_str(",\"metadata\":");
            plain(metadata, out);
        }
        out.push_str(",\"pages\":[");
    }

    fn page(&mut self, mut page: Page, out: &mut String) -> Result<(), ConvertError> {
        if std::mem::replace(&mut self.started, true) {
            out.push(',');
        }
        self.coarsen(&mut page);
        json_page(&page, out);
        self.lists.page(&page);
        Ok(())
    }

    fn finish(&mut self, tail: &DocumentTail, out: &mut String) -> Result<(), ConvertError> {
        out.push_str("],\"outline\":");
        array(out, &self.lists.outline, entry);
        out.push_str(",\"notes\":");
        array(out, &self.lists.notes, note);
        out.push_str(",\"images\":");
        array(out, &tail.images, image);
        out.push_str(",\"warnings\":");
        plain(&tail.warnings, out);
        if let Some(partial) = &tail.partial {
            out.push_str(",\"partial\":");
            plain(partial, out);
        }
        out.push_str("}\n");
        Ok(())
    }
}

fn image(image: &Image, out: &mut String) {
    object(out, |json| {
        json.text("name", &image.name);
        json.text("mimeType", &image.mime_type);
        // A service does not say them.
        if image.width > 0 && image.height > 0 {
            json.integer("width", image.width);
            json.integer("height", image.height);
        }
    });
}

/// Writes a value whose serde form is the JSON.
fn plain(value: &impl Serialize, out: &mut String) {
    // It fails on maps whose keys are no text only.
    out.push_str(&serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned()));
}
