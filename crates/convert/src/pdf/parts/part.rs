use std::collections::HashSet;

use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Dict, Object, ObjectIdentifier};
use hayro::hayro_syntax::page::Page;

use super::copy::{Copy, TooLarge};
use super::page;
use super::used::Used;

/// A part while pages are added to it.
pub(super) struct Part<'a> {
    copy: Copy<'a>,
    catalog: usize,
    tree: usize,
    /// The numbers of the pages' objects.
    kids: Vec<usize>,
    /// Whether whole resources did not fit once, so that they are shortened from the start.
    shortens: bool,
}

impl<'a> Part<'a> {
    /// An empty part of at most `limit` bytes.
    ///
    /// # Errors
    /// [`TooLarge`]: not even the document's layers fit.
    pub(super) fn new(
        pdf: &'a Pdf,
        pages: &'a HashSet<ObjectIdentifier>,
        limit: usize,
    ) -> Result<Self, TooLarge> {
        let xref = pdf.xref();
        let mut copy = Copy::new(xref, pages, limit);
        let (catalog, tree) = (copy.file.number(), copy.file.number());
        copy.file.begin(catalog);
        copy.file
            .put(format!("<</Type/Catalog/Pages {tree} 0 R").as_bytes());
        // Which layers are shown.
        let layers = xref
            .get::<Dict<'_>>(xref.root_id())
            .and_then(|root| root.get_raw::<Object<'_>>("OCProperties"));
        if let Some(layers) = layers {
            copy.file.put(b"/OCProperties");
            copy.value(&layers, 0);
        }
        copy.file.put(b">>");
        copy.file.end();
        copy.rest()?;
        Ok(Self {
            copy,
            catalog,
            tree,
            kids: Vec::new(),
            shortens: false,
        })
    }

    /// Adds a page.
    ///
    /// # Errors
    /// [`TooLarge`]: it does not fit; the part is as it was.
    pub(super) fn add(&mut self, page: &Page<'_>) -> Result<(), TooLarge> {
        if !self.shortens && self.try_add(page, None).is_ok() {
            return Ok(());
        }
        let Some(used) = Used::by(page) else {
            return if self.shortens {
                self.try_add(page, None)
            } else {
                Err(TooLarge)
            };
        };
        self.try_add(page, Some(&used))?;
        self.shortens = true;
        Ok(())
    }

    fn try_add(&mut self, page: &Page<'_>, used: Option<&Used>) -> Result<(), TooLarge> {
        let mark = self.copy.file.mark();
        let number = self.copy.file.number();
        // The tree has an entry for each page.
        let added = page::write(&mut self.copy, page, (number, self.tree), used);
        if added.is_err() {
            self.copy.back_to(mark);
            return added;
        }
        self.kids.push(number);
        Ok(())
    }

    pub(super) fn pages(&self) -> usize {
        self.kids.len()
    }

    /// The part as a file.
    pub(super) fn finish(self) -> Vec<u8> {
        let mut file = self.copy.file;
        file.begin(self.tree);
        let kids: Vec<String> = self.kids.iter().map(|kid| format!("{kid} 0 R")).collect();
        let (count, kids) = (kids.len(), kids.join(" "));
        file.put(format!("<</Type/Pages/Count {count}/Kids[{kids}]>>").as_bytes());
        file.end();
        file.finish(self.catalog)
    }
}
