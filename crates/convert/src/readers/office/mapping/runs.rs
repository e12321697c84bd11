use anydoc::model::{ImageSource, Inline, LinkTarget, Style};

use super::units::is_address;
use super::{Line, Mapper, Picture, anchor_key, formula, note_key};
use crate::ir::{self, Formula, Link, Marks, Revision, Run};
use crate::pictures::Taken;
use crate::readers::office::signs::{self, Raised, Signed};

impl Mapper<'_, '_> {
    /// Maps the content of one line or paragraph.
    pub(in super::super) fn line(&mut self, content: &[Inline]) -> Line {
        self.linked_line(content, None)
    }

    /// Maps the content of a line that is a link as a whole.
    pub(in super::super) fn linked_line(&mut self, content: &[Inline], link: Option<&Link>) -> Line {
        let mut line = Line::default();
        self.add(content, link, &mut line);
        line
    }

    fn add(&mut self, content: &[Inline], link: Option<&Link>, line: &mut Line) {
        for inline in content {
            match inline {
                Inline::Text { text, style } => self.text(text, *style, link, line),
                Inline::Link { content, target } => self.link(content, target, link, line),
                Inline::Image { alt, source } => self.picture(alt, source, line),
                Inline::Anchor(name) => line.anchors.push(name.clone()),
                Inline::NoteRef(id) => self.reference(id, line),
                Inline::LineBreak => line.inlines.push(ir::Inline::Break),
                Inline::Math(tex) => self.math(tex, link, line),
                Inline::Checkbox(checked) => {
                    self.ledger.placed();
                    apart(line);
                    line.push(if *checked { "[x] " } else { "[ ] " }, ir::Style::default(), link);
                }
            }
        }
    }

    fn text(&mut self, text: &str, style: Style, link: Option<&Link>, line: &mut Line) {
        let mut style = style_of(style);
        if text.trim().is_empty() {
            // White space between two runs of one style belongs to them.
            if let Some(ir::Inline::Run(last)) = line.inlines.last()
                && last.marks.is_none()
            {
                style = last.style;
            }
        }
        let parts = signs::parts(text, &mut line.signed);
        self.account(text, &parts);
        for (part, signed) in parts {
            if signed.hidden && !self.shows_hidden {
                continue;
            }
            let style = ir::Style {
                superscript: signed.place == Raised::Above,
                subscript: signed.place == Raised::Below,
                ..style
            };
            for (index, part) in part.split(signs::BREAK).enumerate() {
                if index > 0 {
                    line.inlines.push(ir::Inline::Break);
                }
                line.push(part, style, link);
                if signed.deleted {
                    self.deletions += 1;
                    line.delete_last();
                }
            }
        }
    }

    /// Accounts for a unit of text, and for the pieces of it that are hidden. A unit that is hidden as a whole is none that
    /// has a place.
    fn account(&mut self, text: &str, parts: &[(&str, Signed)]) {
        if signs::is_blank(text) {
            return;
        }
        let pieces = |hidden: bool| {
            let own = parts
                .iter()
                .filter(|(part, signed)| signed.hidden == hidden && !part.trim().is_empty());
            own.count() as u64
        };
        let hidden = pieces(true);
        let is_placed = self.shows_hidden || pieces(false) > 0;
        if is_placed {
            self.ledger.placed();
            self.hide(hidden);
        } else {
            // The unit itself is the first piece.
            self.hide(hidden.saturating_sub(1));
            self.hidden += 1;
            self.ledger.left_out("hidden text left out", 1);
        }
    }

    fn link(&mut self, content: &[Inline], target: &LinkTarget, outer: Option<&Link>, line: &mut Line) {
        let link = match target {
            LinkTarget::External(address) | LinkTarget::Relative(address) => {
                let link = Link::to(address);
                let left_out = link.is_none() && is_address(target);
                self.ledger
                    .note("addresses of links left out", u64::from(left_out));
                link
            }
            LinkTarget::Anchor(name) => Some(Link::Block(self.builder.forward(&anchor_key(name)))),
        };
        let before = line.inlines.len();
        self.add(content, link.as_ref().or(outer), line);
        let is_blank = |inline: &ir::Inline| inline.text().trim().is_empty();
        let blank = line.inlines.iter().skip(before).all(is_blank);
        if let (true, LinkTarget::External(address) | LinkTarget::Relative(address)) = (blank, target)
            && super::units::inlines(content) == 0
            && is_address(target)
        {
            self.ledger.placed();
            line.push(address.trim(), ir::Style::default(), link.as_ref());
        }
    }

    /// A picture on another host is a link to it; of one in the document the alternative text is known.
    fn picture(&mut self, alt: &str, source: &ImageSource, line: &mut Line) {
        let alt = signs::plain(alt);
        let mut text = alt.trim();
        if is_file_name(text) {
            text = "";
            self.ledger
                .left_out("names of files in the place of alternative texts", 1);
        }
        if !text.is_empty() {
            self.ledger.placed();
        }
        if let ImageSource::External(address) = source
            && let Some(link) = Link::to(address)
        {
            apart(line);
            let text = if text.is_empty() { address.trim() } else { text };
            line.push(text, ir::Style::default(), Some(&link));
        } else {
            let taken = match source {
                ImageSource::Asset(id) => self.asset(id.0),
                ImageSource::External(_) | ImageSource::Unavailable => Taken::LeftOut,
            };
            let alt = Some(text.to_owned()).filter(|text| !text.is_empty());
            if alt.is_some() || taken != Taken::Decoration {
                let name = taken.name();
                line.pictures.push(Picture { name, alt });
            }
        }
    }

    /// Takes a picture that the document holds as a file.
    fn asset(&mut self, index: usize) -> Taken {
        match self.assets.get(index) {
            Some(asset) => self.builder.picture(&asset.bytes),
            None => Taken::LeftOut,
        }
    }

    fn reference(&mut self, id: &str, line: &mut Line) {
        let Some(number) = self.notes.get(id) else {
            return self.ledger.note("references to notes that are missing", 1);
        };
        let note = self.builder.forward(&note_key(id));
        line.inlines.push(ir::Inline::Run(Run {
            text: number.to_string(),
            marks: Some(Box::new(Marks {
                note: Some(note),
                ..Marks::default()
            })),
            ..Run::default()
        }));
    }

    fn math(&mut self, tex: &str, link: Option<&Link>, line: &mut Line) {
        let tex = formula::tidy(&signs::plain(tex));
        let tex = tex.split_whitespace().collect::<Vec<_>>().join(" ");
        if tex.is_empty() {
            return;
        }
        self.ledger.placed();
        line.inlines.push(ir::Inline::Run(Run {
            text: tex.clone(),
            link: link.cloned(),
            marks: Some(Box::new(Marks {
                formula: Some(Formula {
                    tex: Some(tex.clone()),
                    mathml: None,
                    text: tex,
                }),
                ..Marks::default()
            })),
            ..Run::default()
        }));
    }
}

impl Line {
    fn push(&mut self, text: &str, style: ir::Style, link: Option<&Link>) {
        self.inlines.push(ir::Inline::Run(Run {
            text: text.to_owned(),
            style,
            link: link.cloned(),
            marks: None,
        }));
    }

    /// Marks the last run as deleted.
    fn delete_last(&mut self) {
        if let Some(ir::Inline::Run(run)) = self.inlines.last_mut() {
            let marks = run.marks.get_or_insert_default();
            marks.deleted = Some(Revision::default());
        }
    }
}

/// Sets what follows apart from the text before it.
fn apart(line: &mut Line) {
    let ends_in_text = match line.inlines.last() {
        Some(ir::Inline::Run(run)) => !run.text.ends_with(char::is_whitespace),
        Some(ir::Inline::Break) | None => false,
    };
    if ends_in_text {
        line.push(" ", ir::Style::default(), None);
    }
}

fn style_of(style: Style) -> ir::Style {
    ir::Style {
        bold: style.bold,
        italic: style.italic,
        strike: style.strike,
        code: style.code,
        ..ir::Style::default()
    }
}

/// Returns true for an alternative text that is only the name of a picture's file, such as `IMG_2034.png`.
fn is_file_name(text: &str) -> bool {
    const ENDS: [&str; 9] = ["png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "emf", "wmf"];
    text.rsplit_once('.').is_some_and(|(name, end)| {
        let end = end.to_ascii_lowercase();
        !name.is_empty() && !name.contains(char::is_whitespace) && ENDS.contains(&end.as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::is_file_name;

    #[test]
    fn names_of_files_are_no_alternative_texts() {
        assert!(is_file_name("IMG_2034.png") && is_file_name("a.b.JPG"));
        assert!(!is_file_name("A bridge. Tif") && !is_file_name(".png") && !is_file_name("The bridge.png"));
    }
}
