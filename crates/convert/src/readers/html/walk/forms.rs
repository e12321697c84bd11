use super::super::facts::is_field;
use super::super::tree::{Data, Element, NodeId, is_shown};
use super::Walk;
use crate::ConvertError;
use crate::ir::{BlockKind, Field, FieldKind};

impl<'t> Walk<'t, '_, '_> {
    /// Adds the field that a label describes; returns false if the label is text.
    pub(super) fn labelled_field(&mut self, label: NodeId) -> Result<bool, ConvertError> {
        let tree = self.tree;
        let Some(field) = self.facts.labels.get(&label).copied() else {
            return Ok(false);
        };
        let Some(element) = tree
            .element(field)
            .filter(|_| !self.is_inline() && !self.is_item_box(field))
        else {
            return Ok(false);
        };
        let mut text = String::new();
        for id in tree.within(label, |name| {
            is_shown(name) && !matches!(name, "select" | "textarea")
        }) {
            if let Data::Text(part) = tree.data(id) {
                text.push_str(part);
            }
        }
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        self.placed(label);
        let field = self.field(field, element, Some(text).filter(|text| !text.is_empty()));
        self.leaf(BlockKind::Field(field))?;
        Ok(true)
    }

    /// Fields are lines of text in a cell or in a block of one line.
    fn is_inline(&self) -> bool {
        self.lead.is_some() || self.in_cell()
    }

    /// Reads an element of a form that no label has brought.
    pub(super) fn control(&mut self, id: NodeId, element: &'t Element) -> Result<(), ConvertError> {
        let kind = element.get("type").unwrap_or_default().to_ascii_lowercase();
        if !is_field(element) {
            if matches!(kind.as_str(), "submit" | "button" | "reset") {
                let value = element.get("value").unwrap_or_default();
                self.line.text(&format!(" {value} "), &self.look);
            }
            return Ok(());
        }
        if self.is_item_box(id) {
            return Ok(());
        }
        if !self.is_inline() && self.facts.labelled.contains(&id) {
            self.placed(id);
            return Ok(());
        }
        if matches!(kind.as_str(), "checkbox" | "radio") {
            let sign = if element.get("checked").is_some() {
                "☑"
            } else {
                "☐"
            };
            self.line.text(sign, &self.look);
            return Ok(());
        }
        let label = element.get("aria-label").map(str::to_owned);
        let field = self.field(id, element, label);
        if self.is_inline() {
            let units = self.tree.units(id);
            let shown = u64::from(units > 0 && !field.value.trim().is_empty());
            if shown > 0 {
                self.ledger.placed();
            }
            self.ledger.left_out("choices of fields left out", units - shown);
            self.line.text(&format!(" {} ", field.value), &self.look);
            return Ok(());
        }
        self.placed(id);
        if field.value.trim().is_empty() && field.options.is_empty() {
            return Ok(());
        }
        self.leaf(BlockKind::Field(field))
    }

    fn field(&self, id: NodeId, element: &Element, label: Option<String>) -> Field {
        let tree = self.tree;
        let kind = element.get("type").unwrap_or_default().to_ascii_lowercase();
        let mut field = Field {
            kind: FieldKind::Text,
            name: element.get("name").map(str::to_owned),
            label,
            value: element.get("value").unwrap_or_default().to_owned(),
            checked: None,
            options: Vec::new(),
        };
        match (element.name(), kind.as_str()) {
            ("textarea", _) => field.value = tree.text(id),
            ("select", _) => {
                field.kind = FieldKind::Choice;
                let mut chosen = Vec::new();
                for option in tree.within(id, is_shown) {
                    if let Some(found) = tree.element(option).filter(|found| found.name() == "option") {
                        let text = tree.words(option);
                        if found.get("selected").is_some() {
                            chosen.push(text.clone());
                        }
                        field.options.push(text);
                    }
                }
                if chosen.is_empty() && element.get("multiple").is_none() {
                    chosen.extend(field.options.first().cloned());
                }
                field.value = chosen.join(", ");
            }
            (_, "checkbox" | "radio") => {
                field.kind = if kind == "radio" {
                    FieldKind::Radio
                } else {
                    FieldKind::Checkbox
                };
                field.checked = Some(element.get("checked").is_some());
            }
            (_, "date" | "datetime-local" | "month" | "week" | "time") => field.kind = FieldKind::Date,
            (_, "password") => field.value.clear(),
            _ => {}
        }
        field
    }
}
