use super::block::{Block, BlockKind, ListItem};
use super::list_marker::roman;
use crate::ConvertError;
use crate::ir::{self, Builder, ItemStart, List, ListStyle};

/// Lists within each other, at most: a deeper item counts as one of the deepest list.
const MAX_LEVELS: usize = 16;
/// Blocks that are searched for the next item of a list.
const NEXT_ITEM_WINDOW: usize = 40;

/// Lists that are open in the builder, the outermost first.
pub(super) struct Lists {
    /// Open containers around the lists.
    base: usize,
    open: Vec<OpenList>,
}

struct OpenList {
    indent: usize,
    label: Label,
}

/// Label of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Label {
    Bullet(Option<bool>),
    /// Number, and the sign behind it.
    Number(u32, char),
    /// Label that stays visible, such as `(a)`.
    Other(String),
}

impl Lists {
    pub(super) fn new(base: usize) -> Self {
        Self {
            base,
            open: Vec::new(),
        }
    }

    /// Opens the item that is the first of `blocks`, and a list for it where none goes on. Returns the bytes of its
    /// first line that are its label.
    pub(super) fn begin_item(
        &mut self,
        item: &ListItem,
        blocks: &[Block],
        builder: &mut Builder<'_>,
    ) -> Result<usize, ConvertError> {
        let (label, skip) = label(item, blocks.first());
        while let Some(last) = self.open.last()
            && last.indent > item.indent
        {
            self.open.pop();
        }
        let same_level = self
            .open
            .last()
            .is_some_and(|last| last.indent == item.indent || self.open.len() >= MAX_LEVELS);
        if same_level && !self.open.last().is_some_and(|last| last.label.precedes(&label)) {
            self.open.pop();
            self.close_items(builder, 0)?;
            self.open_list(item, &label, blocks, builder)?;
        } else if same_level {
            // Closes the item before, not the list.
            self.close_items(builder, 1)?;
        } else {
            self.close_items(builder, 0)?;
            self.open_list(item, &label, blocks, builder)?;
        }
        builder.open_item(ItemStart {
            marker: match &label {
                Label::Other(text) => Some(text.clone()),
                Label::Number(number, mark) if *mark != '.' => Some(format!("{number}{mark}")),
                Label::Number(..) | Label::Bullet(_) => None,
            },
            checked: match label {
                Label::Bullet(checked) => checked,
                _ => None,
            },
        })?;
        if let Some(last) = self.open.last_mut() {
            last.label = label;
        }
        Ok(skip)
    }

    /// Closes all lists.
    pub(super) fn close(&mut self, builder: &mut Builder<'_>) -> Result<(), ConvertError> {
        self.open.clear();
        builder.close_to(self.base)
    }

    /// Closes what is inside the open lists: each of them is a container with an item in it. The last list keeps
    /// its item, into which a list may go, or loses it to the next if `next_items` is 1.
    fn close_items(&self, builder: &mut Builder<'_>, next_items: usize) -> Result<(), ConvertError> {
        builder.close_to(self.base + (2 * self.open.len()).saturating_sub(next_items))
    }

    fn open_list(
        &mut self,
        item: &ListItem,
        label: &Label,
        blocks: &[Block],
        builder: &mut Builder<'_>,
    ) -> Result<(), ConvertError> {
        let (style, start) = match label {
            Label::Bullet(_) => (None, 1),
            Label::Number(number, _) => (Some(ListStyle::Decimal), *number),
            Label::Other(text) => numerals(text, next_label(item, blocks).as_ref()),
        };
        builder.open(ir::BlockKind::List(List {
            ordered: style.is_some(),
            style: style.unwrap_or_default(),
            start,
            items: Vec::new(),
        }))?;
        self.open.push(OpenList {
            indent: item.indent,
            label: label.clone(),
        });
        Ok(())
    }
}

impl Label {
    /// Returns true if an item of this label and one of `next` are of one list.
    fn precedes(&self, next: &Self) -> bool {
        match (self, next) {
            (Self::Number(last, mark), Self::Number(number, other)) => {
                mark == other && last.checked_add(1) == Some(*number)
            }
            (Self::Bullet(_), Self::Bullet(_)) | (Self::Other(_), Self::Other(_)) => true,
            _ => false,
        }
    }
}

/// Label of an item, and the bytes of its first line that it takes.
fn label(item: &ListItem, block: Option<&Block>) -> (Label, usize) {
    let first = block.and_then(|block| block.lines.first());
    let text = first.map_or("", |line| line.text.as_str());
    if let Some(number) = item
        .mark
        .strip_suffix(['.', ')'])
        .and_then(|digits| digits.parse().ok())
    {
        let mark = item.mark.chars().next_back().unwrap_or('.');
        return (Label::Number(number, mark), item.skip);
    }
    if item.skip > 0 {
        let checked = match text.trim_start().chars().next() {
            Some('☐' | '✗' | '✘') => Some(false),
            // The last two are those of a symbol font, as word processors map them.
            Some('☑' | '☒' | '✓' | '✔' | '\u{f0fd}' | '\u{f0fe}') => Some(true),
            _ => None,
        };
        return (Label::Bullet(checked), item.skip);
    }
    // The layout leaves labels in the text that are neither bullets nor plain numbers.
    let indent = text.len() - text.trim_start().len();
    let label = text.split_whitespace().next().unwrap_or_default();
    let after = indent + label.len();
    let blank = text
        .get(after..)
        .map_or(0, |rest| rest.len() - rest.trim_start().len());
    (Label::Other(label.to_owned()), after + blank)
}

/// Label of the next item of the same list, if there is one.
fn next_label(item: &ListItem, blocks: &[Block]) -> Option<Label> {
    let items = blocks
        .iter()
        .take(NEXT_ITEM_WINDOW)
        .skip(1)
        .map_while(|block| match &block.kind {
            BlockKind::ListItem(next) => Some((next, block)),
            _ => None,
        });
    let (next, block) = items
        .take_while(|(next, _)| next.indent >= item.indent)
        .find(|(next, _)| next.indent == item.indent)?;
    Some(label(next, Some(block)).0)
}

/// Numerals and first number of a list by the label of its first item and the next one; none where the label counts
/// nothing.
fn numerals(first: &str, next: Option<&Label>) -> (Option<ListStyle>, u32) {
    let inner = |text: &str| {
        text.trim_matches(|c: char| !c.is_alphanumeric())
            .to_ascii_lowercase()
    };
    let text = inner(first);
    if let Ok(number) = text.parse() {
        return (Some(ListStyle::Decimal), number);
    }
    let letter = match text.as_bytes() {
        [byte] if byte.is_ascii_lowercase() => Some(u32::from(byte - b'a') + 1),
        _ => None,
    };
    let goes_on_roman = match next {
        Some(Label::Other(next)) => inner(next) == "ii",
        _ => false,
    };
    match (text.as_str(), letter) {
        ("i", _) if goes_on_roman => (Some(ListStyle::Roman), 1),
        (_, Some(letter)) => (Some(ListStyle::Alpha), letter),
        (text, None) => match roman(text) {
            Some(number) => (Some(ListStyle::Roman), number),
            None => (None, 1),
        },
    }
}
