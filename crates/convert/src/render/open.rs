use crate::markup::IMPLIED_ENDS;

/// Maximum number of raw HTML elements open at once, beside those of the Markdown, whose number is bounded as well. The
/// work for each tag depends on the sum alone.
const MAX_OPEN_RAW_ELEMENTS: usize = 64;

/// Element that is open.
#[derive(Debug, Clone, Copy)]
enum Open {
    /// Of the Markdown, with the markup of its end.
    Markdown(&'static str),
    /// Of raw HTML, by its name.
    Raw(&'static str),
}

/// Stack of open elements, the innermost last. Keeps tags balanced: raw HTML is closed at the latest with the Markdown
/// around it.
#[derive(Debug, Default)]
pub(super) struct Opened {
    open: Vec<Open>,
    raw: usize,
    /// Number of elements that were open where a script or a style sheet began, whose content is left out; `None`
    /// outside of one.
    hidden: Option<usize>,
}

impl Opened {
    pub(super) fn is_hidden(&self) -> bool {
        self.hidden.is_some()
    }

    /// Hides what follows until [`Self::show`] or the end of the Markdown around it.
    pub(super) fn hide(&mut self) {
        self.hidden.get_or_insert(self.open.len());
    }

    pub(super) fn show(&mut self) {
        self.hidden = None;
    }

    /// Notes an element of the Markdown and the markup of its end, which is not written where its beginning is hidden.
    pub(super) fn begin_markdown(&mut self, end: &'static str) {
        let end = if self.is_hidden() { "" } else { end };
        self.open.push(Open::Markdown(end));
    }

    /// Ends the innermost element of the Markdown with all raw HTML within.
    pub(super) fn end_markdown(&mut self, out: &mut String) {
        if let Some(at) = self
            .open
            .iter()
            .rposition(|open| matches!(open, Open::Markdown(_)))
        {
            self.close_from(at, out);
        }
    }

    /// Notes that an element of raw HTML begins, after the end of those that end by themselves then. `false`: too many
    /// are open, and it is left out.
    pub(super) fn begin_raw(&mut self, name: &'static str, out: &mut String) -> bool {
        if self.is_hidden() {
            return false;
        }
        for implied in IMPLIED_ENDS.iter().filter(|implied| implied.by.contains(&name)) {
            let mut ending = None;
            for (at, open) in self.open.iter().enumerate().rev() {
                match open {
                    Open::Raw(open) if implied.of.contains(open) => ending = Some(at),
                    Open::Raw(open) if !implied.within.contains(open) => {}
                    _ => break,
                }
            }
            if let Some(at) = ending {
                self.close_from(at, out);
            }
        }
        if self.raw >= MAX_OPEN_RAW_ELEMENTS {
            return false;
        }
        self.open.push(Open::Raw(name));
        self.raw += 1;
        true
    }

    /// Ends the element of raw HTML with this name and all within; nothing when none is open in the Markdown around.
    pub(super) fn end_raw(&mut self, name: &str, out: &mut String) {
        let raw = self.open.iter().enumerate().rev();
        let found = raw
            .map_while(|(at, open)| match open {
                Open::Raw(open) => Some((at, *open)),
                Open::Markdown(_) => None,
            })
            .find(|(_, open)| *open == name);
        if let Some((at, _)) = found {
            self.close_from(at, out);
        }
    }

    pub(super) fn close_all(&mut self, out: &mut String) {
        self.close_from(0, out);
    }

    fn close_from(&mut self, at: usize, out: &mut String) {
        while self.open.len() > at {
            if self.hidden.is_some_and(|hidden| self.open.len() <= hidden) {
                self.hidden = None;
            }
            let closed = self.open.pop();
            self.raw -= usize::from(matches!(closed, Some(Open::Raw(_))));
            match closed {
                _ if self.hidden.is_some() => {}
                Some(Open::Markdown(end)) => out.push_str(end),
                Some(Open::Raw(name)) => {
                    out.push_str("</");
                    out.push_str(name);
                    out.push('>');
                }
                None => {}
            }
        }
    }
}
