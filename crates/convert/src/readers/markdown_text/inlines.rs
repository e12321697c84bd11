use crate::ir::{BlockId, Inline, Link, Marks, Run, Style};
use crate::readers::html::Mark;

const MARKS: usize = 8;

/// Folder of the pictures that belong to a document.
const IMAGES: &str = "images/";

/// Line of text that is being read: what is collected, and the style of what comes next.
#[derive(Default)]
pub(super) struct Inlines {
    out: Vec<Inline>,
    style: Style,
    /// Numbers of open elements of Markdown by their [`Mark`].
    marks: [u32; MARKS],
    /// The same of HTML, which closes nothing of Markdown.
    tags: [u32; MARKS],
    link: Option<Link>,
    /// Link of HTML.
    anchor: Option<Link>,
    /// Link that the next text is a part of.
    current: Option<Link>,
    /// The link that is open has text.
    linked: bool,
    /// Pictures around the text, which describes them; the outermost has this address and description.
    images: u32,
    address: String,
    alt: String,
    /// Within a script or style sheet.
    hidden: bool,
}

impl Inlines {
    /// Takes what was collected, and ends the HTML in it.
    pub(super) fn take(&mut self) -> Vec<Inline> {
        if self.tags != [0; MARKS] {
            self.tags = [0; MARKS];
            self.restyle();
        }
        if self.anchor.take().is_some() {
            self.relink();
        }
        self.hidden = false;
        std::mem::take(&mut self.out)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.out.is_empty()
    }

    pub(super) fn hide(&mut self, hidden: bool) {
        self.hidden = hidden;
    }

    pub(super) fn begin(&mut self, mark: Mark) {
        if let Some(count) = self.marks.get_mut(mark as usize) {
            *count += 1;
        }
        self.restyle();
    }

    pub(super) fn end(&mut self, mark: Mark) {
        if let Some(count) = self.marks.get_mut(mark as usize) {
            *count = count.saturating_sub(1);
        }
        self.restyle();
    }

    /// Begins or ends an element of HTML.
    pub(super) fn tag(&mut self, mark: Mark, begins: bool) {
        if let Some(count) = self.tags.get_mut(mark as usize) {
            *count = if begins {
                *count + 1
            } else {
                count.saturating_sub(1)
            };
        }
        self.restyle();
    }

    fn restyle(&mut self) {
        let is = |mark: Mark| {
            let open = |counts: &[u32; MARKS]| counts.get(mark as usize).is_some_and(|count| *count > 0);
            open(&self.marks) || open(&self.tags)
        };
        self.style = Style {
            bold: is(Mark::Bold),
            italic: is(Mark::Italic),
            underline: is(Mark::Underline),
            strike: is(Mark::Strike),
            code: is(Mark::Code),
            superscript: is(Mark::Superscript),
            subscript: is(Mark::Subscript),
            small_caps: false,
            highlight: is(Mark::Highlight),
        };
    }

    pub(super) fn begin_link(&mut self, address: &str) {
        self.link = Link::of_page(address);
        self.relink();
        self.linked = false;
    }

    /// Ends a link; its address is the text of one that has none.
    pub(super) fn end_link(&mut self) {
        if let Some(Link::Href(address) | Link::Path(address)) = self.link.clone()
            && !self.linked
        {
            self.text(&address);
        }
        self.link = None;
        self.relink();
    }

    /// Begins or ends a link of HTML.
    pub(super) fn anchor(&mut self, address: Option<&str>) {
        self.anchor = address.and_then(Link::of_page);
        self.relink();
    }

    fn relink(&mut self) {
        self.current = self.link.clone().or_else(|| self.anchor.clone());
    }

    pub(super) fn begin_image(&mut self, address: &str) {
        if self.images == 0 {
            address.clone_into(&mut self.address);
            self.alt.clear();
        }
        self.images += 1;
    }

    pub(super) fn end_image(&mut self) {
        self.images = self.images.saturating_sub(1);
        if self.images == 0 {
            let (address, alt) = (std::mem::take(&mut self.address), std::mem::take(&mut self.alt));
            self.image(&address, &alt);
        }
    }

    /// Adds a picture of the document, or a link to another one.
    pub(super) fn image(&mut self, address: &str, alt: &str) {
        if let Some(name) = own_image(address) {
            self.picture(name, alt);
            return;
        }
        let link = self.current.clone().or_else(|| Link::to(address));
        let text = match &link {
            Some(Link::Href(address)) if alt.trim().is_empty() => address.clone(),
            _ => alt.to_owned(),
        };
        let style = self.style;
        self.run(Run {
            text,
            style,
            link,
            marks: None,
        });
    }

    /// Adds the place of a picture; without a name, of one that was not taken out.
    pub(super) fn picture(&mut self, name: &str, alt: &str) {
        self.marked(alt, |marks| marks.image = Some(name.to_owned()));
    }

    pub(super) fn note(&mut self, label: &str, note: BlockId) {
        self.marked(label, |marks| marks.note = Some(note));
    }

    fn marked(&mut self, text: &str, set: impl FnOnce(&mut Marks)) {
        let mut marks = Marks::default();
        set(&mut marks);
        let run = Run {
            text: text.to_owned(),
            style: self.style,
            link: self.current.clone(),
            marks: Some(Box::new(marks)),
        };
        self.run(run);
    }

    fn run(&mut self, run: Run) {
        if self.images > 0 {
            self.alt.push_str(&run.text);
        } else if !self.hidden {
            self.linked = true;
            self.out.push(Inline::Run(run));
        }
    }

    pub(super) fn code(&mut self, text: &str) {
        let style = self.style;
        self.style.code = true;
        self.text(text);
        self.style = style;
    }

    /// Adds text. Pieces that look alike are one run.
    pub(super) fn text(&mut self, text: &str) {
        if self.images > 0 {
            self.alt.push_str(text);
            return;
        }
        if self.hidden {
            return;
        }
        self.linked |= !text.trim().is_empty();
        match self.out.last_mut() {
            Some(Inline::Run(last))
                if last.style == self.style && last.marks.is_none() && last.link == self.current =>
            {
                last.text.push_str(text);
            }
            _ => self.out.push(Inline::Run(Run {
                text: text.to_owned(),
                style: self.style,
                link: self.current.clone(),
                marks: None,
            })),
        }
    }

    /// Adds text of HTML: white space is one space, and none at the beginning of a line.
    pub(super) fn html_text(&mut self, text: &str) {
        let mut apart = text.starts_with(|c: char| c.is_ascii_whitespace());
        for word in text.split_ascii_whitespace() {
            if apart && !self.at_space() {
                self.text(" ");
            }
            self.text(word);
            apart = true;
        }
        let open = text.ends_with(|c: char| c.is_ascii_whitespace());
        if open && !self.at_space() {
            self.text(" ");
        }
    }

    fn at_space(&self) -> bool {
        match self.out.last() {
            Some(Inline::Run(run)) => run.text.ends_with(char::is_whitespace),
            Some(Inline::Break) | None => true,
        }
    }

    pub(super) fn line_break(&mut self) {
        if self.images > 0 {
            self.alt.push(' ');
        } else if !self.hidden {
            self.out.push(Inline::Break);
        }
    }
}

/// Name of the picture of the document that this is the address of.
fn own_image(address: &str) -> Option<&str> {
    let name = address.strip_prefix(IMAGES)?;
    let sound = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    (!name.is_empty() && !name.starts_with('.') && name.bytes().all(sound)).then_some(name)
}
