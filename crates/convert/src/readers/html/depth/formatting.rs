use super::{Name, Open, Parser};

/// Blocks that formatting is taken into by one end tag.
const ADOPTIONS: usize = 8;
/// Elements of one kind and with the same attributes that go on.
const ALIKE: usize = 3;

/// Formatting whose end tag is missing so far.
#[derive(Clone, Copy)]
pub(super) struct Formatting<'a> {
    name: Name<'a>,
    attributes: &'a str,
    pub(super) id: usize,
    pub(super) open: bool,
}

impl<'a> Parser<'a> {
    /// The end tag of formatting: with a block within it, it goes on in the block.
    pub(super) fn end_formatting(&mut self, name: Name<'a>) {
        let listed = self.formatting.iter().enumerate().rev();
        let mut listed = listed.map_while(|(at, entry)| Some((at, (*entry)?)));
        let Some((entry, formatting)) = listed.find(|(_, entry)| entry.name.number == name.number) else {
            self.close_within(
                |open| open.name.number == name.number,
                |open| open.name.kind.special,
            );
            return;
        };
        for _ in 0..ADOPTIONS {
            let is_it = |open: &Open<'_>| open.formatting == Some(formatting.id);
            let Some(at) = self.open.iter().rposition(is_it) else {
                self.formatting.remove(entry);
                return;
            };
            let within = self.open.get(at + 1..).unwrap_or_default();
            if within.iter().any(|open| open.name.kind.scope) {
                return;
            }
            let Some(block) = within.iter().position(|open| open.name.kind.special) else {
                self.close_from(at);
                self.formatting.remove(entry);
                return;
            };
            let open = self.open.remove(at);
            self.open.insert((at + block + 1).min(self.open.len()), open);
            self.copies += 1;
        }
    }

    /// Notes formatting that begins; its number.
    pub(super) fn note(&mut self, name: Name<'a>, attributes: &'a str) -> usize {
        let alike =
            |entry: &Formatting<'_>| entry.name.number == name.number && entry.attributes == attributes;
        let since = self.since_mark();
        let mut same = (since..self.formatting.len()).rev().filter(|at| {
            self.formatting
                .get(*at)
                .copied()
                .flatten()
                .is_some_and(|e| alike(&e))
        });
        if let Some(first) = same.nth(ALIKE - 1) {
            self.formatting.remove(first);
        }
        self.ids += 1;
        self.formatting.push(Some(Formatting {
            name,
            attributes,
            id: self.ids,
            open: true,
        }));
        self.ids
    }

    fn since_mark(&self) -> usize {
        self.formatting
            .iter()
            .rposition(Option::is_none)
            .map_or(0, |mark| mark + 1)
    }

    /// Opens formatting again that was closed with the block around it, before text or an element goes on.
    pub(super) fn resume(&mut self) {
        if matches!(self.formatting.last(), None | Some(None)) {
            return;
        }
        for at in self.since_mark()..self.formatting.len() {
            let Some(Some(entry)) = self.formatting.get_mut(at) else {
                continue;
            };
            if !entry.open {
                entry.open = true;
                let (name, id) = (entry.name, entry.id);
                self.copies += 1;
                self.push(name, false, Some(id));
            }
        }
    }
}
