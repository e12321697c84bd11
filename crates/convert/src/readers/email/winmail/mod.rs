//! Messages in the envelope of Outlook (`winmail.dat`): their text, and the files in the envelope as those of the message.

mod envelope;
mod lzfu;
mod properties;

use mail_parser::{Message, PartType};

use self::envelope::{Body, Envelope, EnvelopeFile};
use super::body::add_body;
use super::file::add_blocks;
use super::list::{add_heading, add_list, attachment, shown_name};
use super::{Mail, charsets, message_group};
use crate::ir::{BlockKind, Builder, Place};
use crate::{Conversion, ConvertError, Format, Warning};

/// Envelopes among the attachments of a message that hold something, in the order of the attachments.
pub(super) fn of(message: &Message<'_>) -> Vec<Option<Envelope>> {
    let envelopes = message.attachments().map(|part| match &part.body {
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
            Envelope::read(bytes).filter(|envelope| envelope.body().is_some() || !envelope.files.is_empty())
        }
        _ => None,
    });
    envelopes.collect()
}

/// Adds the list of the attached files of a message below a heading of this level.
pub(super) fn add_attachments(
    message: &Message<'_>,
    envelopes: &[Option<Envelope>],
    level: u8,
    builder: &mut Builder<'_>,
) -> Result<(), ConvertError> {
    let mut blocks = Vec::new();
    for (part, envelope) in message.attachments().zip(envelopes) {
        match envelope {
            Some(envelope) => blocks.extend(envelope.files.iter().map(EnvelopeFile::attachment)),
            None => blocks.push(attachment(part)),
        }
    }
    add_list(blocks, level, builder)
}

impl EnvelopeFile {
    /// The file as an entry of the list of attachments.
    fn attachment(&self) -> BlockKind {
        let embedded = self.is_envelope().then(|| "message/rfc822".to_owned());
        let unnamed = || "application/octet-stream".to_owned();
        BlockKind::Attachment {
            name: shown_name(&self.name),
            mime_type: Some(embedded.or(self.mime_type.clone()).unwrap_or_else(unnamed)),
            size: u64::try_from(self.bytes.len()).ok(),
        }
    }
}

impl Mail<'_, '_> {
    /// Adds the text of a message, whose heading has this level. Text in an envelope is that of the message, with its
    /// form: a plain text that says the same is left out.
    pub(super) fn add_texts(
        &mut self,
        message: &Message<'_>,
        envelopes: &[Option<Envelope>],
        level: u8,
    ) -> Result<(), ConvertError> {
        let is_html = |body: &PartType<'_>| matches!(body, PartType::Html(text) if !text.trim().is_empty());
        let enveloped = match message.html_bodies().any(|part| is_html(&part.body)) {
            true => None,
            false => envelopes
                .iter()
                .flatten()
                .find_map(|envelope| self.text_of(envelope)),
        };
        let texts = message.text_bodies().filter_map(|part| match &part.body {
            PartType::Text(_) => Some(charsets::text(message, part)),
            _ => None,
        });
        let plain = texts.collect::<Vec<_>>().join("\n");
        if !enveloped
            .as_ref()
            .is_some_and(|enveloped| says(&enveloped.markdown(), &plain))
        {
            let warnings = add_body(message, self.builder, self.limits)?;
            self.warnings.extend(warnings);
        }
        match enveloped {
            Some(enveloped) => add_blocks(enveloped, level, self.builder),
            None => Ok(()),
        }
    }

    /// Text of the message in an envelope.
    fn text_of(&mut self, envelope: &Envelope) -> Option<Conversion> {
        let marked = |text: String| format!("\u{feff}{text}").into_bytes();
        let (format, bytes) = match envelope.body()? {
            Body::Html(html) => (Format::Html, marked(html)),
            Body::Rtf(rtf) => (Format::Rtf, rtf),
            Body::Text(text) => (Format::Text, marked(text)),
        };
        let about = |what: &str| Warning::document(format!("the text of the message: {what}"));
        match self.files.body(format, &bytes) {
            Ok(conversion) => {
                let warnings = conversion.warnings.iter();
                self.warnings
                    .extend(warnings.map(|warning| about(&warning.message)));
                Some(conversion)
            }
            Err(ConvertError::EmptyDocument { .. }) => None,
            Err(error) => {
                self.warnings.push(about(&error.to_string()));
                None
            }
        }
    }

    /// Adds the messages in an envelope, and the content of its files if they are to be converted.
    pub(super) fn files_of(&mut self, envelope: &Envelope, depth: u8) -> Result<(), ConvertError> {
        if envelope.is_cut_off {
            let message = "winmail.dat is cut off: a part of its text or of its files is missing";
            self.warnings.push(Warning::document(message));
        }
        for file in &envelope.files {
            let name = shown_name(&file.name);
            match file.envelope() {
                Some(inner) => self.enveloped(&inner, &name, depth)?,
                None if self.converts && !file.bytes.is_empty() => self.file(&name, &file.bytes, depth)?,
                None => {}
            }
        }
        Ok(())
    }

    /// Adds a message that is in an envelope within another one.
    fn enveloped(&mut self, envelope: &Envelope, name: &str, depth: u8) -> Result<(), ConvertError> {
        if self.is_beyond(depth) {
            return Ok(());
        }
        let outside = self.builder.depth();
        self.messages += 1;
        self.builder.stand_at(Some(Place::Message(self.messages)));
        self.builder.open(message_group())?;
        let level = 2 * depth + 1;
        let subject = envelope.subject.trim();
        add_heading(
            level,
            if subject.is_empty() { name } else { subject },
            self.builder,
        )?;
        if let Some(text) = self.text_of(envelope) {
            add_blocks(text, level, self.builder)?;
        }
        let files = envelope.files.iter().map(EnvelopeFile::attachment);
        add_list(files.collect(), level + 1, self.builder)?;
        self.files_of(envelope, depth + 1)?;
        self.builder.close_to(outside)
    }
}

/// Returns true if each line of the plain text stands in the other text, in its order. Addresses between angle brackets
/// are those of links.
fn says(text: &str, plain: &str) -> bool {
    let text = letters(text);
    let mut rest = text.as_str();
    plain.lines().all(|line| {
        let key = letters(&without_addresses(line));
        match rest.find(&key) {
            Some(at) => {
                rest = rest.get(at + key.len()..).unwrap_or_default();
                true
            }
            None => false,
        }
    })
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn without_addresses(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some((before, behind)) = rest.split_once('<') {
        out.push_str(before);
        rest = behind.split_once('>').map_or("", |(_, rest)| rest);
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::says;

    #[test]
    fn plain_text_is_compared_by_its_letters_and_its_order() {
        let text = "**Dear** all,\n\nsee [the page](https://a.example).";
        assert!(says(text, "Dear all,\nsee \n\n"));
        assert!(says(text, "see the page <https://a.example>"));
        assert!(!says(text, "see the page\nDear all"));
        assert!(!says(text, "Dear all\n-- \nsent from a list"));
    }
}
