//! Forms of the kind that Adobe's programs lay out anew (XFA): the texts and values in their XML.

mod template;

use std::collections::{HashMap, VecDeque};

use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Array, Dict, Object, Stream, String as PdfString};

use self::template::Part;
use super::decode::decoded;
use super::objects::catalog;
use super::text_string::text_string;
use crate::ir::{BlockKind, Field, FieldKind, Inline};
use crate::xml::{Element, XmlEvent, XmlReader};

/// Size of the XML of a form in bytes, at most.
const MAX_BYTES: usize = 32 << 20;
/// Nesting of the XML, at most.
const MAX_DEPTH: u32 = 128;
/// Values that are read, at most.
const MAX_VALUES: usize = 50_000;
/// Bytes of a name and all names around it, at most.
const MAX_NAME_BYTES: usize = 1_024;

/// Form of the kind that Adobe's programs lay out anew (XFA). Its pages are elsewhere than in the PDF, which often has only
/// a page that asks to wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct XfaForm {
    /// Values that are filled in, in their order.
    values: Vec<XfaValue>,
    /// Texts and fields of its template.
    parts: Vec<Part>,
}

/// Value of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
struct XfaValue {
    /// Names of the elements around it, joined by dots.
    name: String,
    value: String,
}

impl XfaForm {
    /// Reads the form of a document, if it has one of this kind.
    pub(super) fn read(pdf: &Pdf) -> Option<Self> {
        let catalog = catalog(pdf)?;
        let form = catalog.get::<Dict<'_>>("AcroForm")?.get::<Object<'_>>("XFA")?;
        let values = xml_of(&form, b"datasets").map(|xml| values(&xml));
        let parts = xml_of(&form, b"template").map(|xml| template::parts(&xml));
        Some(Self {
            values: values.unwrap_or_default(),
            parts: parts.unwrap_or_default(),
        })
    }

    /// Warning that the pages of the form are not converted.
    pub(super) fn warning(&self) -> String {
        let values = match (self.parts.is_empty(), self.values.is_empty()) {
            (true, true) => "and has neither texts nor values",
            (false, _) => "its texts and values stand in the order of its template",
            (true, false) => "only its values are converted",
        };
        format!("the document is an XFA form, whose pages only Adobe's programs lay out; {values}")
    }

    /// Its texts, and its fields with their values.
    pub(super) fn blocks(&self) -> Vec<BlockKind> {
        let mut values: HashMap<&str, VecDeque<&str>> = HashMap::new();
        for XfaValue { name, value } in &self.values {
            values.entry(name).or_default().push_back(value);
        }
        let mut blocks = Vec::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => blocks.push(BlockKind::Paragraph(lines(text))),
                Part::Field {
                    name,
                    caption,
                    preset,
                } => {
                    let value = values.get_mut(name.as_str()).and_then(VecDeque::pop_front);
                    let value = value.unwrap_or(preset);
                    if !caption.is_empty() || !value.is_empty() {
                        blocks.push(field(name, caption, value));
                    }
                }
            }
        }
        // The data may have rows that the template has once, and names that it gives nothing to.
        for XfaValue { name, value } in &self.values {
            let left = values.get_mut(name.as_str());
            if let Some(left) = left.filter(|left| left.contains(&value.as_str())) {
                left.pop_front();
                let caption = name.rsplit('.').next().unwrap_or_default();
                blocks.push(field(name, caption, value));
            }
        }
        blocks
    }
}

fn field(name: &str, caption: &str, value: &str) -> BlockKind {
    BlockKind::Field(Field {
        kind: FieldKind::Text,
        name: Some(name.to_owned()),
        label: (!caption.is_empty()).then(|| caption.replace('\n', " ")),
        value: value.to_owned(),
        checked: None,
        options: Vec::new(),
    })
}

fn lines(text: &str) -> Vec<Inline> {
    let mut inlines = Vec::new();
    for line in text.lines() {
        if !inlines.is_empty() {
            inlines.push(Inline::Break);
        }
        inlines.push(Inline::plain(line));
    }
    inlines
}

/// Returns true if the text of a document's only page is the one that stands in for an XFA form. It is written in many
/// languages, always with an address of Adobe's.
pub(super) fn is_placeholder(text: &str) -> bool {
    let text = text.to_lowercase();
    let addressed = [
        "adobe.com/go/",
        "adobe.com/products/acrobat",
        "adobe.com/reader",
        "acrobat/readstep",
    ];
    text.len() < 8_000
        && (addressed.iter().any(|address| text.contains(address))
            || (text.contains("please wait") && text.contains("adobe reader")))
}

/// XML of a part of a form: a packet of its own, or within the XML of the whole.
fn xml_of(form: &Object<'_>, part: &[u8]) -> Option<String> {
    let stream = match form {
        Object::Stream(whole) => whole.clone(),
        Object::Array(packets) => packet(packets, part)?,
        _ => return None,
    };
    let xml = decoded(&stream, MAX_BYTES).ok()?;
    Some(match xml.bytes.as_ref() {
        [0xfe, 0xff, ..] | [0xff, 0xfe, ..] => text_string(&xml.bytes),
        bytes => String::from_utf8_lossy(bytes)
            .trim_start_matches('\u{feff}')
            .to_owned(),
    })
}

fn packet<'a>(packets: &Array<'a>, wanted: &[u8]) -> Option<Stream<'a>> {
    let mut packets = packets.flex_iter();
    while let Some(name) = packets.next::<PdfString<'_>>() {
        let packet = packets.next::<Stream<'a>>()?;
        if name.as_bytes() == wanted {
            return Some(packet);
        }
    }
    None
}

/// Element that is open while values are read.
struct Open {
    /// Length of the name without this element.
    above: usize,
    has_children: bool,
}

/// Values in the `data` element of the XML: the texts of elements without children. Up to the first error in it.
fn values(xml: &str) -> Vec<XfaValue> {
    let mut reader = XmlReader::new(xml, MAX_DEPTH);
    let mut values = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    let (mut name, mut text) = (String::new(), String::new());
    let mut is_in_data = false;
    while values.len() < MAX_VALUES
        && let Ok(Some(event)) = reader.next()
    {
        match event {
            XmlEvent::Start(element) if !is_in_data => is_in_data = is_data(&element),
            XmlEvent::Start(element) => {
                if let Some(around) = open.last_mut() {
                    around.has_children = true;
                }
                open.push(Open {
                    above: name.len(),
                    has_children: false,
                });
                let part = element.local_name();
                if name.len() + part.len() < MAX_NAME_BYTES {
                    name.push_str(if name.is_empty() { "" } else { "." });
                    name.push_str(part);
                }
                text.clear();
            }
            XmlEvent::Text(part) => text.push_str(&part),
            XmlEvent::End { .. } => match open.pop() {
                Some(element) => {
                    let value = text.trim();
                    if !element.has_children && !value.is_empty() {
                        values.push(XfaValue {
                            name: name.clone(),
                            value: value.replace("\r\n", "\n").replace('\r', "\n"),
                        });
                    }
                    name.truncate(element.above);
                    text.clear();
                }
                None => is_in_data = false,
            },
        }
    }
    values
}

fn is_data(element: &Element<'_>) -> bool {
    element.name() == "xfa:data" || (element.local_name() == "data" && element.name().contains(':'))
}

#[cfg(test)]
mod tests {
    use super::{XfaForm, is_placeholder};
    use crate::ir::BlockKind;
    use crate::pdf::test_documents::open;
    use crate::pdf::test_documents::pdf_objects::stream;

    fn form(entries: &str, xml: &str) -> Option<XfaForm> {
        XfaForm::read(&open(&[
            format!("<</Type/Catalog/Pages 2 0 R{entries}>>"),
            "<</Type/Pages/Count 0/Kids[]>>".to_owned(),
            stream("", xml),
        ]))
    }

    fn values(entries: &str, xml: &str) -> Vec<String> {
        let values = form(entries, xml).unwrap().values.into_iter();
        values
            .map(|value| format!("{}={}", value.name, value.value))
            .collect()
    }

    const PACKETS: &str = "/AcroForm<</XFA[(preamble)3 0 R(datasets)3 0 R]>>";

    #[test]
    fn values_are_the_texts_of_the_innermost_elements() {
        let xml = "<xfa:datasets xmlns:xfa='http://www.xfa.org/schema/xfa-data/1.0/'><xfa:data><form1>\
                   <Name>Ann &amp; Bob</Name><Empty/><Address><City> Ulm </City><City>Bern</City></Address>\
                   </form1></xfa:data><dd:dataDescription xmlns:dd='a'><form1><Name>no</Name></form1>\
                   </dd:dataDescription></xfa:datasets>";
        let expected = [
            "form1.Name=Ann & Bob",
            "form1.Address.City=Ulm",
            "form1.Address.City=Bern",
        ];
        assert_eq!(values(PACKETS, xml), expected);
        assert_eq!(
            values("/AcroForm<</XFA 3 0 R>>", &format!("<xdp:xdp>{xml}</xdp:xdp>")),
            expected
        );
    }

    #[test]
    fn only_such_forms_are_read() {
        assert_eq!(form("", ""), None);
        assert_eq!(form("/AcroForm<<>>", ""), None);
        let empty = form("/AcroForm<</XFA[(template)3 0 R]>>", "<a/>").unwrap();
        assert!(empty.values.is_empty());
        assert!(empty.warning().ends_with("and has neither texts nor values"));
    }

    #[test]
    fn rows_of_data_follow_the_fields_of_the_template() {
        let template = "<template><subform name='f'><field name='a'><caption><value>A:</value></caption></field>\
                        <field name='b'/></subform></template>";
        let data = "<xfa:data><f><a>one</a><a>two</a><c>three</c></f></xfa:data>";
        let pdf = open(&[
            "<</Type/Catalog/Pages 2 0 R/AcroForm<</XFA[(template)3 0 R(datasets)4 0 R]>>>>".to_owned(),
            "<</Type/Pages/Count 0/Kids[]>>".to_owned(),
            stream("", template),
            stream("", data),
        ]);
        let blocks = XfaForm::read(&pdf).unwrap().blocks();
        let shown: Vec<String> = blocks
            .iter()
            .map(|block| match block {
                BlockKind::Field(field) => {
                    format!("{}={}", field.label.as_deref().unwrap_or("-"), field.value)
                }
                other => format!("{other:?}"),
            })
            .collect();
        assert_eq!(shown, ["A:=one", "a=two", "c=three"]);
    }

    #[test]
    fn broken_and_endless_xml_ends() {
        let broken = "<xfa:datasets><xfa:data><a>one</a><b>two</b></wrong>";
        assert_eq!(values(PACKETS, broken), ["a=one", "b=two"]);
        let deep = format!("<xfa:data>{}", "<a>".repeat(100_000));
        assert_eq!(values(PACKETS, &deep), [""; 0]);
        let many = format!("<xfa:data>{}", "<a>x</a>".repeat(60_000));
        assert_eq!(values(PACKETS, &many).len(), 50_000);
    }

    #[test]
    fn the_page_that_asks_to_wait_is_known() {
        for (text, expected) in [
            (
                "Please wait... If this message is not eventually replaced by the proper contents of the document, \
              your PDF viewer may not be able to display it. Upgrade by visiting \
              http://www.adobe.com/go/reader_download.",
                true,
            ),
            (
                "Bitte warten... besuchen Sie http://www.adobe.com/products/acrobat/readstep2.html",
                true,
            ),
            ("Please wait for the doctor.", false),
            ("", false),
        ] {
            assert_eq!(is_placeholder(text), expected, "{text}");
        }
    }
}
