use std::collections::HashSet;

use hayro::hayro_syntax::content::UntypedIter;
use hayro::hayro_syntax::object::{Array, Dict, Name, Object, Stream};
use hayro::hayro_syntax::page::Page;

/// Names of the images and forms that a page paints. Some programs list the images of all pages on every page.
pub(super) struct UsedXObjects(HashSet<Vec<u8>>);

impl UsedXObjects {
    /// Collects the names from the page's content; `None` if the content is broken or a form uses the resources of the
    /// page, so that the names tell nothing.
    pub(super) fn of(page: &Page<'_>) -> Option<Self> {
        let content = content(page.raw())?;
        let mut names = HashSet::new();
        let mut operations = UntypedIter::new(&content);
        while let Some(operation) = operations.next() {
            let operator: &[u8] = operation.operator.as_ref();
            if operator != b"Do" {
                continue;
            }
            for operand in operation.operands() {
                if let Object::Name(name) = operand {
                    names.insert(name.as_ref().to_vec());
                }
            }
        }
        let forms = &page.resources().x_objects;
        // A form without resources may paint images that the page's content does not name.
        let all_known = names.iter().all(|name| !uses_page_resources(forms, name));
        all_known.then_some(Self(names))
    }

    pub(super) fn contains(&self, name: &Name<'_>) -> bool {
        self.0.contains(name.as_ref())
    }
}

/// Returns true for a form without resources of its own, which uses those of the page.
fn uses_page_resources(x_objects: &Dict<'_>, name: &[u8]) -> bool {
    x_objects.get::<Stream<'_>>(name).is_some_and(|stream| {
        let kind = stream.dict().get::<Name<'_>>("Subtype");
        kind.is_some_and(|kind| kind.as_ref() == b"Form") && !stream.dict().contains_key("Resources")
    })
}

/// Decodes the content of the page. The library would keep its own copy for the life of the document.
fn content(page: &Dict<'_>) -> Option<Vec<u8>> {
    if let Some(stream) = page.get::<Stream<'_>>("Contents") {
        return Some(stream.decoded().ok()?.into_owned());
    }
    let mut content = Vec::new();
    for stream in page.get::<Array<'_>>("Contents")?.iter::<Stream<'_>>() {
        content.extend_from_slice(&stream.decoded().ok()?);
        content.push(b'\n');
    }
    Some(content)
}
