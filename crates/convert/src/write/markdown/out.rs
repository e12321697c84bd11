/// Text that is written line by line inside nested containers, and the places of blocks in it.
///
/// A container has a prefix on each of its lines. Line ends and prefixes are written with the text that follows them,
/// so a block that turns out to be empty leaves no trace. Code points are counted as they are written.
#[derive(Default)]
pub(super) struct Out {
    text: String,
    chars: u32,
    prefixes: Vec<Prefix>,
    /// Prefixes whose first line is written.
    started: usize,
    pending: Pending,
    /// Whether the last line is not begun yet.
    within_line: bool,
    marks: Vec<Mark>,
    /// Marks that have a start.
    resolved: usize,
}

/// Beginnings of the lines of a container.
struct Prefix {
    first: String,
    rest: String,
}

/// Start of a block that is being written.
struct Mark {
    /// Containers around it.
    depth: usize,
    start: u32,
}

/// Line ends before the next text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Pending {
    #[default]
    Nothing,
    Line,
    Blank,
}

impl Out {
    /// Writes text of one line.
    pub(super) fn push(&mut self, text: &str) {
        if !text.is_empty() {
            self.flush();
            self.raw(text);
        }
    }

    /// Writes text of any number of lines.
    pub(super) fn push_lines(&mut self, text: &str) {
        for (index, line) in text.split('\n').enumerate() {
            if index > 0 {
                self.newline();
            }
            self.push(line);
        }
    }

    /// Ends the line.
    pub(super) fn newline(&mut self) {
        if !self.within_line {
            self.blank_prefix();
        }
        self.raw("\n");
        self.within_line = false;
    }

    /// Lets the next text begin on a new line.
    pub(super) fn line(&mut self) {
        self.pend(Pending::Line);
    }

    /// Lets the next text begin behind a blank line.
    pub(super) fn blank(&mut self) {
        self.pend(Pending::Blank);
    }

    fn pend(&mut self, pending: Pending) {
        // The first text of a container stands behind its prefix.
        if self.started == self.prefixes.len() && !self.text.is_empty() {
            self.pending = self.pending.max(pending);
        }
    }

    /// Opens a container.
    pub(super) fn enter(&mut self, first: String, rest: String) {
        self.prefixes.push(Prefix { first, rest });
    }

    /// Closes the innermost container, which shows only if something was written in it.
    pub(super) fn leave(&mut self) {
        self.prefixes.pop();
        self.started = self.started.min(self.prefixes.len());
    }

    /// Number of open containers.
    pub(super) fn depth(&self) -> usize {
        self.prefixes.len()
    }

    /// Begins a block.
    pub(super) fn open(&mut self) {
        self.marks.push(Mark {
            depth: self.prefixes.len(),
            start: 0,
        });
    }

    /// Ends the block that was begun last, and returns its range; `None` if nothing was written.
    pub(super) fn close(&mut self) -> Option<(u32, u32)> {
        let resolved = self.resolved == self.marks.len();
        let mark = self.marks.pop()?;
        self.resolved = self.resolved.min(self.marks.len());
        resolved.then_some((mark.start, self.chars))
    }

    /// Returns the text.
    pub(super) fn finish(self) -> String {
        self.text
    }

    fn flush(&mut self) {
        if self.pending != Pending::Nothing {
            self.raw("\n");
            if self.pending == Pending::Blank {
                self.blank_prefix();
                self.raw("\n");
            }
            self.within_line = false;
            self.pending = Pending::Nothing;
        }
        let prefixes = std::mem::take(&mut self.prefixes);
        let begun = if self.within_line { self.started } else { 0 };
        for (depth, prefix) in prefixes.iter().enumerate().skip(begun) {
            if depth < self.started {
                self.raw(&prefix.rest);
            } else {
                self.resolve(depth);
                self.raw(&prefix.first);
            }
        }
        self.prefixes = prefixes;
        self.started = self.prefixes.len();
        self.within_line = true;
        self.resolve(self.started);
    }

    /// Gives the marks that stand in `depth` containers or fewer their start.
    fn resolve(&mut self, depth: usize) {
        while let Some(mark) = self
            .marks
            .get_mut(self.resolved)
            .filter(|mark| mark.depth <= depth)
        {
            mark.start = self.chars;
            self.resolved += 1;
        }
    }

    /// Writes the prefixes of a blank line, without the white space at their end.
    fn blank_prefix(&mut self) {
        let started = self.prefixes.get(..self.started).unwrap_or_default();
        let line: String = started.iter().map(|prefix| prefix.rest.as_str()).collect();
        self.raw(line.trim_end());
    }

    fn raw(&mut self, text: &str) {
        self.text.push_str(text);
        let chars = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        self.chars = self.chars.saturating_add(chars);
    }
}
