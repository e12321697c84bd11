use std::collections::HashMap;

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use super::escape::push_text;
use super::page::Page;
use super::raw;
use crate::links;

/// Writes the events of a Markdown text as the body of a page, one after another and without looking back: what is
/// open is known, so that every tag is closed where it has to be.
pub(super) struct Writer<'a> {
    page: Page,
    /// The raw HTML block that is being read, which its events cut anywhere.
    block: Option<String>,
    in_head: bool,
    footnotes: HashMap<CowStr<'a>, usize>,
}

impl<'a> Writer<'a> {
    /// A writer that appends to `page`.
    pub(super) fn new(page: String) -> Self {
        Self {
            page: Page::new(page),
            block: None,
            in_head: false,
            footnotes: HashMap::new(),
        }
    }

    /// The page with everything closed.
    pub(super) fn finish(self) -> String {
        self.page.finish()
    }

    pub(super) fn event(&mut self, event: Event<'a>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::InlineMath(text) | Event::DisplayMath(text) => self.page.text(&text),
            Event::Code(text) => {
                self.page.mark("<code>");
                self.page.text(&text);
                self.page.mark("</code>");
            }
            Event::Html(html) => match &mut self.block {
                Some(block) => block.push_str(&html),
                None => raw::push(&mut self.page, &html),
            },
            Event::InlineHtml(html) if self.page.pictures == 0 => raw::push(&mut self.page, &html),
            Event::InlineHtml(_) => {}
            Event::SoftBreak => self.page.mark_or_blank("\n"),
            Event::HardBreak => self.page.mark_or_blank("<br>\n"),
            Event::Rule => self.page.line("<hr>\n"),
            Event::FootnoteReference(name) => self.footnote_reference(name),
            Event::TaskListMarker(done) => {
                let checked = if done { " checked" } else { "" };
                self.page
                    .mark(&format!("<input type=\"checkbox\" disabled{checked}> "));
            }
        }
    }

    fn start(&mut self, tag: Tag<'a>) {
        match tag {
            Tag::HtmlBlock => self.block = Some(String::new()),
            Tag::Paragraph => self.page.block("<p>", "</p>\n"),
            Tag::Heading { level, .. } => self.heading(level as usize),
            Tag::BlockQuote(_) => self.page.block("<blockquote>\n", "</blockquote>\n"),
            Tag::CodeBlock(_) => self.page.block("<pre><code>", "</code></pre>\n"),
            Tag::List(None) => self.page.block("<ul>\n", "</ul>\n"),
            Tag::List(Some(1)) => self.page.block("<ol>\n", "</ol>\n"),
            Tag::List(Some(start)) => self.page.block(&format!("<ol start=\"{start}\">\n"), "</ol>\n"),
            Tag::Item => self.page.block("<li>", "</li>\n"),
            Tag::FootnoteDefinition(name) => self.footnote(name),
            Tag::Table(_) => self.page.block("<table>", "</tbody></table>\n"),
            Tag::TableHead => {
                self.in_head = true;
                self.page.inline("<thead><tr>", "</tr></thead><tbody>\n");
            }
            Tag::TableRow => self.page.inline("<tr>", "</tr>\n"),
            Tag::TableCell if self.in_head => self.page.inline("<th>", "</th>"),
            Tag::TableCell => self.page.inline("<td>", "</td>"),
            Tag::Emphasis => self.page.inline("<em>", "</em>"),
            Tag::Strong => self.page.inline("<strong>", "</strong>"),
            Tag::Strikethrough => self.page.inline("<del>", "</del>"),
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
            _ => self.page.inline("", ""),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::HtmlBlock => {
                if let Some(html) = self.block.take() {
                    raw::push(&mut self.page, &html);
                }
                return;
            }
            TagEnd::TableHead => self.in_head = false,
            TagEnd::Image => self.page.pictures = self.page.pictures.saturating_sub(1),
            _ => {}
        }
        self.page.end_markdown();
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
        self.page.block(start, end);
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
        self.page.inline(&tag, if known { "</a>" } else { "" });
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
        let outermost = self.page.pictures == 0;
        self.page.inline(&tag, if outermost { "\">" } else { "" });
        self.page.pictures += 1;
    }

    fn number(&mut self, name: CowStr<'a>) -> usize {
        let next = self.footnotes.len() + 1;
        *self.footnotes.entry(name).or_insert(next)
    }

    fn footnote_reference(&mut self, name: CowStr<'a>) {
        let mut tag = String::from("<sup><a href=\"#");
        push_text(&mut tag, &name);
        let number = self.number(name);
        self.page.mark(&format!("{tag}\">{number}</a></sup>"));
    }

    fn footnote(&mut self, name: CowStr<'a>) {
        let mut tag = String::from("<div id=\"");
        push_text(&mut tag, &name);
        let number = self.number(name);
        self.page
            .block(&format!("{tag}\"><sup>{number}</sup>"), "</div>\n");
    }
}

fn push_title(tag: &mut String, title: &str) {
    if !title.is_empty() {
        tag.push_str("\" title=\"");
        push_text(tag, title);
    }
}
