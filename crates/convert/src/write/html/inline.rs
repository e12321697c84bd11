use super::escape;
use super::{Scope, Writer};
use crate::ir::{BlockId, Inline, Link, Marks, Run};
use crate::options::{Comments, Images, Revisions};

impl Writer<'_> {
    /// Writes a line of text. Neighbouring runs of one link are one link.
    pub(super) fn inlines(&mut self, inlines: &[Inline]) {
        let mut link: Option<&Link> = None;
        for inline in inlines {
            let Inline::Run(run) = inline else {
                self.push("<br");
                self.end_empty();
                continue;
            };
            let own = run.link.as_ref().filter(|link| !matches!(link, Link::Path(_)));
            if own != link {
                if link.is_some() {
                    self.push("</a>");
                }
                link = own;
                if let Some(link) = link {
                    self.begin_link(link);
                }
            }
            self.run(run);
        }
        if link.is_some() {
            self.push("</a>");
        }
    }

    fn begin_link(&mut self, link: &Link) {
        self.push("<a");
        match link {
            // Looked at once more: a link may come from a stored document.
            Link::Href(address) => {
                if let Some(Link::Href(address)) = Link::to(address) {
                    self.attribute("href", &address);
                }
                self.push(" rel=\"noopener noreferrer\">");
            }
            Link::Block(id) => {
                self.attribute("href", &format!("#{id}"));
                self.push(">");
            }
            Link::Path(_) => self.push(">"),
        }
    }

    fn run(&mut self, run: &Run) {
        let marks = run.marks.as_deref();
        let all = self.options.revisions == Revisions::All;
        let deleted = marks.is_some_and(|marks| marks.deleted.is_some());
        if deleted && !all {
            return;
        }
        let inserted = all && marks.is_some_and(|marks| marks.inserted.is_some());
        let style = run.style;
        let elements = [
            (deleted, "del"),
            (inserted, "ins"),
            (style.bold, "strong"),
            (style.italic, "em"),
            (style.underline, "u"),
            (style.strike, "s"),
            (style.highlight, "mark"),
            (style.superscript, "sup"),
            (style.subscript, "sub"),
            (style.code, "code"),
        ];
        let given = || elements.iter().filter(|(has, _)| *has).map(|(_, name)| *name);
        for name in given() {
            self.push("<");
            self.push(name);
            self.push(">");
        }
        match marks {
            Some(marks) => self.marked(run, marks),
            None => self.plain_run(run),
        }
        for name in given().rev() {
            self.push("</");
            self.push(name);
            self.push(">");
        }
    }

    fn plain_run(&mut self, run: &Run) {
        let small = run.style.small_caps && self.scope != Scope::Markdown;
        if small {
            self.push("<span class=\"small-caps\">");
        }
        self.text(&run.text);
        if small {
            self.push("</span>");
        }
    }

    fn marked(&mut self, run: &Run, marks: &Marks) {
        if let Some(name) = &marks.image {
            self.picture(name, &run.text);
        } else if let Some(formula) = &marks.formula {
            self.math(formula.tex.as_deref().unwrap_or(&run.text));
        } else if let Some(note) = marks.note {
            self.note_reference(note, &run.text);
        } else if let Some(reading) = &marks.ruby {
            self.push("<ruby>");
            self.text(&run.text);
            self.push("<rt>");
            self.text(reading);
            self.push("</rt></ruby>");
        } else if let Some(lang) = marks.lang.as_deref().filter(|lang| is_language(lang)) {
            self.push("<span");
            self.attribute("lang", lang);
            self.push(">");
            self.plain_run(run);
            self.push("</span>");
        } else {
            self.plain_run(run);
        }
        if let Some(comment) = marks.comment
            && self.options.comments == Comments::Keep
            && self.scope == Scope::Document
        {
            self.push(&format!("<sup><a href=\"#{comment}\">*</a></sup>"));
        }
    }

    /// Writes a formula as it is written in TeX or text.
    pub(super) fn math(&mut self, text: &str) {
        self.push("<code class=\"math\">");
        escape::push_code(&mut self.out, text, self.scope);
        self.push("</code>");
    }

    /// Writes a picture that was taken out of the document, or that there is one.
    pub(super) fn picture(&mut self, name: &str, alt: &str) {
        match self.options.images {
            Images::None => {}
            Images::Extract if !name.is_empty() => {
                self.push("<img");
                self.attribute("src", &format!("{}{name}", self.options.image_folder()));
                self.attribute("alt", alt);
                self.end_empty();
            }
            _ if self.scope == Scope::Markdown => {
                let colon = if alt.is_empty() { "" } else { ": " };
                self.push(&format!("<!-- image{colon}{} -->", escape::comment(alt)));
            }
            _ => {
                self.push("<img");
                self.attribute("alt", alt);
                self.end_empty();
            }
        }
    }

    fn note_reference(&mut self, note: BlockId, label: &str) {
        if self.scope == Scope::Markdown {
            self.push("<sup>");
            self.text(label);
            self.push("</sup>");
            return;
        }
        let anchor = self.note_anchor(note, label);
        self.push("<sup><a");
        if self.noted.insert(anchor.clone()) {
            self.attribute("id", &format!("ref-{anchor}"));
        }
        self.attribute("href", &format!("#{anchor}"));
        self.push(">");
        self.text(label);
        self.push("</a></sup>");
    }

    /// Anchor of a footnote.
    pub(super) fn note_anchor(&self, note: BlockId, label: &str) -> String {
        match self.scope {
            Scope::Rendered => escape::anchor(label),
            Scope::Document | Scope::Markdown => note.to_string(),
        }
    }
}

/// Returns true for what looks like a language of BCP 47.
pub(super) fn is_language(lang: &str) -> bool {
    !lang.is_empty() && lang.len() <= 35 && lang.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}
