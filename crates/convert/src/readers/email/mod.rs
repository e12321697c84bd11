//! E-mail: a message, the messages that it forwards and, if they are to be converted, the files that it brings.
//!
//! ```text
//!   mbox ─ for each:
//!   message ──┬─ subject, fields, body ──────────────> heading, list, blocks
//!             ├─ calendars and delivery reports ──> heading, list, blocks
//!             ├─ list of its attachments, those in an envelope of Outlook (winmail.dat) in the place of that
//!             └─ each attachment ──┬─ message ───────> group of the same, two levels deeper
//!                                  └─ other file ────> group of the blocks of its own conversion
//! ```
//!
//! Messages within each other and files are counted, so that a message of a thousand messages costs no more than any.

mod body;
mod calendar;
mod charsets;
mod fields;
mod file;
mod list;
mod mbox;
mod report;
mod winmail;

use mail_parser::{Message, MessageParser, MessagePart, PartType};

use self::body::add_reports;
use self::fields::{add_fields, addresses};
pub(crate) use self::file::ConvertFile;
use self::file::Files;
use self::list::{add_heading, name};
use super::{Reading, invalid};
use crate::ir::{BlockKind, Builder, Group, GroupKind, Place};
use crate::options::Attachments;
use crate::{ConvertError, Host, Limits, Metadata, Options, Warning};

/// Messages within each other that are read; the outermost counts.
const MAX_DEPTH: u8 = 5;
/// Messages that are read, at most.
const MAX_MESSAGES: u32 = 200;
/// Messages of a file of several, at most.
const MAX_SEQUENCE: usize = 10_000;

/// Reads a message: its subject as the heading, its address fields, its body (HTML rather than plain text), the list of
/// its attachments and the messages among them. `convert` converts other files, if they are to be.
pub(super) fn read(
    convert: ConvertFile,
    bytes: &[u8],
    options: &Options,
    limits: &Limits,
    host: &mut dyn Host,
) -> Result<Reading, ConvertError> {
    let mut parts = mbox::messages(bytes);
    let is_sequence = parts.len() > 1;
    let kept = parts.len().min(MAX_SEQUENCE);
    let too_many = u32::try_from(parts.split_off(kept).len()).unwrap_or(u32::MAX);
    let prepared = charsets::prepared(parts.first().copied().unwrap_or_default());
    let message = parsed(&prepared).ok_or_else(|| invalid("it has no header fields"))?;
    let mut builder = Builder::with_pictures(limits, options.output.images);
    let mut mail = Mail {
        limits,
        builder: &mut builder,
        files: Files::new(convert, options, limits, host),
        converts: options.output.attachments == Attachments::Convert,
        messages: 0,
        before: 0,
        unread: too_many,
        warnings: Vec::new(),
    };
    match is_sequence {
        true => mail.add_sequence(&parts)?,
        false => mail.add(&message, None, 1)?,
    }
    let warnings = mail.finish();
    let metadata = Metadata {
        title: subject(&message).filter(|_| !is_sequence).map(str::to_owned),
        author: message.from().map(addresses).filter(|author| !author.is_empty()),
        created: message.date().map(mail_parser::DateTime::to_rfc3339),
        ..Metadata::default()
    };
    let reading = Reading {
        metadata,
        warnings,
        ..Reading::of_one_page(&mut builder)?
    };
    Ok(reading.with_pictures(builder.into_pictures()))
}

/// Parses a message; `None` if it has no header fields.
fn parsed(bytes: &[u8]) -> Option<Message<'_>> {
    let message = MessageParser::default().parse(bytes);
    message.filter(|message| !message.headers().is_empty())
}

fn subject<'m>(message: &'m Message<'_>) -> Option<&'m str> {
    let subject = message.subject().map(str::trim);
    subject.filter(|subject| !subject.is_empty())
}

fn message_group() -> BlockKind {
    BlockKind::Group(Group {
        kind: GroupKind::Message,
        title: None,
        blocks: Vec::new(),
    })
}

/// Reader of a message and of those within it.
struct Mail<'m, 'b> {
    limits: &'m Limits,
    builder: &'m mut Builder<'b>,
    /// Converter of the other files.
    files: Files<'m>,
    /// Files are to be converted.
    converts: bool,
    /// Messages that are read.
    messages: u32,
    /// Those before the outermost message that is being read.
    before: u32,
    /// Messages that are not, since there are too many or they nest too deep.
    unread: u32,
    warnings: Vec<Warning>,
}

impl Mail<'_, '_> {
    /// Adds a message, which is the `depth`-th of those within each other. `name` stands for a subject that is missing.
    fn add(&mut self, message: &Message<'_>, name: Option<&str>, depth: u8) -> Result<(), ConvertError> {
        self.messages += 1;
        let number = self.messages;
        self.builder.stand_at(Some(Place::Message(number)));
        let level = 2 * depth - 1;
        if let Some(subject) = subject(message).or(name) {
            add_heading(level, subject, self.builder)?;
        }
        add_fields(message, self.builder)?;
        let envelopes = winmail::of(message);
        self.add_texts(message, &envelopes, level)?;
        add_reports(message, level + 1, self.builder)?;
        winmail::add_attachments(message, &envelopes, level + 1, self.builder)?;
        for (part, envelope) in message.attachments().zip(&envelopes) {
            match envelope {
                Some(envelope) => self.files_of(envelope, depth)?,
                None => self.attachment(part, depth)?,
            }
            self.builder.stand_at(Some(Place::Message(number)));
        }
        Ok(())
    }

    /// Adds the messages of a file of several, each as a group.
    fn add_sequence(&mut self, parts: &[&[u8]]) -> Result<(), ConvertError> {
        for part in parts {
            let part = mbox::unquoted(part);
            let prepared = charsets::prepared(&part);
            let Some(message) = parsed(&prepared) else {
                self.unread += 1;
                continue;
            };
            self.before = self.messages;
            let outside = self.builder.depth();
            self.builder.stand_at(Some(Place::Message(self.messages + 1)));
            self.builder.open(message_group())?;
            self.add(&message, None, 1)?;
            self.builder.close_to(outside)?;
        }
        Ok(())
    }

    fn attachment(&mut self, part: &MessagePart<'_>, depth: u8) -> Result<(), ConvertError> {
        if let PartType::Message(message) = &part.body {
            return self.forwarded(message, &name(part), depth);
        }
        match Files::content(part).filter(|_| self.converts) {
            Some(bytes) => self.file(&name(part), &bytes, depth),
            None => Ok(()),
        }
    }

    /// Adds the content of a file that is to be converted.
    fn file(&mut self, name: &str, bytes: &[u8], depth: u8) -> Result<(), ConvertError> {
        if Files::is_message(bytes, name) {
            return match parsed(&charsets::prepared(bytes)) {
                Some(message) => self.forwarded(&message, name, depth),
                None => Ok(()),
            };
        }
        let level = 2 * depth + 1;
        let warnings = self.files.add(name, bytes, level, self.builder)?;
        self.warnings.extend(warnings);
        Ok(())
    }

    fn forwarded(&mut self, message: &Message<'_>, name: &str, depth: u8) -> Result<(), ConvertError> {
        if self.is_beyond(depth) {
            return Ok(());
        }
        let outside = self.builder.depth();
        self.builder.stand_at(Some(Place::Message(self.messages + 1)));
        self.builder.open(message_group())?;
        self.add(message, Some(name), depth + 1)?;
        self.builder.close_to(outside)
    }

    /// Returns true if no message may be read within one of this depth, and counts it.
    fn is_beyond(&mut self, depth: u8) -> bool {
        let beyond = depth >= MAX_DEPTH || self.messages - self.before >= MAX_MESSAGES;
        self.unread += u32::from(beyond);
        beyond
    }

    /// Warnings about what was not read.
    fn finish(mut self) -> Vec<Warning> {
        if self.unread > 0 {
            self.warnings.push(Warning::document(format!(
                "messages left out: {} (more than {MAX_MESSAGES}, within more than {MAX_DEPTH} others, or without a header)",
                self.unread
            )));
        }
        self.warnings.extend(self.files.warning());
        self.builder.stand_at(None);
        self.warnings
    }
}
