//! Envelope in which some mail programs send a message whole (TNEF, MS-OXTNEF): attributes of the message, then those of
//! each of its files.
//!
//! ```text
//!   signature, key │ level, id, length, content, checksum │ …
//! ```

use super::lzfu;
use super::properties::{self, Property, decoded};

const SIGNATURE: [u8; 4] = [0x78, 0x9f, 0x3e, 0x22];
/// Attributes of an envelope that are read, at most.
const MAX_ATTRIBUTES: usize = 20_000;
/// Files of an envelope that are read, at most.
const MAX_FILES: usize = 1_000;
/// Bytes in front of a message in an object: the id of its interface.
const INTERFACE_BYTES: usize = 16;

/// Content of an envelope.
#[derive(Debug, Default)]
pub(in crate::readers::email) struct Envelope {
    pub(in crate::readers::email) subject: String,
    /// It ends within an attribute.
    pub(in crate::readers::email) is_cut_off: bool,
    html: Option<String>,
    rtf: Option<Vec<u8>>,
    text: Option<String>,
    code_page: u32,
    pub(in crate::readers::email) files: Vec<EnvelopeFile>,
}

/// File in an envelope.
#[derive(Debug, Default)]
pub(in crate::readers::email) struct EnvelopeFile {
    pub(in crate::readers::email) name: String,
    pub(in crate::readers::email) mime_type: Option<String>,
    pub(in crate::readers::email) bytes: Vec<u8>,
}

/// Text of the message that an envelope holds.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Body {
    Html(String),
    Rtf(Vec<u8>),
    Text(String),
}

impl EnvelopeFile {
    /// Returns true for a message within the message.
    pub(super) fn is_envelope(&self) -> bool {
        Envelope::is(&self.bytes)
    }

    /// Returns the envelope that the file is: a message within the message.
    pub(super) fn envelope(&self) -> Option<Envelope> {
        Envelope::read(&self.bytes)
    }
}

impl Envelope {
    /// Returns true for bytes that are one.
    pub(super) fn is(bytes: &[u8]) -> bool {
        bytes.starts_with(&SIGNATURE)
    }

    /// Reads an envelope, as far as it goes; `None` for other bytes.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes.strip_prefix(&SIGNATURE)?.get(2..)?;
        let mut envelope = Self::default();
        for _ in 0..MAX_ATTRIBUTES {
            let Some((head, content)) = rest.split_at_checked(9) else {
                envelope.is_cut_off = rest.iter().any(|byte| *byte != 0);
                break;
            };
            let number = |at: usize| Some(u32::from_le_bytes(head.get(at..at + 4)?.try_into().ok()?));
            let (id, length) = (number(1)?, usize::try_from(number(5)?).ok()?);
            let Some((content, behind)) = content.split_at_checked(length) else {
                envelope.is_cut_off = true;
                envelope.attribute(id, content);
                break;
            };
            envelope.attribute(id, content);
            rest = behind.get(2..).unwrap_or_default();
        }
        Some(envelope)
    }

    fn attribute(&mut self, id: u32, content: &[u8]) {
        match id {
            0x0006_9007 => {
                let page = content.get(..4).and_then(|page| page.try_into().ok());
                self.code_page = page.map_or(0, u32::from_le_bytes);
            }
            0x0001_8004 => self.subject = self.decoded(content),
            0x0002_800c => self.text = Some(self.decoded(content)),
            0x0006_9003 => self.message(content),
            0x0006_9002 if self.files.len() < MAX_FILES => self.files.push(EnvelopeFile::default()),
            _ => {
                if let Some(file) = self.files.last_mut() {
                    file.attribute(id, content, self.code_page);
                }
            }
        }
    }

    fn decoded(&self, content: &[u8]) -> String {
        decoded(content, self.code_page).trim_end_matches('\0').to_owned()
    }

    fn message(&mut self, content: &[u8]) {
        let (found, numbers) = properties::read(content);
        let page_of_html = numbers.iter().find(|(id, _)| *id == 0x3fde);
        let page_of_html = page_of_html.map_or(0, |(_, page)| *page);
        for property in found {
            match property.id {
                0x0037 => self.subject = property.text(self.code_page),
                0x1000 => self.text = Some(property.text(self.code_page)),
                0x1009 => self.rtf = lzfu::decompressed(property.value),
                0x1013 => self.html = Some(property.text(page_of_html)),
                _ => {}
            }
        }
    }

    /// Text of the message: HTML rather than RTF, and RTF rather than plain text.
    pub(super) fn body(&self) -> Option<Body> {
        let filled = |text: &&String| !text.trim().is_empty();
        let html = self.html.as_ref().filter(filled).cloned().map(Body::Html);
        let rtf = self.rtf.as_ref().filter(|rtf| !rtf.is_empty());
        let text = self.text.as_ref().filter(filled).cloned().map(Body::Text);
        html.or_else(|| rtf.cloned().map(Body::Rtf)).or(text)
    }
}

impl EnvelopeFile {
    fn attribute(&mut self, id: u32, content: &[u8], code_page: u32) {
        match id {
            0x0001_8010 if self.name.is_empty() => {
                decoded(content, code_page)
                    .trim_end_matches('\0')
                    .clone_into(&mut self.name);
            }
            0x0006_800f => self.bytes = content.to_vec(),
            0x0006_9005 => self.properties(content, code_page),
            _ => {}
        }
    }

    fn properties(&mut self, content: &[u8], code_page: u32) {
        let (found, _) = properties::read(content);
        let text = |id: u16| {
            let property = found.iter().find(|property: &&Property<'_>| property.id == id);
            let text = property.map(|property| property.text(code_page));
            text.filter(|text| !text.trim().is_empty())
        };
        if let Some(name) = text(0x3707).or_else(|| text(0x3704)).or_else(|| text(0x3001)) {
            self.name = name;
        }
        self.mime_type = text(0x370e).or(self.mime_type.take());
        if let Some(data) = found.iter().find(|property| property.id == 0x3701) {
            let behind = data.value.get(INTERFACE_BYTES..).unwrap_or_default();
            self.bytes = match Envelope::is(behind) {
                true => behind.to_vec(),
                false => data.value.to_vec(),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Body, Envelope};

    fn attribute(level: u8, id: u32, content: &[u8]) -> Vec<u8> {
        let length = u32::try_from(content.len()).unwrap();
        [
            &[level],
            &id.to_le_bytes()[..],
            &length.to_le_bytes(),
            content,
            &[0; 2],
        ]
        .concat()
    }

    fn envelope(attributes: &[Vec<u8>]) -> Vec<u8> {
        [&[0x78, 0x9f, 0x3e, 0x22, 1, 0][..], &attributes.concat()].concat()
    }

    #[test]
    fn the_text_and_the_files_of_a_message_are_read() {
        let bytes = envelope(&[
            attribute(1, 0x0006_9007, &[0xe4, 4, 0, 0, 0, 0, 0, 0]),
            attribute(1, 0x0001_8004, b"caf\xe9\0"),
            attribute(1, 0x0002_800c, b"Text\0"),
            attribute(2, 0x0006_9002, &[0; 14]),
            attribute(2, 0x0001_8010, b"a.txt\0"),
            attribute(2, 0x0006_800f, b"inner"),
        ]);
        let read = Envelope::read(&bytes).unwrap();
        assert_eq!(read.subject, "café");
        assert_eq!(read.body(), Some(Body::Text("Text".into())));
        assert_eq!(
            (read.files[0].name.as_str(), &read.files[0].bytes[..]),
            ("a.txt", &b"inner"[..])
        );
        let cut = Envelope::read(&bytes[..bytes.len() - 4]).unwrap();
        assert_eq!(cut.files[0].bytes, b"inn");
        assert!(cut.is_cut_off && !read.is_cut_off);
        assert!(Envelope::read(b"text").is_none());
    }
}
