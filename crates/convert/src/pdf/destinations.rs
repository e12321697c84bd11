use std::cell::OnceCell;
use std::collections::HashMap;

use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Array, Dict, MaybeRef, Object, ObjectIdentifier};

use super::frame::PageFrame;
use super::name_tree;
use super::objects::{catalog, resolve};

/// Names that stand for other names one after the other, at most.
const MAX_INDIRECTIONS: usize = 4;

/// Place in the document that a link or an outline item leads to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Destination {
    /// 1-based number of the page.
    pub(super) page: u32,
    /// Point at the upper left corner of what is shown, in the frame of the page as a viewer shows it. `None` for the
    /// page as a whole.
    pub(super) point: Option<[f32; 2]>,
}

/// Destinations of a document: its pages by their objects, and its named destinations.
pub(super) struct Destinations<'a> {
    pdf: &'a Pdf,
    pages: HashMap<ObjectIdentifier, u32>,
    /// Read at the first name, since most documents have none.
    named: OnceCell<HashMap<Vec<u8>, Object<'a>>>,
}

impl<'a> Destinations<'a> {
    pub(super) fn new(pdf: &'a Pdf) -> Self {
        let pages = pdf.pages().iter().zip(1..);
        Self {
            pdf,
            pages: pages
                .filter_map(|(page, number)| Some((page.raw().obj_id()?, number)))
                .collect(),
            named: OnceCell::new(),
        }
    }

    /// 1-based number of the page with this object.
    pub(super) fn page_number(&self, page: ObjectIdentifier) -> Option<u32> {
        self.pages.get(&page).copied()
    }

    /// Reads the destination of an outline item or link: its `Dest` entry or its action. `None` if it leads elsewhere.
    pub(super) fn of(&self, dict: &Dict<'a>) -> Option<Destination> {
        if let Some(destination) = dict.get::<Object<'a>>("Dest") {
            return self.resolve(destination);
        }
        let action = dict.get::<Dict<'a>>("A")?;
        match super::objects::is_name(&action, "S", "GoTo") {
            true => self.resolve(action.get::<Object<'a>>("D")?),
            false => None,
        }
    }

    fn resolve(&self, destination: Object<'a>) -> Option<Destination> {
        let mut destination = destination;
        for _ in 0..=MAX_INDIRECTIONS {
            destination = match destination {
                Object::Array(array) => return self.explicit(&array),
                Object::Dict(dict) => dict.get::<Object<'a>>("D")?,
                Object::Name(name) => self.named().get(name.as_ref())?.clone(),
                Object::String(name) => self.named().get(name.as_bytes())?.clone(),
                _ => return None,
            };
        }
        None
    }

    fn named(&self) -> &HashMap<Vec<u8>, Object<'a>> {
        self.named.get_or_init(|| {
            let mut named = HashMap::new();
            let Some(catalog) = catalog(self.pdf) else {
                return named;
            };
            let old = catalog.get::<Dict<'a>>("Dests").unwrap_or_default();
            for name in old.keys() {
                if let Some(destination) = old.get::<Object<'a>>(&name) {
                    named.insert(name.to_vec(), destination);
                }
            }
            let tree = catalog
                .get::<Dict<'a>>("Names")
                .and_then(|names| names.get("Dests"));
            named.extend(
                tree.iter()
                    .flat_map(|tree| name_tree::entries(tree, self.pdf.xref())),
            );
            named
        })
    }

    /// Reads a destination such as `[page /XYZ left top zoom]` (ISO 32000-1, 12.3.2.2).
    fn explicit(&self, array: &Array<'a>) -> Option<Destination> {
        let mut objects = array.raw_iter();
        let number = match objects.next()? {
            MaybeRef::Ref(page) => self.page_number(page.into())?,
            // The number of a page from 0, which belongs into links to other files and is met in others too.
            MaybeRef::NotRef(Object::Number(index)) => u32::try_from(index.as_i64()).ok()?.checked_add(1)?,
            MaybeRef::NotRef(_) => return None,
        };
        let index = usize::try_from(number.checked_sub(1)?).ok()?;
        let page = self.pdf.pages().get(index)?;
        let mut objects = objects.map(|object| resolve(self.pdf.xref(), object));
        let kind = objects.next().flatten().and_then(Object::into_name);
        let numbers: Vec<Option<f64>> = objects
            .take(4)
            .map(|object| Some(object?.into_number()?.as_f64()).filter(|number| number.is_finite()))
            .collect();
        let number_at = |at: usize| numbers.get(at).copied().flatten();
        let (left, top) = match kind.as_ref().map(|kind| kind.as_ref()) {
            Some(b"XYZ") => (number_at(0), number_at(1)),
            Some(b"FitH" | b"FitBH") => (None, number_at(0)),
            Some(b"FitV" | b"FitBV") => (number_at(0), None),
            Some(b"FitR") => (number_at(0), number_at(3)),
            _ => (None, None),
        };
        let visible = page.intersected_crop_box();
        let point = (left.is_some() || top.is_some())
            .then(|| PageFrame::of(page).point(left.unwrap_or(visible.x0), top.unwrap_or(visible.y1)));
        Some(Destination { page: number, point })
    }
}
