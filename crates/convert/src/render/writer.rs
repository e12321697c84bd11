use std::collections::HashMap;

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use super::escape::{push_markup_text, push_text};
use super::open::Opened;
use super::raw;
use crate::links;

/// Writes the events of a Markdown text as the body of a page, one after another and without looking back: what is
/// open is known, so that every tag is closed where it has to be.
pub(super) struct Writer<'a> {
    pub(super) out: String,
    pub(super) open: Opened,
    /// The raw HTML block that is being read, which its events cut anywhere.
    block: Option<String>,
    /// Pictures around what is written: it is the text in their place.
    pictures: usize,
    in_head: bool,
    footnotes: HashMap<CowStr<'a>, usize>,
}

impl<'a> Writer<'a> {
    /// A writer that appends to `page`.
    pub(super) fn new(page: String) -> Self {
        Self {
            out: page,
            open: Opened::default(),
            block: None,
            pictures: 0,
            in_head: false,
            footnotes: HashMap::new(),
        }
    }

    /// The page with everything closed.
    pub(super) fn finish(mut self) -> String {
        self.open.close_all(&mut self.out);
        self.out
    }

    pub(super) fn event(&mut self, event: Event<'a>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::InlineMath(text) | Event::DisplayMath(text) => self.text(&text),
            Event::Code(text) => {
                self.mark("<code>");
                self.text(&text);
                self.mark("</code>");
            }
            Event::Html(html) => match &mut self.block {
                Some(block) => block.push_str(&html),
                None => raw::push(self, &html),
            },
            Event::InlineHtml(html) if self.pictures == 0 => raw::push(self, &html),
            Event::InlineHtml(_) => {}
            Event::SoftBreak => self.mark_or_blank("\n"),
            Event::HardBreak => self.mark_or_blank("<br>\n"),
            Event::Rule => self.line("<hr>\n"),
            Event::FootnoteReference(name) => self.footnote_reference(name),
            Event::TaskListMarker(done) => {
                let checked = if done { " checked" } else { "" };
                self.mark(&format!("<input type=\"checkbox\" disabled{checked}> "));
            }
        }
    }

    fn start(&mut self, tag: Tag<'a>) {
        match tag {
            Tag::HtmlBlock => self.block = Some(String::new()),
            Tag::Paragraph => self.block("<p>", "</p>\n"),
            Tag::Heading { level, .. } => self.heading(level as usize),
            Tag::BlockQuote(_) => self.block("<blockquote>\n", "</blockquote>\n"),
            Tag::CodeBlock(_) => self.block("<pre><code>", "</code></pre>\n"),
            Tag::List(None) => self.block("<ul>\n", "</ul>\n"),
            Tag::List(Some(1)) => self.block("<ol>\n", "</ol>\n"),
            Tag::List(Some(start)) => self.block(&format!("<ol start=\"{start}\">\n"), "</ol>\n"),
            Tag::Item => self.block("<li>", "</li>\n"),
            Tag::FootnoteDefinition(name) => self.footnote(name),
            Tag::Table(_) => self.block("<table>", "</tbody></table>\n"),
            Tag::TableHead => {
                self.in_head = true;
                self.inline("<thead><tr>", "</tr></thead><tbody>\n");
            }
            Tag::TableRow => self.inline("<tr>", "</tr>\n"),
            Tag::TableCell if self.in_head => self.inline("<th>", "</th>"),
            Tag::TableCell => self.inline("<td>", "</td>"),
            Tag::Emphasis => self.inline("<em>", "</em>"),
            Tag::Strong => self.inline("<strong>", "</strong>"),
            Tag::Strikethrough => self.inline("<del>", "</del>"),
            Tag::Link {
                link_type,
                dest_url,
                title,
                ..
            } => {
                let email = link_type == pulldown_cmark::LinkType::Email;
                self.link(&dest_url, email, &title);
            }
            Tag::Image { dest_url, title, .. } => self.picture(&dest_url, &title),
            _ => self.inline("", ""),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::HtmlBlock => {
                if let Some(html) = self.block.take() {
                    raw::push(self, &html);
                }
                return;
            }
            TagEnd::TableHead => self.in_head = false,
            TagEnd::Image => self.pictures = self.pictures.saturating_sub(1),
            _ => {}
        }
        self.open.end_markdown(&mut self.out);
    }

    fn text(&mut self, text: &str) {
        if !self.open.is_hidden() {
            push_text(&mut self.out, text);
        }
    }

    /// Text of raw HTML, whose character references stay.
    pub(super) fn markup_text(&mut self, text: &str) {
        if !self.open.is_hidden() {
            push_markup_text(&mut self.out, text);
        }
    }

    /// Markup, which a picture's description has none of.
    pub(super) fn mark(&mut self, markup: &str) {
        if self.pictures == 0 && !self.open.is_hidden() {
            self.out.push_str(markup);
        }
    }

    fn mark_or_blank(&mut self, markup: &str) {
        if self.pictures == 0 {
            self.mark(markup);
        } else {
            self.text(" ");
        }
    }

    /// Markup at the beginning of a line.
    fn line(&mut self, markup: &str) {
        if !self.out.ends_with('\n') {
            self.mark("\n");
        }
        self.mark(markup);
    }

    fn inline(&mut self, start: &str, end: &'static str) {
        self.mark(start);
        let end = if self.pictures == 0 { end } else { "" };
        self.open.begin_markdown(end);
    }

    fn block(&mut self, start: &str, end: &'static str) {
        self.line(start);
        self.open.begin_markdown(end);
    }

    fn heading(&mut self, level: usize) {
        const TAGS: [(&str, &str); 6] = [
            ("<h1>", "</h1>\n"),
            ("<h2>", "</h2>\n"),
            ("<h3>", "</h3>\n"),
            ("<h4>", "</h4>\n"),
            ("<h5>", "</h5>\n"),
            ("<h6>", "</h6>\n"),
        ];
        let (start, end) = TAGS.get(level.saturating_sub(1)).copied().unwrap_or(TAGS[5]);
        self.block(start, end);
    }

    fn link(&mut self, url: &str, email: bool, title: &str) {
        let mut tag = String::new();
        let known = email || links::is_for_pages(url);
        if known {
            tag.push_str(if email { "<a href=\"mailto:" } else { "<a href=\"" });
            push_text(&mut tag, url);
            push_title(&mut tag, title);
            tag.push_str("\" rel=\"noopener noreferrer\">");
        }
        self.inline(&tag, if known { "</a>" } else { "" });
    }

    /// A picture of our own, or the description of another one in its place.
    fn picture(&mut self, url: &str, title: &str) {
        let mut tag = String::new();
        if links::is_relative(url) {
            tag.push_str("<img src=\"");
            push_text(&mut tag, url);
            push_title(&mut tag, title);
            tag.push_str("\" alt=\"");
        } else {
            tag.push_str("<img alt=\"");
        }
        let outermost = self.pictures == 0;
        self.inline(&tag, if outermost { "\">" } else { "" });
        self.pictures += 1;
    }

    fn number(&mut self, name: CowStr<'a>) -> usize {
        let next = self.footnotes.len() + 1;
        *self.footnotes.entry(name).or_insert(next)
    }

    fn footnote_reference(&mut self, name: CowStr<'a>) {
        let mut tag = String::from("<sup><a href=\"#");
        push_text(&mut tag, &name);
        let number = self.number(name);
        self.mark(&format!("{tag}\">{number}</a></sup>"));
    }

    fn footnote(&mut self, name: CowStr<'a>) {
        let mut tag = String::from("<div id=\"");
        push_text(&mut tag, &name);
        let number = self.number(name);
        self.block(&format!("{tag}\"><sup>{number}</sup>"), "</div>\n");
    }
}

fn push_title(tag: &mut String, title: &str) {
    if !title.is_empty() {
        tag.push_str("\" title=\"");
        push_text(tag, title);
    }
}
