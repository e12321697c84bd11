//! Template of an XFA form: its texts and fields in their order, without their places.

use crate::xml::{Element, XmlEvent, XmlReader};

use super::{MAX_DEPTH, MAX_NAME_BYTES, MAX_VALUES};

/// Part of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    Text(String),
    Field {
        /// Names of the element and those around it, joined by dots.
        name: String,
        caption: String,
        /// Value that it has before one is filled in.
        preset: String,
    },
}

/// Element that is open.
struct Open {
    /// Length of the name without this element.
    above: usize,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Field or drawing.
    Leaf,
    Caption,
    /// Text of what is around it.
    Value,
    Hidden,
    Other,
}

/// Field or drawing that is being read.
#[derive(Default)]
struct Leaf {
    is_field: bool,
    name: String,
    caption: String,
    value: String,
}

/// Parts of a template, up to the first error in it.
pub(super) fn parts(xml: &str) -> Vec<Part> {
    let mut reader = XmlReader::new(xml, MAX_DEPTH);
    let mut template = Template::default();
    while template.parts.len() < MAX_VALUES
        && let Ok(Some(event)) = reader.next()
    {
        match event {
            XmlEvent::Start(element) => template.start(&element),
            XmlEvent::Text(text) => template.text(&text),
            XmlEvent::End { .. } => template.end(),
        }
    }
    template.parts
}

#[derive(Default)]
struct Template {
    parts: Vec<Part>,
    open: Vec<Open>,
    name: String,
    leaf: Option<Leaf>,
}

impl Template {
    fn is_in(&self, kind: Kind) -> bool {
        self.open.iter().any(|open| open.kind == kind)
    }

    fn start(&mut self, element: &Element<'_>) {
        let above = self.name.len();
        let hidden = element
            .value("presence")
            .is_some_and(|presence| presence != "visible");
        let kind = match element.local_name() {
            _ if hidden => Kind::Hidden,
            "subform" | "exclGroup" => {
                self.enter(element);
                Kind::Other
            }
            "field" | "draw" if self.leaf.is_none() && !self.is_in(Kind::Hidden) => {
                let is_field = element.local_name() == "field";
                if is_field {
                    self.enter(element);
                }
                self.leaf = Some(Leaf {
                    is_field,
                    name: self.name.clone(),
                    ..Leaf::default()
                });
                Kind::Leaf
            }
            "caption" => Kind::Caption,
            "value" => Kind::Value,
            "p" | "br" | "div" | "li" => {
                self.text("\n");
                Kind::Other
            }
            _ => Kind::Other,
        };
        self.open.push(Open { above, kind });
    }

    fn enter(&mut self, element: &Element<'_>) {
        let part = element.value("name").unwrap_or_default();
        if !part.is_empty() && self.name.len() + part.len() < MAX_NAME_BYTES {
            self.name.push_str(if self.name.is_empty() { "" } else { "." });
            self.name.push_str(&part);
        }
    }

    fn text(&mut self, text: &str) {
        let shown = self.is_in(Kind::Value) && !self.is_in(Kind::Hidden);
        let in_caption = self.is_in(Kind::Caption);
        if let Some(leaf) = self.leaf.as_mut().filter(|_| shown) {
            match in_caption {
                true => leaf.caption.push_str(text),
                false => leaf.value.push_str(text),
            }
        }
    }

    fn end(&mut self) {
        let Some(open) = self.open.pop() else { return };
        self.name.truncate(open.above);
        let Some(leaf) = self.leaf.take_if(|_| open.kind == Kind::Leaf) else {
            return;
        };
        let (caption, value) = (plain(&leaf.caption), plain(&leaf.value));
        if leaf.is_field {
            self.parts.push(Part::Field {
                name: leaf.name,
                caption,
                preset: value,
            });
        } else if !value.is_empty() {
            self.parts.push(Part::Text(value));
        }
    }
}

/// Lines with single spaces between their words.
fn plain(text: &str) -> String {
    let lines = text
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::{Part, parts};

    #[test]
    fn texts_and_fields_are_in_their_order() {
        let xml = "<template><subform name='a'><draw><value><exData><body><p>Berth</p><p>request</p></body></exData></value></draw>\
                   <subform><field name='b'><caption><value><text>Vessel:</text></value></caption><value><text>none</text></value>\
                   <event><script>secret</script></event></field></subform>\
                   <draw presence='hidden'><value><text>unseen</text></value></draw>\
                   <subform presence='hidden'><field name='c'><caption><value><text>unseen</text></value></caption></field></subform>\
                   </subform></template>";
        let expected = [
            Part::Text("Berth\nrequest".to_owned()),
            Part::Field {
                name: "a.b".to_owned(),
                caption: "Vessel:".to_owned(),
                preset: "none".to_owned(),
            },
        ];
        assert_eq!(parts(xml), expected);
    }

    #[test]
    fn broken_templates_end() {
        assert_eq!(parts("<draw><value>one"), []);
        assert_eq!(parts(&"<subform name='a'>".repeat(100_000)), []);
    }
}
