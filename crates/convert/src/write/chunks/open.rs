use super::count::Counter;
use super::section::Sections;
use super::split::last_words;
use super::unit::Unit;
use crate::ir::BlockKind;

/// Chunk that is being filled.
#[derive(Default)]
pub(super) struct Open {
    /// Titles of the headings above.
    pub(super) context: Vec<String>,
    /// Markdown of headings in front of the text, the outermost first.
    headings: Vec<String>,
    /// End of the chunk before.
    repeated: String,
    pub(super) units: Vec<(Unit, u32)>,
    /// Tokens, at most.
    tokens: u32,
}

impl Open {
    pub(super) fn is_empty(&self) -> bool {
        self.units.is_empty()
    }

    /// Tokens of its text, at most.
    pub(super) fn tokens(&self) -> u32 {
        self.tokens
    }

    /// Tokens by which the sum may be more than the count.
    pub(super) fn slack(&self) -> u32 {
        u32::try_from(self.units.len()).unwrap_or(u32::MAX)
    }

    /// Begins below these headings.
    pub(super) fn begin(&mut self, context: Vec<String>) {
        *self = Self {
            context,
            ..Self::default()
        };
    }

    /// Repeats the end of the chunk before in front of its own text.
    pub(super) fn repeat(&mut self, text: String, tokens: u32) {
        self.repeated = text;
        self.tokens += tokens;
    }

    /// Puts the headings above in front of the text, the inner ones first, as far as there is room.
    pub(super) fn prepend(&mut self, sections: &Sections, room: u32, counter: &Counter) {
        let mut room = room;
        for markdown in sections.markdown(self.context.len()) {
            let Some(tokens) = counter.within(markdown, room.saturating_sub(2)) else {
                break;
            };
            room -= tokens + 2;
            self.tokens += tokens + 2;
            self.headings.insert(0, markdown.to_owned());
        }
    }

    pub(super) fn push(&mut self, unit: Unit, tokens: u32) {
        self.tokens += tokens;
        if !self.units.is_empty() {
            // A lead is a blank line, or a comment between blank lines.
            self.tokens += u32::try_from(unit.lead().len()).unwrap_or(u32::MAX);
        }
        self.units.push((unit, tokens));
    }

    /// Returns true if the last unit is another part of the block that `unit` is a part of.
    pub(super) fn holds_part_of(&self, unit: &Unit) -> bool {
        let last = self.units.last().map(|(last, _)| last);
        last.is_some_and(|last| last.part && unit.part && last.block.id == unit.block.id)
    }

    /// Takes the headings at the end, unless there is nothing before them.
    pub(super) fn take_headings(&mut self) -> Vec<(Unit, u32)> {
        let content = self.units.iter().rposition(|(unit, _)| unit.heading.is_none());
        match content {
            Some(last) => self.units.split_off(last + 1),
            None => Vec::new(),
        }
    }

    /// Counts its tokens anew.
    pub(super) fn recount(&mut self, counter: &Counter) {
        self.tokens = counter.count(&self.text());
    }

    /// Cuts it to what is within the limit, and returns the rest. Sums are upper bounds for the tokenizers that are
    /// known, so that there hardly ever is any.
    pub(super) fn cut_to(&mut self, limit: u32, counter: &Counter) -> Vec<(Unit, u32)> {
        let mut rest = Vec::new();
        while counter.within(&self.text(), limit).is_none() {
            if !self.repeated.is_empty() {
                self.repeated.clear();
            } else if !self.headings.is_empty() {
                self.headings.remove(0);
            } else if self.units.len() > 1 {
                rest.extend(self.units.pop());
            } else {
                break;
            }
        }
        rest.reverse();
        rest
    }

    /// Text of the chunk.
    pub(super) fn text(&self) -> String {
        let mut text = self.headings.join("\n\n");
        for part in std::iter::once(self.repeated.as_str()).filter(|text| !text.is_empty()) {
            push_behind(&mut text, "\n\n", part);
        }
        for (index, (unit, _)) in self.units.iter().enumerate() {
            let lead = if index == 0 { "\n\n" } else { unit.lead() };
            push_behind(&mut text, lead, &unit.text);
        }
        text
    }

    /// End of its text of at most `tokens` tokens, for the next chunk to repeat; nothing of a table or of code, which
    /// would be broken.
    pub(super) fn end(&self, tokens: u32, counter: &Counter) -> String {
        match self.units.last() {
            Some((unit, _)) if tokens > 0 && repeats(&unit.block.kind) && unit.heading.is_none() => {
                last_words(&unit.text, tokens, counter).to_owned()
            }
            _ => String::new(),
        }
    }
}

fn repeats(kind: &BlockKind) -> bool {
    !matches!(
        kind,
        BlockKind::Table(_) | BlockKind::Code { .. } | BlockKind::Figure(_) | BlockKind::Formula(_)
    )
}

fn push_behind(text: &mut String, between: &str, part: &str) {
    if !text.is_empty() {
        text.push_str(between);
    }
    text.push_str(part);
}
