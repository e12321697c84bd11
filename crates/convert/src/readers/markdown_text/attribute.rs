use crate::markup::{Tag, decode};

/// Value of an attribute.
pub(super) fn attribute(tag: &Tag<'_>, name: &str) -> Option<String> {
    let mut attributes = tag.attributes();
    let found = attributes.find(|attribute| attribute.name.eq_ignore_ascii_case(name))?;
    Some(decode(found.value).into_owned())
}
