use super::super::elements::list;
use super::super::tree::{Element, NONE, NodeId};
use super::open::{Lead, ListState, Open};
use super::{End, Walk};
use crate::ConvertError;
use crate::ir::{BlockKind, Inline, ItemStart, ListStyle};

/// Elements around the check box of an item, and blanks before each, at most.
const MAX_STEPS: usize = 6;

impl<'t> Walk<'t, '_, '_> {
    pub(super) fn begin_list(
        &mut self,
        id: NodeId,
        element: &'t Element,
        name: &str,
    ) -> Result<End, ConvertError> {
        let tree = self.tree;
        let mut list = list(element, name);
        let reversed = list.ordered && element.get("reversed").is_some();
        let items = || tree.children(id).filter(|child| tree.name(*child) == "li");
        let first = items().next().and_then(|item| tree.element(item));
        if let Some(value) = first.and_then(|item| item.get("value")?.trim().parse().ok())
            && list.ordered
        {
            list.start = value;
        } else if reversed && element.get("start").is_none() {
            list.start = u32::try_from(items().count()).unwrap_or(u32::MAX);
        }
        let start = i64::from(list.start);
        let state = ListState {
            item: false,
            shown: (list.ordered && list.style == ListStyle::Decimal).then_some(start),
            counted: start,
            reversed,
        };
        Ok(self.container(Open::List(state), BlockKind::List(list))?.1)
    }

    pub(super) fn begin_item(&mut self, id: NodeId, element: &'t Element) -> Result<End, ConvertError> {
        let checked = self.check_box(id);
        let Some((Open::List(list), depth)) = self.open.last_mut() else {
            return Ok(End::Block);
        };
        if self.lead.is_some() {
            return Ok(End::Block);
        }
        self.builder.close_to(*depth + 1)?;
        list.item = true;
        let mut marker = None;
        if let Some(shown) = &mut list.shown {
            if let Some(value) = element
                .get("value")
                .and_then(|value| value.trim().parse::<i32>().ok())
            {
                *shown = i64::from(value);
            }
            marker = (*shown != list.counted).then(|| format!("{shown}."));
            *shown += if list.reversed { -1 } else { 1 };
            list.counted += 1;
        }
        self.builder.open_item(ItemStart { marker, checked })?;
        Ok(End::Block)
    }

    /// State of the check box that an item begins with.
    fn check_box(&self, item: NodeId) -> Option<bool> {
        let found = self.tree.element(self.box_of(item)?)?;
        Some(found.get("checked").is_some())
    }

    /// Check box that an item begins with.
    fn box_of(&self, item: NodeId) -> Option<NodeId> {
        let tree = self.tree;
        let mut at = item;
        for _ in 0..MAX_STEPS {
            at = tree.first(at);
            for _ in 0..MAX_STEPS {
                if at == NONE || tree.element(at).is_some() || tree.units(at) > 0 {
                    break;
                }
                at = tree.next(at);
            }
            let element = tree.element(at)?;
            match element.name() {
                "input" => {
                    let kind = element.get("type").unwrap_or_default();
                    return kind.eq_ignore_ascii_case("checkbox").then_some(at);
                }
                "p" | "label" | "span" | "div" => {}
                _ => return None,
            }
        }
        None
    }

    /// Returns true for the check box of the item that is being read.
    pub(super) fn is_item_box(&self, id: NodeId) -> bool {
        let tree = self.tree;
        let mut at = tree.parent(id);
        for _ in 0..MAX_STEPS {
            match tree.name(at) {
                "li" => {
                    let in_list = matches!(self.open.last(), Some((Open::List(_), _)));
                    return in_list && self.lead.is_none() && self.box_of(at) == Some(id);
                }
                "" => return false,
                _ => at = tree.parent(at),
            }
        }
        false
    }

    pub(super) fn begin_definitions(&mut self) -> Result<End, ConvertError> {
        let kind = BlockKind::DefinitionList(Vec::new());
        Ok(self.container(Open::Definitions(false), kind)?.1)
    }

    pub(super) fn begin_term(&mut self) -> Result<End, ConvertError> {
        if self.lead.is_some() {
            return Ok(End::Block);
        }
        let Some((Open::Definitions(open), depth)) = self.open.last_mut() else {
            return Ok(End::Block);
        };
        *open = false;
        let depth = *depth;
        self.builder.close_to(depth + 1)?;
        self.begin_lead(Lead::Term)
    }

    pub(super) fn end_term(&mut self, term: Vec<Inline>) -> Result<(), ConvertError> {
        if let Some((Open::Definitions(open), _)) = self.open.last_mut() {
            *open = true;
        }
        self.builder.open_definition(term)
    }

    pub(super) fn begin_definition(&mut self) -> Result<End, ConvertError> {
        if self.lead.is_none() && matches!(self.open.last(), Some((Open::Definitions(_), _))) {
            self.prepare()?;
        }
        Ok(End::Block)
    }
}
