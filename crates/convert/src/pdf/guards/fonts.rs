use std::collections::HashSet;

use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Array, Dict, Object, Stream};
use hayro::hayro_syntax::page::{Page, Resources};
use hayro::hayro_syntax::xref::XRef;

use super::cmap_codes::codes_in_ranges;
use super::width_codes::codes_in_widths;
use crate::ConvertError;
use crate::pdf::decode::{DecodeError, decoded, fits};
use crate::pdf::objects::{catalog, identity};

/// Codes that one table of a font may map in all its ranges: four times the number of two-byte codes.
const MAX_MAPPED_CODES: u64 = 1 << 18;
/// Decoded size of a character map in bytes, at most.
const MAX_MAP_BYTES: usize = 32 << 20;
/// Decoded size of the file of a font in bytes, at most.
const MAX_FONT_BYTES: usize = 128 << 20;
/// Descendants of a font that are looked at; there is one.
const MAX_DESCENDANTS: usize = 4;

/// Check of the fonts that pages use. Each font, form and pattern is looked at once, however many pages share it.
pub(in crate::pdf) struct FontGuard<'a> {
    xref: &'a XRef,
    /// Identities of the dictionaries that were looked at.
    seen: HashSet<usize>,
    /// Resources that were met and are not looked at yet. A list instead of recursion: forms may nest deeper than the
    /// stack allows.
    waiting: Vec<Resources<'a>>,
}

impl<'a> FontGuard<'a> {
    /// Creates the guard of one document.
    pub(in crate::pdf) fn new(pdf: &'a Pdf) -> Self {
        Self {
            xref: pdf.xref(),
            seen: HashSet::new(),
            waiting: Vec::new(),
        }
    }

    /// Checks every font that a page or an annotation of the document refers to.
    ///
    /// # Errors
    /// As [`Self::check_page`].
    pub(in crate::pdf) fn check_document(pdf: &'a Pdf) -> Result<(), ConvertError> {
        let mut guard = Self::new(pdf);
        let form = catalog(pdf).and_then(|catalog| catalog.get::<Dict<'_>>("AcroForm"));
        if let Some(resources) = form.and_then(|form| form.get::<Dict<'_>>("DR")) {
            guard.waiting.push(Resources::new(resources));
        }
        guard.check_waiting()?;
        pdf.pages().iter().try_for_each(|page| guard.check_page(page))
    }

    /// Checks the fonts that a page and its annotations refer to, directly or in forms, patterns and glyphs.
    ///
    /// # Errors
    /// `LimitExceeded` if a table of a font maps more than [`MAX_MAPPED_CODES`], or its streams are larger than a font
    /// can be.
    pub(in crate::pdf) fn check_page(&mut self, page: &Page<'a>) -> Result<(), ConvertError> {
        self.waiting.push(page.resources().clone());
        self.check_waiting()?;
        let annotations = page.raw().get::<Array<'_>>("Annots").unwrap_or_default();
        for annotation in annotations.raw_iter() {
            let annotation = crate::pdf::objects::resolve(self.xref, annotation);
            let Some(Object::Dict(annotation)) = annotation else {
                continue;
            };
            let appearances = annotation.get::<Dict<'_>>("AP").unwrap_or_default();
            for state in ["N", "R", "D"] {
                match appearances.get::<Object<'_>>(state) {
                    Some(Object::Stream(form)) => self.add_resources_of(form.dict()),
                    Some(Object::Dict(states)) => self.add_forms(&states),
                    _ => {}
                }
            }
            self.check_waiting()?;
        }
        Ok(())
    }

    fn check_waiting(&mut self) -> Result<(), ConvertError> {
        while let Some(resources) = self.waiting.pop() {
            self.add_forms(&resources.x_objects);
            self.add_forms(&resources.patterns);
            self.add_graphics_states(&resources.ext_g_states)?;
            if self.is_new(&resources.fonts) {
                for key in resources.fonts.keys() {
                    if let Some(font) = resources.fonts.get::<Dict<'_>>(&key) {
                        self.check_font(&font)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn is_new(&mut self, dict: &Dict<'_>) -> bool {
        !dict.is_empty() && self.seen.insert(identity(dict))
    }

    /// Adds the resources of the forms or patterns in a dictionary.
    fn add_forms(&mut self, forms: &Dict<'a>) {
        if !self.is_new(forms) {
            return;
        }
        for key in forms.keys() {
            match forms.get::<Object<'_>>(&key) {
                Some(Object::Stream(form)) => self.add_resources_of(form.dict()),
                Some(Object::Dict(form)) => self.add_resources_of(&form),
                _ => {}
            }
        }
    }

    fn add_resources_of(&mut self, form: &Dict<'a>) {
        if self.is_new(form)
            && let Some(resources) = form.get::<Dict<'_>>("Resources")
        {
            self.waiting.push(Resources::new(resources));
        }
    }

    fn add_graphics_states(&mut self, states: &Dict<'a>) -> Result<(), ConvertError> {
        if !self.is_new(states) {
            return Ok(());
        }
        for key in states.keys() {
            let Some(state) = states.get::<Dict<'_>>(&key) else {
                continue;
            };
            let mask = state.get::<Dict<'_>>("SMask");
            if let Some(group) = mask.and_then(|mask| mask.get::<Stream<'_>>("G")) {
                self.add_resources_of(group.dict());
            }
            let font = state.get::<Array<'_>>("Font");
            if let Some(font) = font.and_then(|font| font.iter::<Dict<'_>>().next()) {
                self.check_font(&font)?;
            }
        }
        Ok(())
    }

    fn check_font(&mut self, font: &Dict<'a>) -> Result<(), ConvertError> {
        if !self.is_new(font) {
            return Ok(());
        }
        self.check_map(font.get("ToUnicode"))?;
        self.check_map(font.get("Encoding"))?;
        self.check_files(font)?;
        let descendants = font.get::<Array<'_>>("DescendantFonts").unwrap_or_default();
        for descendant in descendants.iter::<Dict<'_>>().take(MAX_DESCENDANTS) {
            self.check_files(&descendant)?;
            for (key, numbers) in [("W", 1), ("W2", 3)] {
                let widths = descendant.get::<Array<'_>>(key).unwrap_or_default();
                check_codes(codes_in_widths(&widths, numbers, self.xref))?;
            }
        }
        // The glyphs of a Type 3 font are content of their own.
        if let Some(resources) = font.get::<Dict<'_>>("Resources") {
            self.waiting.push(Resources::new(resources));
        }
        Ok(())
    }

    /// Checks a character map, if it is a stream.
    fn check_map(&mut self, map: Option<Object<'a>>) -> Result<(), ConvertError> {
        let Some(Object::Stream(map)) = map else {
            return Ok(());
        };
        if !self.seen.insert(identity(map.dict())) {
            return Ok(());
        }
        match decoded(&map, MAX_MAP_BYTES) {
            Ok(map) => check_codes(codes_in_ranges(&map.bytes)),
            Err(DecodeError::TooLarge) => Err(too_large("a character map of a font", MAX_MAP_BYTES)),
            Err(DecodeError::Image | DecodeError::Unreadable) => Ok(()),
        }
    }

    /// Checks the streams that hold the glyphs of a font.
    fn check_files(&mut self, font: &Dict<'a>) -> Result<(), ConvertError> {
        let descriptor = font.get::<Dict<'_>>("FontDescriptor").unwrap_or_default();
        let files = ["FontFile", "FontFile2", "FontFile3"];
        let files = files.iter().filter_map(|key| descriptor.get::<Stream<'_>>(key));
        for file in files.chain(font.get::<Stream<'_>>("CIDToGIDMap")) {
            if self.seen.insert(identity(file.dict())) && !fits(&file, MAX_FONT_BYTES) {
                return Err(too_large("the file of a font", MAX_FONT_BYTES));
            }
        }
        Ok(())
    }
}

fn check_codes(codes: u64) -> Result<(), ConvertError> {
    if codes > MAX_MAPPED_CODES {
        let what = format!("a font maps more than {MAX_MAPPED_CODES} codes");
        return Err(ConvertError::LimitExceeded { what });
    }
    Ok(())
}

fn too_large(what: &str, limit: usize) -> ConvertError {
    let what = format!("{what} has more than {limit} bytes");
    ConvertError::LimitExceeded { what }
}
