//! E-mail: a message, the messages that it forwards and, if they are to be converted, the files that it brings.
//!
//! ```text
//!   message ──┬─ subject, fields, body ──────────────> heading, list, blocks
//!             ├─ list of its attachments
//!             └─ each attachment ──┬─ message ───────> group of the same, two levels deeper
//!                                  └─ other file ────> group of the blocks of its own conversion
//! ```
//!
//! Messages within each other and files are counted, so that a message of a thousand messages costs no more than any.

mod body;
mod fields;
mod file;
mod list;

use mail_parser::{Message, MessageParser, MessagePart, PartType};

use self::body::add_body;
use self::fields::{add_fields, addresses};
pub(crate) use self::file::ConvertFile;
use self::file::Files;
use self::list::{add_attachments, add_heading, name};
use super::{Reading, invalid};
use crate::ir::{BlockKind, Builder, Group, GroupKind, Place};
use crate::options::Attachments;
use crate::{ConvertError, Host, Limits, Metadata, Options, Warning};

/// Messages within each other that are read; the outermost counts.
const MAX_DEPTH: u8 = 5;
/// Messages that are read, at most.
const MAX_MESSAGES: u32 = 200;

/// Reads a message: its subject as the heading, its address fields, its body (HTML rather than plain text), the list of
/// its attachments and the messages among them. `convert` converts other files, if they are to be.
pub(super) fn read(
    convert: ConvertFile,
    bytes: &[u8],
    options: &Options,
    limits: &Limits,
    host: &mut dyn Host,
) -> Result<Reading, ConvertError> {
    let message = parsed(bytes).ok_or_else(|| invalid("it has no header fields"))?;
    let mut builder = Builder::with_pictures(limits, options.output.images);
    let mut mail = Mail {
        limits,
        builder: &mut builder,
        files: (options.output.attachments == Attachments::Convert)
            .then(|| Files::new(convert, options, limits, host)),
        messages: 0,
        unread: 0,
        warnings: Vec::new(),
    };
    mail.add(&message, None, 1)?;
    let warnings = mail.finish();
    let metadata = Metadata {
        title: subject(&message).map(str::to_owned),
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
    let message = MessageParser::default().parse(after_mbox_line(bytes));
    message.filter(|message| !message.headers().is_empty())
}

/// Skips the `From ` line that a message saved from an mbox file begins with.
fn after_mbox_line(bytes: &[u8]) -> &[u8] {
    if !bytes.starts_with(b"From ") {
        return bytes;
    }
    bytes
        .iter()
        .position(|&byte| byte == b'\n')
        .and_then(|end| bytes.get(end + 1..))
        .unwrap_or(bytes)
}

fn subject<'m>(message: &'m Message<'_>) -> Option<&'m str> {
    let subject = message.subject().map(str::trim);
    subject.filter(|subject| !subject.is_empty())
}

/// Reader of a message and of those within it.
struct Mail<'m, 'b> {
    limits: &'m Limits,
    builder: &'m mut Builder<'b>,
    /// Converter of the other files, if they are to be converted.
    files: Option<Files<'m>>,
    /// Messages that are read.
    messages: u32,
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
        self.warnings
            .extend(add_body(message, self.builder, self.limits)?);
        add_attachments(message, level + 1, self.builder)?;
        for part in message.attachments() {
            self.attachment(part, depth)?;
            self.builder.stand_at(Some(Place::Message(number)));
        }
        Ok(())
    }

    fn attachment(&mut self, part: &MessagePart<'_>, depth: u8) -> Result<(), ConvertError> {
        if let PartType::Message(message) = &part.body {
            return self.forwarded(message, &name(part), depth);
        }
        let Some(files) = &mut self.files else {
            return Ok(());
        };
        let Some(bytes) = files.content(part) else {
            return Ok(());
        };
        let name = name(part);
        if files.is_message(&bytes, &name) {
            match parsed(&bytes) {
                Some(message) => return self.forwarded(&message, &name, depth),
                None => return Ok(()),
            }
        }
        let level = 2 * depth + 1;
        let warnings = files.add(&name, &bytes, level, self.builder)?;
        self.warnings.extend(warnings);
        Ok(())
    }

    fn forwarded(&mut self, message: &Message<'_>, name: &str, depth: u8) -> Result<(), ConvertError> {
        if depth >= MAX_DEPTH || self.messages >= MAX_MESSAGES {
            self.unread += 1;
            return Ok(());
        }
        let outside = self.builder.depth();
        self.builder.stand_at(Some(Place::Message(self.messages + 1)));
        self.builder.open(BlockKind::Group(Group {
            kind: GroupKind::Message,
            title: None,
            blocks: Vec::new(),
        }))?;
        self.add(message, Some(name), depth + 1)?;
        self.builder.close_to(outside)
    }

    /// Warnings about what was not read.
    fn finish(mut self) -> Vec<Warning> {
        if self.unread > 0 {
            self.warnings.push(Warning::document(format!(
                "forwarded messages left out: {} (more than {MAX_MESSAGES}, or within more than {MAX_DEPTH} others)",
                self.unread
            )));
        }
        self.warnings.extend(self.files.and_then(Files::warning));
        self.builder.stand_at(None);
        self.warnings
    }
}
