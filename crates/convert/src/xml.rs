//! The one XML reader of this crate: it resolves no entity but the five of XML and character references, and goes
//! no deeper than allowed. What libraries parse by themselves, the sandbox holds.

use std::borrow::Cow;

use quick_xml::events::{BytesStart, Event};

/// Reads XML as a sequence of events; an empty element is a start and an end.
pub(crate) struct XmlReader<'a> {
    reader: quick_xml::Reader<&'a [u8]>,
    deepest: u32,
    depth: u32,
}

/// What is next in an XML text. Comments, instructions, declarations and the document type are left out.
pub(crate) enum XmlEvent<'a> {
    /// A start tag.
    Start(Element<'a>),
    /// The end of the element that was opened last.
    End {
        /// Its name with the prefix.
        name: String,
    },
    /// Text between tags, as it is meant. An entity of the document's own stays as written.
    Text(Cow<'a, str>),
}

/// Why no more can be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum XmlError {
    /// It is no well-formed XML.
    #[error("XML error at byte {at}: {reason}")]
    Malformed {
        /// Where, in bytes from the beginning.
        at: u64,
        /// What is wrong.
        reason: String,
    },
    /// It nests deeper than allowed.
    #[error("nesting deeper than {0} levels")]
    TooDeep(u32),
    /// Its document type defines entities by entities, which serves nothing but growth.
    #[error("entities that are defined by entities")]
    NestedEntities,
}

impl<'a> XmlReader<'a> {
    /// A reader of `text` that lets elements nest up to `deepest` levels.
    pub(crate) fn new(text: &'a str, deepest: u32) -> Self {
        let mut reader = quick_xml::Reader::from_str(text);
        reader.config_mut().check_end_names = true;
        reader.config_mut().expand_empty_elements = true;
        Self {
            reader,
            deepest,
            depth: 0,
        }
    }

    /// The next event; none after the last one.
    ///
    /// # Errors
    /// [`XmlError`]; there is no reading on after one.
    pub(crate) fn next(&mut self) -> Result<Option<XmlEvent<'a>>, XmlError> {
        loop {
            let event = self.reader.read_event().map_err(|error| XmlError::Malformed {
                at: self.reader.error_position(),
                reason: error.to_string(),
            })?;
            return Ok(Some(match event {
                Event::Start(tag) | Event::Empty(tag) => {
                    self.depth += 1;
                    if self.depth > self.deepest {
                        return Err(XmlError::TooDeep(self.deepest));
                    }
                    XmlEvent::Start(Element(tag))
                }
                Event::End(tag) => {
                    self.depth = self.depth.saturating_sub(1);
                    XmlEvent::End {
                        name: tag.name().as_ref().to_owned(),
                    }
                }
                Event::Text(text) => XmlEvent::Text(text.into_inner()),
                Event::CData(text) => XmlEvent::Text(text.into_inner()),
                Event::GeneralRef(name) => XmlEvent::Text(Cow::Owned(reference(&name))),
                Event::DocType(subset) if entities(&subset) == Entities::Nested => {
                    return Err(XmlError::NestedEntities);
                }
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => continue,
                Event::Eof => return Ok(None),
            }));
        }
    }
}

/// A start tag.
pub(crate) struct Element<'a>(BytesStart<'a>);

impl Element<'_> {
    /// The name with its prefix, such as `text:p`.
    pub(crate) fn name(&self) -> &str {
        self.0.name().into_inner()
    }

    /// The name without its prefix.
    pub(crate) fn local_name(&self) -> &str {
        local(self.name())
    }

    /// Names, with their prefixes, and values of the attributes, as far as they can be read. A name that is there
    /// twice comes twice: to look for that takes time that grows with the square of their number.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
        let mut attributes = self.0.attributes();
        attributes.with_checks(false);
        attributes.filter_map(Result::ok).map(|attribute| {
            let value = match attribute.value {
                Cow::Borrowed(value) => unescaped(value),
                Cow::Owned(value) => Cow::Owned(unescaped(&value).into_owned()),
            };
            (attribute.key.into_inner(), value)
        })
    }

    /// The value of the attribute of this name, prefix and all.
    pub(crate) fn value(&self, name: &str) -> Option<String> {
        let mut attributes = self.attributes();
        attributes.find_map(|(key, value)| (key == name).then(|| value.into_owned()))
    }
}

/// A name without its prefix.
pub(crate) fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// Whether a document type defines entities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entities {
    None,
    /// Each is a text.
    Flat,
    /// Some are made of others, or come from elsewhere and bring what they like.
    Nested,
}

/// What the internal subset of a document type defines.
pub(crate) fn entities(subset: &str) -> Entities {
    let Some((_, definitions)) = subset.split_once("<!ENTITY") else {
        return Entities::None;
    };
    let nested = definitions.split('&').skip(1).any(|rest| {
        let name = rest.split(';').next().unwrap_or_default();
        let starts_name = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
        starts_name && quick_xml::escape::resolve_xml_entity(name).is_none()
    });
    if nested { Entities::Nested } else { Entities::Flat }
}

fn unescaped(value: &str) -> Cow<'_, str> {
    quick_xml::escape::unescape(value).unwrap_or(Cow::Borrowed(value))
}

/// The character of a reference; an entity that the document defines itself stays as written.
fn reference(name: &str) -> String {
    let number = name
        .strip_prefix('#')
        .and_then(|number| match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok(),
            None => number.parse().ok(),
        });
    if let Some(c) = number.and_then(char::from_u32) {
        return c.to_string();
    }
    quick_xml::escape::resolve_xml_entity(name).map_or_else(|| format!("&{name};"), str::to_owned)
}
