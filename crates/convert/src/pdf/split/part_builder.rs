use std::collections::HashSet;

use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Dict, Object, ObjectIdentifier};
use hayro::hayro_syntax::page::Page;

use super::object_copier::{ObjectCopier, TooLarge};
use super::page;
use super::used_xobjects::UsedXObjects;

/// Builder of a part: takes pages until one does not fit.
pub(super) struct PartBuilder<'a> {
    copy: ObjectCopier<'a>,
    /// Object number of the catalog.
    catalog: usize,
    /// Object number of the page tree's root.
    tree: usize,
    /// Object numbers of the pages.
    kids: Vec<usize>,
    /// Set once a page fitted only without the resources that it does not use; later pages are mostly alike.
    omits_unused: bool,
}

impl<'a> PartBuilder<'a> {
    /// Creates an empty part of at most `limit` bytes.
    ///
    /// # Errors
    /// [`TooLarge`]: not even the optional-content groups of the document fit.
    pub(super) fn new(
        pdf: &'a Pdf,
        pages: &'a HashSet<ObjectIdentifier>,
        limit: usize,
    ) -> Result<Self, TooLarge> {
        let xref = pdf.xref();
        let mut copy = ObjectCopier::new(xref, pages, limit);
        let (catalog, tree) = (copy.file.number(), copy.file.number());
        copy.file.begin(catalog);
        copy.file
            .put(format!("<</Type/Catalog/Pages {tree} 0 R").as_bytes());
        // Visibility of optional content, which decides what the pages show.
        let layers = xref
            .get::<Dict<'_>>(xref.root_id())
            .and_then(|root| root.get_raw::<Object<'_>>("OCProperties"));
        if let Some(layers) = layers {
            copy.file.put(b"/OCProperties");
            copy.value(&layers, 0);
        }
        copy.file.put(b">>");
        copy.file.end();
        copy.copy_references()?;
        Ok(Self {
            copy,
            catalog,
            tree,
            kids: Vec::new(),
            omits_unused: false,
        })
    }

    /// Adds a page, without its unused resources if it does not fit with them.
    ///
    /// # Errors
    /// [`TooLarge`]: it does not fit; the part is unchanged.
    pub(super) fn add(&mut self, page: &Page<'_>) -> Result<(), TooLarge> {
        if !self.omits_unused && self.try_add(page, None).is_ok() {
            return Ok(());
        }
        // Scanning the content is slow, so it is done only once a page did not fit.
        let Some(used) = UsedXObjects::of(page) else {
            return if self.omits_unused {
                self.try_add(page, None)
            } else {
                Err(TooLarge)
            };
        };
        self.try_add(page, Some(&used))?;
        self.omits_unused = true;
        Ok(())
    }

    fn try_add(&mut self, page: &Page<'_>, used: Option<&UsedXObjects>) -> Result<(), TooLarge> {
        let checkpoint = self.copy.file.checkpoint();
        let number = self.copy.file.number();

        let added = page::write(&mut self.copy, page, (number, self.tree), used);
        if added.is_err() {
            self.copy.roll_back(checkpoint);
            return added;
        }
        self.kids.push(number);
        Ok(())
    }

    pub(super) fn pages(&self) -> usize {
        self.kids.len()
    }

    /// Finishes the part and returns its file.
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
