use super::block::PageWriter;
use super::items::{Items, Reference};
use super::place::Sizes;
use crate::ConvertError;
use crate::ir::Page;
use crate::options::WriteOptions;
use crate::write::json::{Object, array, object, string};
use crate::write::page_break::is_left_out;
use crate::write::writer::{DocumentHead, DocumentTail, DocumentWriter};

/// Version of the document, which older readers take as well.
const VERSION: &str = "1.7.0";

/// A document as docling's clients read it.
pub(crate) struct DoclingDocument<'o> {
    options: &'o WriteOptions,
    items: Items,
    sizes: Sizes,
    body: Vec<Reference>,
    /// The pages with a size, as fields of an object.
    pages: String,
    started: bool,
}

impl<'o> DoclingDocument<'o> {
    pub(crate) fn new(options: &'o WriteOptions) -> Self {
        Self {
            options,
            items: Items::default(),
            sizes: Sizes::default(),
            body: Vec::new(),
            pages: String::new(),
            started: false,
        }
    }

    fn size(&mut self, page: &Page) {
        let (Some(width), Some(height)) = (page.width, page.height) else {
            return;
        };
        if !self.pages.is_empty() {
            self.pages.push(',');
        }
        self.pages.push_str(&format!("\"{}\":", page.number));
        object(&mut self.pages, |json| {
            json.integer("page_no", page.number);
            json.object("size", |json| {
                json.decimal("width", width);
                json.decimal("height", height);
            });
        });
    }
}

impl DocumentWriter for DoclingDocument<'_> {
    fn start(&mut self, head: &DocumentHead, out: &mut String) {
        out.push_str("{\"schema_name\":\"DoclingDocument\",\"version\":");
        string(VERSION, out);
        out.push_str(",\"name\":");
        string(stem(&head.title), out);
        out.push_str(",\"texts\":[");
    }

    fn page(&mut self, page: Page, out: &mut String) -> Result<(), ConvertError> {
        self.size(&page);
        self.sizes.add(&page);
        if is_left_out(&page, self.options) {
            return Ok(());
        }
        let mut writer = PageWriter::new(&page, &mut self.items, &self.sizes, self.options);
        self.body.extend(writer.page());
        for text in self.items.texts.take() {
            if std::mem::replace(&mut self.started, true) {
                out.push(',');
            }
            out.push_str(&text);
        }
        self.items.named.clear();
        Ok(())
    }

    fn finish(&mut self, _tail: &DocumentTail, out: &mut String) -> Result<(), ConvertError> {
        let lists = [
            ("tables", self.items.tables.take()),
            ("pictures", self.items.pictures.take()),
            ("groups", self.items.groups.take()),
        ];
        out.push(']');
        for (name, items) in lists {
            out.push_str(&format!(",\"{name}\":"));
            array(out, items, |item, out| out.push_str(&item));
        }
        out.push_str(",\"body\":");
        object(out, |json| body(&self.body, json));
        out.push_str(",\"key_value_items\":[],\"form_items\":[],\"pages\":{");
        out.push_str(&self.pages);
        out.push_str("}}\n");
        Ok(())
    }
}

fn body(children: &[Reference], json: &mut Object<'_>) {
    json.text("self_ref", "#/body");
    json.array("children", children, |child, out| child.write(out));
    json.text("content_layer", "body");
    json.text("name", "_root_");
    json.text("label", "unspecified");
}

/// The name of a file without its extension.
fn stem(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() && extension.len() < 16 => stem,
        _ => name,
    }
}
