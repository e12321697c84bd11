//! Small readings of PDF objects that several parts need.

use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Dict, MaybeRef, Name, Object, ObjectIdentifier, String as PdfString};
use hayro::hayro_syntax::xref::XRef;

use super::text_string::text_string;

/// Catalog of a document.
pub(super) fn catalog(pdf: &Pdf) -> Option<Dict<'_>> {
    pdf.xref().get(pdf.xref().root_id())
}

/// Identity of a dictionary while its document is open: its place in memory. The library gives a direct dictionary the
/// number of the object around it, so that the number alone does not tell dictionaries apart.
pub(super) fn identity(dict: &Dict<'_>) -> usize {
    dict.data().as_ptr().addr()
}

/// Follows a reference.
pub(super) fn resolve<'a>(xref: &'a XRef, object: MaybeRef<Object<'a>>) -> Option<Object<'a>> {
    match object {
        MaybeRef::Ref(reference) => xref.get(reference.into()),
        MaybeRef::NotRef(object) => Some(object),
    }
}

/// Number of the object that an entry refers to.
pub(super) fn reference(dict: &Dict<'_>, key: &str) -> Option<ObjectIdentifier> {
    dict.get_ref(key).map(ObjectIdentifier::from)
}

/// Text of an entry that is a string.
pub(super) fn text(dict: &Dict<'_>, key: &str) -> Option<String> {
    let string = dict.get::<PdfString<'_>>(key)?;
    Some(text_string(string.as_bytes()))
}

/// Text of an entry that is a string, without white space around it; `None` if nothing is left.
pub(super) fn nonblank_text(dict: &Dict<'_>, key: &str) -> Option<String> {
    let text = text(dict, key)?;
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Name of an entry as text.
pub(super) fn name(dict: &Dict<'_>, key: &str) -> Option<String> {
    let name = dict.get::<Name<'_>>(key)?;
    Some(name_text(&name))
}

/// Name as text: UTF-8 by the standard, often Latin-1.
pub(super) fn name_text(name: &Name<'_>) -> String {
    match std::str::from_utf8(name.as_ref()) {
        Ok(text) => text.to_owned(),
        Err(_) => text_string(name.as_ref()),
    }
}

/// Returns true if an entry is this name.
pub(super) fn is_name(dict: &Dict<'_>, key: &str, expected: &str) -> bool {
    dict.get::<Name<'_>>(key)
        .is_some_and(|name| name.as_ref() == expected.as_bytes())
}
