use hayro::hayro_syntax::object::{Dict, String as PdfString};

use crate::pdf::destinations::{Destination, Destinations};
use crate::pdf::objects::is_name;
use crate::pdf::text_string::text_string;

/// Bytes of an address, at most: browsers take no longer ones.
const MAX_ADDRESS_BYTES: usize = 64 * 1024;

/// Target of a link.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::pdf) enum LinkTarget {
    /// Address as it is written. The builder of the model decides which addresses may stand in a link.
    Address(String),
    /// Place in the document.
    Place(Destination),
}

impl LinkTarget {
    /// Reads the target of a link annotation; `None` for one that leads to another file, starts a program or runs a
    /// script.
    pub(super) fn of<'a>(link: &Dict<'a>, destinations: &Destinations<'a>) -> Option<Self> {
        if let Some(destination) = destinations.of(link) {
            return Some(Self::Place(destination));
        }
        let action = link.get::<Dict<'a>>("A").or_else(|| link.get("PA"))?;
        if !is_name(&action, "S", "URI") {
            return None;
        }
        let address = action.get::<PdfString<'_>>("URI")?;
        if address.len() > MAX_ADDRESS_BYTES {
            return None;
        }
        // Addresses are ASCII by the standard; those that are not are UTF-8 in practice.
        let address = match std::str::from_utf8(address.as_bytes()) {
            Ok(address) => address.to_owned(),
            Err(_) => text_string(address.as_bytes()),
        };
        let address = address.trim();
        (!address.is_empty()).then(|| Self::Address(address.to_owned()))
    }
}
