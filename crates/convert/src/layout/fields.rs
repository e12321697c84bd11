//! Fields of forms beside their labels.
//!
//! ```text
//!   Name: Ann     Date: 2 May      a line of labels and values: a field block each
//!   ☑ Ship        ☐ Collect        a line of boxes with their labels: a list item each
//!   Street         Town            a line of labels over a line of values: a field block each
//!   Long Lane 4    Ulm
//!   I, Ann, born on 2 May, …       anything else: text, with the values in it
//! ```

mod groups;

use std::rc::Rc;

use self::groups::Group;
use super::block::{Block, BlockKind};
use super::extent::Extent;
use super::line::Line;
use super::paragraphs;
use crate::ir::{Field, FieldKind};

/// Distance of the baseline of a label above its value, at most, in multiples of the text size.
const MAX_ABOVE_EM: f32 = 2.4;

/// Field of a form on a page.
#[derive(Debug, Clone)]
pub(crate) struct FormField {
    pub(crate) kind: FieldKind,
    /// Name in the form.
    pub(crate) name: Option<String>,
    /// Value as the document stores it.
    pub(crate) value: Option<String>,
    /// State of a check box or radio button.
    pub(crate) checked: Option<bool>,
    pub(crate) options: Rc<[String]>,
    pub(crate) extent: Extent,
}

impl FormField {
    fn is_box(&self) -> bool {
        matches!(self.kind, FieldKind::Checkbox | FieldKind::Radio)
    }

    fn block(&self, label: &str, lines: Vec<Line>) -> Block {
        let shown: Vec<&str> = lines
            .iter()
            .flat_map(|line| &line.runs)
            .filter(|run| run.field.is_some())
            .map(|run| run.text.trim())
            .collect();
        let letters = |text: &str| text.split_whitespace().collect::<String>();
        let value = self.value.as_deref();
        let value = value.filter(|value| letters(value) == letters(&shown.concat()));
        Block {
            kind: BlockKind::Field(Field {
                kind: self.kind,
                name: self.name.clone(),
                label: Some(label.trim().to_owned()),
                value: value.map_or_else(|| shown.join(" "), str::to_owned),
                checked: None,
                options: self.options.to_vec(),
            }),
            lines,
            joined_text: None,
            field: None,
        }
    }
}

/// Groups lines, in reading order, into blocks. Numbers of fields in the lines are places in `fields`.
pub(crate) fn group_lines(lines: Vec<Line>, fields: &[FormField]) -> Vec<Block> {
    if !lines.iter().any(has_field) {
        return paragraphs::group_lines(lines);
    }
    let mut blocks = Vec::new();
    let mut text: Vec<Line> = Vec::new();
    let mut lines = lines.into_iter().peekable();
    while let Some(line) = lines.next() {
        if !has_field(&line) {
            text.push(line);
            continue;
        }
        let groups = Group::of(&line);
        let own = boxes(&groups, fields, &line);
        if !own.is_empty() {
            text.extend(own);
            continue;
        }
        let Some(mut found) = labelled(&groups, &line, fields, &mut text) else {
            text.push(line);
            continue;
        };
        blocks.extend(paragraphs::group_lines(std::mem::take(&mut text)));
        if let Some(last) = found.last_mut() {
            while let Some(rest) = lines.next_if(|line| is_of(line, last.number)) {
                last.lines.push(rest);
            }
        }
        blocks.extend(found.into_iter().map(Found::block));
    }
    blocks.extend(paragraphs::group_lines(text));
    for block in &mut blocks {
        block.field = own_box(block, fields);
    }
    blocks
}

/// Field with its label and the lines that show both.
struct Found<'f> {
    field: &'f FormField,
    number: u32,
    label: String,
    lines: Vec<Line>,
}

impl Found<'_> {
    fn block(self) -> Block {
        self.field.block(&self.label, self.lines)
    }
}

fn has_field(line: &Line) -> bool {
    line.runs.iter().any(|run| run.field.is_some())
}

/// Returns true if a line shows the value of this field and nothing else.
fn is_of(line: &Line, number: u32) -> bool {
    line.runs.iter().all(|run| run.field == Some(number))
}

fn field_at(fields: &[FormField], number: Option<u32>) -> Option<&FormField> {
    fields.get(usize::try_from(number?).ok()?)
}

/// Field of the box that a list item begins with.
fn own_box(block: &Block, fields: &[FormField]) -> Option<Field> {
    let BlockKind::ListItem(_) = &block.kind else {
        return None;
    };
    let run = block.lines.first()?.runs.first()?;
    let field = field_at(fields, run.field).filter(|field| field.is_box())?;
    Some(Field {
        kind: field.kind,
        name: field.name.clone(),
        label: None,
        value: field.value.clone().unwrap_or_default(),
        checked: field.checked,
        options: Vec::new(),
    })
}

/// Lines of the boxes in a line that is nothing but boxes with their labels behind them; none for any other.
fn boxes(groups: &[Group], fields: &[FormField], line: &Line) -> Vec<Line> {
    let (pairs, rest) = groups.as_chunks::<2>();
    let is_pair = |[own, label]: &[Group; 2]| {
        field_at(fields, own.field).is_some_and(FormField::is_box) && label.field.is_none()
    };
    if pairs.len() < 2 || !rest.is_empty() || !pairs.iter().all(is_pair) {
        return Vec::new();
    }
    let lines = pairs
        .iter()
        .filter_map(|pair| groups::line_of(pair, line.baseline));
    lines.collect()
}

/// Fields of a line that is nothing but labels and values, or values below their labels, which are the last line of
/// `text`.
fn labelled<'f>(
    groups: &[Group],
    line: &Line,
    fields: &'f [FormField],
    text: &mut Vec<Line>,
) -> Option<Vec<Found<'f>>> {
    let is_value = |group: &Group| field_at(fields, group.field).is_some_and(|field| !field.is_box());
    if groups.iter().all(is_value) {
        let found = below_labels(groups, line, fields, text.last()?)?;
        text.pop();
        return Some(found);
    }
    let (pairs, rest) = groups.as_chunks::<2>();
    let goes_on = text.last().is_some_and(|above| !above.ends_sentence());
    let is_pair = |[label, value]: &[Group; 2]| label.is_label() && is_value(value);
    let first = groups.first()?;
    let is_sentence = goes_on && first.text.starts_with(char::is_lowercase) && !first.text.ends_with(':');
    if !rest.is_empty() || is_sentence || !pairs.iter().all(is_pair) {
        return None;
    }
    let found = pairs.iter().filter_map(|pair| {
        let [label, value] = pair;
        Some(Found {
            field: field_at(fields, value.field)?,
            number: value.field?,
            label: label.text.clone(),
            lines: vec![groups::line_of(pair, line.baseline)?],
        })
    });
    Some(found.collect())
}

/// Fields whose labels are the line above, each over its field.
fn below_labels<'f>(
    groups: &[Group],
    line: &Line,
    fields: &'f [FormField],
    above: &Line,
) -> Option<Vec<Found<'f>>> {
    let down = above.baseline - line.baseline;
    if above.is_heading()
        || has_field(above)
        || down <= 0.0
        || down > MAX_ABOVE_EM * line.size.max(above.size)
    {
        return None;
    }
    let labels = Group::parts_of(above);
    let mut used = 0;
    let mut found = Vec::new();
    for group in groups {
        let field = field_at(fields, group.field)?;
        let over = |label: &&Group| {
            label.is_label() && label.left >= field.extent.left - line.size && label.left < field.extent.right
        };
        let own: Vec<Group> = labels.iter().filter(over).cloned().collect();
        used += own.len();
        let label = own.iter().map(|label| label.text.as_str()).collect::<Vec<_>>();
        if own.is_empty() {
            return None;
        }
        found.push(Found {
            field,
            number: group.field?,
            label: label.join(" "),
            lines: vec![
                groups::line_of(&own, above.baseline)?,
                groups::line_of(std::slice::from_ref(group), line.baseline)?,
            ],
        });
    }
    (used == labels.len()).then_some(found)
}
