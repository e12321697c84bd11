//! XML reader, the only one in this crate: resolves character references and the five built-in entities, no others, and
//! limits nesting. Parsers inside libraries are contained by the sandbox instead.

use std::borrow::Cow;

use quick_xml::events::{BytesStart, Event};

/// Pull parser: reads XML as a sequence of events. An empty element is a start and an end.
pub(crate) struct XmlReader<'a> {
    reader: quick_xml::Reader<&'a [u8]>,
    max_depth: u32,
    depth: u32,
}

/// Event of an XML text. Comments, processing instructions, declarations and the document type are skipped.
pub(crate) enum XmlEvent<'a> {
    /// Start tag.
    Start(Element<'a>),
    /// End of the innermost open element.
    End {
        /// Name with the prefix.
        name: String,
    },
    /// Text between tags, unescaped. An entity that the document defines stays as written.
    Text(Cow<'a, str>),
}

/// Reason why the text cannot be read further.
#[derive(Debug, thiserror::Error)]
pub(crate) enum XmlError {
    /// Not well-formed.
    #[error("XML error at byte {at}: {reason}")]
    Malformed {
        /// Offset of the error in bytes.
        at: u64,
        /// Defect, in words.
        reason: String,
    },
    /// Nests deeper than allowed.
    #[error("nesting deeper than {0} levels")]
    TooDeep(u32),
    /// Defines entities by other entities, as a "billion laughs" attack does.
    #[error("entities that are defined by entities")]
    NestedEntities,
}

impl<'a> XmlReader<'a> {
    /// Creates a reader of `text` in which elements may nest up to `max_depth` levels.
    pub(crate) fn new(text: &'a str, max_depth: u32) -> Self {
        let mut reader = quick_xml::Reader::from_str(text);
        reader.config_mut().check_end_names = true;
        reader.config_mut().expand_empty_elements = true;
        Self {
            reader,
            max_depth,
            depth: 0,
        }
    }

    /// Returns the next event; `None` after the last one.
    ///
    /// # Errors
    /// [`XmlError`]; the text cannot be read further after one.
    pub(crate) fn next(&mut self) -> Result<Option<XmlEvent<'a>>, XmlError> {
        loop {
            let event = self.reader.read_event().map_err(|error| XmlError::Malformed {
                at: self.reader.error_position(),
                reason: error.to_string(),
            })?;
            return Ok(Some(match event {
                Event::Start(tag) | Event::Empty(tag) => {
                    self.depth += 1;
                    if self.depth > self.max_depth {
                        return Err(XmlError::TooDeep(self.max_depth));
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

/// Start tag.
pub(crate) struct Element<'a>(BytesStart<'a>);

impl Element<'_> {
    /// Name with its prefix, such as `text:p`.
    pub(crate) fn name(&self) -> &str {
        self.0.name().into_inner()
    }

    /// Name without its prefix.
    pub(crate) fn local_name(&self) -> &str {
        local(self.name())
    }

    /// Iterates over the attributes that can be read, as names with their prefixes and values. A duplicate name comes
    /// twice, since the check for duplicates takes time quadratic in the number of attributes.
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

    /// Value of the attribute of this name, including its prefix.
    pub(crate) fn value(&self, name: &str) -> Option<String> {
        let mut attributes = self.attributes();
        attributes.find_map(|(key, value)| (key == name).then(|| value.into_owned()))
    }
}

/// Removes the prefix of a name.
pub(crate) fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// Kind of entities that a document type defines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entities {
    None,
    /// Plain text only.
    Flat,
    /// Entities made of other entities, or external ones, whose content is unknown.
    Nested,
}

/// Determines the kind of entities in the internal subset of a document type.
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

/// Text as the value of an attribute or between tags.
pub(crate) fn escape(text: &str) -> Cow<'_, str> {
    quick_xml::escape::escape(text)
}

fn unescaped(value: &str) -> Cow<'_, str> {
    quick_xml::escape::unescape(value).unwrap_or(Cow::Borrowed(value))
}

/// Resolves a reference; an entity that the document defines stays as written.
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
