use pulldown_cmark::{Event, Tag, TagEnd};

use crate::markup::{Token, Tokens, decode};

/// Our Markdown as plain text: links and pictures as their text, table cells separated by tabs, one row a line.
#[must_use]
pub fn to_text(markdown: &str) -> String {
    let mut writer = Writer::default();
    for event in super::events(markdown) {
        writer.event(event);
    }
    let text = writer.out.trim_end();
    if text.is_empty() {
        String::new()
    } else {
        format!("{}\n", text.trim_start_matches('\n'))
    }
}

#[derive(Default)]
struct Writer {
    out: String,
    /// The next number of each list that is open; none for bullets.
    lists: Vec<Option<u64>>,
    in_cell: bool,
    first_cell: bool,
    /// A list item's or footnote's mark was written: the next block stands behind it.
    after_mark: bool,
    /// The raw HTML block that is being read, which its events cut anywhere.
    block: Option<String>,
}

impl Writer {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(&tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.push(&text);
            }
            Event::SoftBreak | Event::HardBreak => self.push("\n"),
            Event::Rule => self.block("---"),
            Event::TaskListMarker(done) => self.out.push_str(if done { "[x] " } else { "[ ] " }),
            Event::FootnoteReference(name) => self.push(&format!("[{name}]")),
            Event::Html(html) => match &mut self.block {
                Some(block) => block.push_str(&html),
                None => self.html(&html),
            },
            Event::InlineHtml(html) => self.html(&html),
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::HtmlBlock => self.block = Some(String::new()),
            Tag::Paragraph | Tag::Heading { .. } | Tag::CodeBlock(_) | Tag::Table(_) => self.paragraph(),
            Tag::List(start) => {
                if self.lists.is_empty() {
                    self.paragraph();
                }
                self.lists.push(*start);
            }
            Tag::Item => self.item(),
            Tag::TableHead | Tag::TableRow => self.row(),
            Tag::TableCell => self.cell(),
            Tag::FootnoteDefinition(name) => {
                self.paragraph();
                self.out.push_str(&format!("[{name}] "));
                self.after_mark = true;
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::TableCell => self.in_cell = false,
            TagEnd::HtmlBlock => {
                if let Some(html) = self.block.take() {
                    self.html(&html);
                    self.in_cell = false;
                    self.line();
                }
            }
            TagEnd::List(_) => {
                self.lists.pop();
            }
            TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::CodeBlock | TagEnd::Table | TagEnd::Item => {
                self.line()
            }
            _ => {}
        }
    }

    /// Raw HTML as its text; its tables become lines of cells as well.
    fn html(&mut self, html: &str) {
        for (_, token) in Tokens::of(html) {
            match token {
                Token::Text(text) => self.html_text(&decode(text)),
                Token::Start(tag) => self.html_start(&tag.name.to_ascii_lowercase()),
                Token::End(name) => match name.to_ascii_lowercase().as_str() {
                    "td" | "th" => self.in_cell = false,
                    "tr" | "p" | "div" | "li" | "table" | "caption" => self.line(),
                    _ => {}
                },
                Token::RawText | Token::Hidden => {}
            }
        }
    }

    fn html_start(&mut self, name: &str) {
        match name {
            "br" => self.push("\n"),
            "table" => {
                self.in_cell = false;
                self.paragraph();
            }
            "p" | "div" if !self.in_cell => self.paragraph(),
            "tr" => self.row(),
            "td" | "th" => self.cell(),
            "li" if !self.in_cell => {
                self.line();
                self.push("- ");
            }
            _ => {}
        }
    }

    /// White space of HTML is one space, and none at the beginning of a line.
    fn html_text(&mut self, text: &str) {
        let mut words = text.split_whitespace().peekable();
        let apart = |out: &str| !out.is_empty() && !out.ends_with(char::is_whitespace);
        if text.starts_with(char::is_whitespace) && apart(&self.out) {
            self.out.push(' ');
        }
        while let Some(word) = words.next() {
            self.push(word);
            if words.peek().is_some() || text.ends_with(char::is_whitespace) {
                self.out.push(' ');
            }
        }
    }

    fn row(&mut self) {
        self.in_cell = false;
        self.line();
        self.first_cell = true;
    }

    fn cell(&mut self) {
        if !self.first_cell {
            let text = self.out.trim_end_matches(' ').len();
            self.out.truncate(text);
            self.out.push('\t');
        }
        self.first_cell = false;
        self.in_cell = true;
    }

    /// Text within a cell stays on its line.
    fn push(&mut self, text: &str) {
        self.after_mark = false;
        if self.in_cell {
            self.out.push_str(&text.replace(['\n', '\t'], " "));
        } else {
            self.out.push_str(text);
        }
    }

    fn block(&mut self, text: &str) {
        self.paragraph();
        self.out.push_str(text);
        self.line();
    }

    fn line(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }

    /// A blank line before a block, except for the first block of a list item, which stands behind its mark.
    fn paragraph(&mut self) {
        if std::mem::take(&mut self.after_mark) {
            return;
        }
        self.line();
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    fn item(&mut self) {
        self.line();
        let depth = self.lists.len().saturating_sub(1).min(12);
        self.out.push_str(&"  ".repeat(depth));
        match self.lists.last_mut() {
            Some(Some(number)) => {
                self.out.push_str(&format!("{number}. "));
                *number = number.saturating_add(1);
            }
            _ => self.out.push_str("- "),
        }
        self.after_mark = true;
    }
}
