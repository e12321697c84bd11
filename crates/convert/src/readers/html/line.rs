use super::look::Look;
use crate::ir::{Formula, Inline, Marks, Run};

/// Line of text that is being read.
#[derive(Debug, Default)]
pub(super) struct Line {
    out: Vec<Inline>,
    /// The next text begins a run of its own.
    apart: bool,
    /// Index of the first run that has no reading yet.
    base: usize,
    /// It holds more than white space.
    filled: bool,
    /// Nothing but white space stands behind its last break.
    after_break: bool,
}

impl Line {
    /// Takes what was collected; nothing if it is white space.
    pub(super) fn take(&mut self) -> Vec<Inline> {
        let whole = std::mem::take(self);
        if whole.filled { whole.out } else { Vec::new() }
    }

    pub(super) fn is_blank(&self) -> bool {
        !self.filled
    }

    /// Adds text: white space is one space, and none at the beginning of a line.
    pub(super) fn text(&mut self, text: &str, look: &Look) {
        if look.exact {
            return self.exact(text, look);
        }
        let mut words = String::with_capacity(text.len());
        let mut at_space = self.at_space();
        for (index, word) in text.split(|c: char| c.is_ascii_whitespace()).enumerate() {
            if index > 0 && !at_space {
                words.push(' ');
                at_space = true;
            }
            words.push_str(word);
            at_space &= word.is_empty();
        }
        if !words.is_empty() {
            self.push(&words, look);
        }
    }

    /// Adds text as it is: its line ends are breaks.
    fn exact(&mut self, text: &str, look: &Look) {
        for (index, line) in text.split('\n').enumerate() {
            if index > 0 {
                self.line_break();
            }
            if !line.is_empty() {
                self.push(line, look);
            }
        }
    }

    fn push(&mut self, text: &str, look: &Look) {
        let apart = std::mem::take(&mut self.apart);
        if !text.trim().is_empty() {
            (self.filled, self.after_break) = (true, false);
        }
        match self.out.last_mut() {
            Some(Inline::Run(last))
                if !apart && last.style == look.style && last.marks.is_none() && last.link == look.link =>
            {
                last.text.push_str(text);
            }
            _ => self.out.push(Inline::Run(Run {
                text: text.to_owned(),
                style: look.style,
                link: look.link.clone(),
                marks: None,
            })),
        }
    }

    /// Adds the place of a picture with its description, and its name if it was taken out.
    pub(super) fn picture(&mut self, name: Option<String>, alt: &str, look: &Look) {
        let marks = Marks {
            image: Some(name.unwrap_or_default()),
            ..Marks::default()
        };
        self.marked(alt.trim(), marks, look);
    }

    pub(super) fn formula(&mut self, formula: Formula, look: &Look) {
        let text = formula.text.clone();
        let marks = Marks {
            formula: Some(formula),
            ..Marks::default()
        };
        self.marked(&text, marks, look);
    }

    fn marked(&mut self, text: &str, marks: Marks, look: &Look) {
        (self.filled, self.after_break) = (true, false);
        self.out.push(Inline::Run(Run {
            text: text.to_owned(),
            style: look.style,
            link: look.link.clone(),
            marks: Some(Box::new(marks)),
        }));
    }

    fn at_space(&self) -> bool {
        match self.out.last() {
            Some(Inline::Run(run)) => {
                run.marks.is_none() && run.text.ends_with(|c: char| c.is_ascii_whitespace())
            }
            Some(Inline::Break) | None => true,
        }
    }

    pub(super) fn line_break(&mut self) {
        self.after_break = true;
        self.out.push(Inline::Break);
    }

    /// Returns true behind a break, whatever white space follows it.
    pub(super) fn is_after_break(&self) -> bool {
        self.after_break
    }

    /// Sets apart what comes next by a break, if there is text before it.
    pub(super) fn separate(&mut self) {
        if self.filled && !self.after_break {
            self.line_break();
        }
    }

    /// Begins a new run.
    pub(super) fn begin_run(&mut self) {
        self.apart = true;
        self.base = self.out.len();
    }

    /// Sets the reading of the runs behind the last place where one was begun or read; returns false if there are none.
    pub(super) fn read_back(&mut self, reading: &str) -> bool {
        let runs = self.out.get_mut(self.base..).unwrap_or_default();
        let mut found = runs.iter_mut().filter_map(|inline| match inline {
            Inline::Run(run) if !run.text.trim().is_empty() => Some(run),
            _ => None,
        });
        let Some(first) = found.next() else { return false };
        let rest: String = found.map(|run| std::mem::take(&mut run.text)).collect();
        first.text = format!("{}{rest}", first.text.trim());
        first.marks.get_or_insert_default().ruby = Some(reading.to_owned());
        self.begin_run();
        true
    }
}
