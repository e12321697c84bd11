use std::fmt;

use crate::ir::BlockId;
use crate::write::json::Object;

/// List that an item is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Table,
    Picture,
    Group,
}

/// Reference to an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reference {
    Body,
    Item(Kind, usize),
}

/// Items of a list that have not been written yet.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    /// Items that have been taken.
    taken: usize,
    items: Vec<String>,
}

/// Items of a document, as JSON.
#[derive(Debug, Default)]
pub(super) struct Items {
    pub(super) texts: Waiting,
    pub(super) tables: Waiting,
    pub(super) pictures: Waiting,
    pub(super) groups: Waiting,
    /// Items that stand for blocks.
    pub(super) named: Vec<(BlockId, Reference)>,
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Body => f.write_str("#/body"),
            Self::Item(Kind::Text, place) => write!(f, "#/texts/{place}"),
            Self::Item(Kind::Table, place) => write!(f, "#/tables/{place}"),
            Self::Item(Kind::Picture, place) => write!(f, "#/pictures/{place}"),
            Self::Item(Kind::Group, place) => write!(f, "#/groups/{place}"),
        }
    }
}

impl Reference {
    /// Writes it as the object that leads to an item.
    pub(super) fn write(self, out: &mut String) {
        crate::write::json::object(out, |json| json.text("$ref", &self.to_string()));
    }
}

impl Waiting {
    /// Takes the items, which are final.
    pub(super) fn take(&mut self) -> Vec<String> {
        self.taken += self.items.len();
        std::mem::take(&mut self.items)
    }
}

impl Items {
    fn list(&mut self, kind: Kind) -> &mut Waiting {
        match kind {
            Kind::Text => &mut self.texts,
            Kind::Table => &mut self.tables,
            Kind::Picture => &mut self.pictures,
            Kind::Group => &mut self.groups,
        }
    }

    /// Makes room for an item, so that its children can name it.
    pub(super) fn reserve(&mut self, kind: Kind) -> Reference {
        let list = self.list(kind);
        list.items.push(String::new());
        Reference::Item(kind, list.taken + list.items.len() - 1)
    }

    /// Puts an item in its place.
    pub(super) fn put(&mut self, reference: Reference, fill: impl FnOnce(&mut Object<'_>)) {
        let Reference::Item(kind, place) = reference else {
            return;
        };
        let list = self.list(kind);
        let place = place.checked_sub(list.taken);
        if let Some(item) = place.and_then(|place| list.items.get_mut(place)) {
            crate::write::json::object(item, fill);
        }
    }
}
