//! Units of a tagged page: the words of one heading, paragraph, item or table, in the order of the tree.

use std::collections::HashMap;

use super::{PageTags, Tag};
use crate::layout::word::Word;

/// Roles of parts of a line.
const INLINE: [&str; 20] = [
    "Span",
    "Link",
    "Em",
    "Strong",
    "Quote",
    "Reference",
    "Sub",
    "Annot",
    "Ruby",
    "RB",
    "RT",
    "RP",
    "Warichu",
    "WT",
    "WP",
    "NonStruct",
    "Private",
    "Code",
    "Formula",
    "BibEntry",
];

/// Kind of a unit, with the element that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Unit {
    Heading {
        element: u32,
        level: u8,
    },
    Text {
        element: u32,
    },
    /// Item of a list within as many lists.
    Item {
        element: u32,
        depth: usize,
    },
    Table {
        element: u32,
    },
    /// Text of a drawing.
    Figure {
        element: u32,
    },
}

/// Words of a unit.
pub(super) struct UnitWords {
    pub(super) unit: Unit,
    /// Words with their elements, in the order of the tree.
    pub(super) words: Vec<(Word, u32)>,
}

/// Units of the words that have a tag, in the order of the tree.
pub(super) fn units(tags: &PageTags<'_>, words: &[Word], word_tags: &[Tag]) -> Vec<UnitWords> {
    let mut placed: Vec<(u32, u32, &Word)> = Vec::new();
    for (word, tag) in words.iter().zip(word_tags) {
        if let Tag::Element { place, element } = tag {
            placed.push((*place, *element, word));
        }
    }
    // A stable sort: words of one piece stay in the order of painting.
    placed.sort_by_key(|(place, ..)| *place);
    let mut known: HashMap<u32, Unit> = HashMap::new();
    let mut numbers: HashMap<Unit, usize> = HashMap::new();
    let mut units: Vec<UnitWords> = Vec::new();
    for (_, element, word) in placed {
        let unit = *known.entry(element).or_insert_with(|| unit_of(tags, element));
        let number = *numbers.entry(unit).or_insert(units.len());
        if number == units.len() {
            units.push(UnitWords {
                unit,
                words: Vec::new(),
            });
        }
        if let Some(own) = units.get_mut(number) {
            own.words.push((word.clone(), element));
        }
    }
    units
}

/// Unit that an element belongs to, by the roles of the elements around it.
fn unit_of(tags: &PageTags<'_>, element: u32) -> Unit {
    let (mut text, mut heading, mut item, mut figure, mut table) = (None, None, None, None, None);
    let (mut lists, mut sections, mut in_cell) = (0, 0, false);
    for id in tags.structure.path(element) {
        let role = tags.structure.element(id).map_or("", |element| &*element.role);
        match role {
            "TD" | "TH" => in_cell = true,
            // The caption of a table is no part of its cells.
            "Table" if in_cell => table = Some(id),
            "Figure" => figure = figure.or(Some(id)),
            "LI" => item = item.or(Some(id)),
            "L" => lists += 1,
            "Sect" | "Part" | "Art" => sections = u8::saturating_add(sections, 1),
            _ => {}
        }
        heading = heading.or_else(|| level(role).map(|level| (id, level)));
        if text.is_none() && !INLINE.contains(&role) {
            text = Some(id);
        }
    }
    match (table, figure, heading, item) {
        (Some(element), ..) => Unit::Table { element },
        (_, Some(element), ..) => Unit::Figure { element },
        (_, _, Some((element, level)), _) => Unit::Heading {
            element,
            // A plain `H` stands as deep as its section.
            level: if level == 0 { sections.clamp(1, 6) } else { level },
        },
        (.., Some(element)) => Unit::Item {
            element,
            depth: usize::max(lists, 1) - 1,
        },
        _ => Unit::Text {
            element: text.unwrap_or(element),
        },
    }
}

/// Level of the role of a heading; 0 for one that does not say it.
pub(super) fn level(role: &str) -> Option<u8> {
    match role {
        "H" => Some(0),
        "Title" | "H1" => Some(1),
        "H2" => Some(2),
        "H3" => Some(3),
        "H4" => Some(4),
        "H5" => Some(5),
        "H6" => Some(6),
        _ => None,
    }
}
