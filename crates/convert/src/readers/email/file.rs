use std::borrow::Cow;
use std::collections::HashMap;

use mail_parser::{MessagePart, MimeHeaders, PartType};

use super::list::add_heading;
use crate::ir::{BlockKind, Builder, Group, GroupKind};
use crate::options::Attachments;
use crate::{Conversion, ConvertError, Format, Host, Limits, OcrError, OcrRequest, Options, Warning};

/// Files of one message, those of the messages within it included, that are converted, at most.
const MAX_FILES: u32 = 50;

/// Conversion of a file of any format.
pub(crate) type ConvertFile =
    fn(Format, &[u8], &Options, &Limits, &mut dyn Host) -> Result<Conversion, ConvertError>;

/// Converter of the files that a message brings.
pub(super) struct Files<'h> {
    convert: ConvertFile,
    options: Options,
    limits: Limits,
    host: Recognizer<'h>,
    /// Files that may still be converted.
    left: u32,
    /// Files that are not converted, since there are too many.
    unread: u32,
}

impl<'h> Files<'h> {
    pub(super) fn new(
        convert: ConvertFile,
        options: &Options,
        limits: &Limits,
        host: &'h mut dyn Host,
    ) -> Self {
        let mut options = options.clone();
        options.pages = None;
        // Those of a file that is a message are read as those of this one.
        options.output.attachments = Attachments::List;
        Self {
            convert,
            options,
            limits: limits.clone(),
            host: Recognizer(host),
            left: MAX_FILES,
            unread: 0,
        }
    }

    /// Content of a file; `None` for a picture that the text of the message shows.
    pub(super) fn content<'m>(part: &'m MessagePart<'_>) -> Option<Cow<'m, [u8]>> {
        match &part.body {
            // The text is decoded already, whatever encoding it names.
            PartType::Text(text) | PartType::Html(text) => {
                Some(Cow::Owned(format!("\u{feff}{text}").into_bytes()))
            }
            PartType::InlineBinary(_) if part.content_id().is_some() => None,
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => Some(Cow::Borrowed(bytes)),
            PartType::Message(_) | PartType::Multipart(_) => None,
        }
    }

    /// Returns true for a file that is a message.
    pub(super) fn is_message(bytes: &[u8], name: &str) -> bool {
        Format::detect(bytes, name) == Some(Format::Eml)
    }

    /// Converts the text of a message that is a document of its own.
    pub(super) fn body(&mut self, format: Format, bytes: &[u8]) -> Result<Conversion, ConvertError> {
        (self.convert)(format, bytes, &self.options, &self.limits, &mut self.host)
    }

    /// Adds the blocks of a file below a heading of this level, and says what is missing. A file of no format that is
    /// read stays in the list of attachments.
    pub(super) fn add(
        &mut self,
        name: &str,
        bytes: &[u8],
        level: u8,
        builder: &mut Builder<'_>,
    ) -> Result<Vec<Warning>, ConvertError> {
        let Some(format) = Format::detect(bytes, name) else {
            return Ok(Vec::new());
        };
        if self.left == 0 {
            self.unread += 1;
            return Ok(Vec::new());
        }
        self.left -= 1;
        let about = |what: &str| Warning::document(format!("attachment {name}: {what}"));
        let conversion = match (self.convert)(format, bytes, &self.options, &self.limits, &mut self.host) {
            Ok(conversion) => conversion,
            Err(error) => return Ok(vec![about(&error.to_string())]),
        };
        let pages = u32::try_from(conversion.pages.len()).unwrap_or(u32::MAX);
        self.limits.pages = self.limits.pages.saturating_sub(pages);
        let mut warnings: Vec<Warning> = conversion
            .warnings
            .iter()
            .map(|warning| about(&warning.message))
            .collect();
        let doubts = conversion.pages.iter().flat_map(|page| &page.doubts);
        warnings.extend(doubts.map(|doubt| about(&doubt.message)));
        let outside = builder.depth();
        builder.open(BlockKind::Group(Group {
            kind: GroupKind::Attachment,
            title: None,
            blocks: Vec::new(),
        }))?;
        add_heading(level, name, builder)?;
        add_blocks(conversion, level, builder)?;
        builder.close_to(outside)?;
        Ok(warnings)
    }

    /// Warning about files that were too many.
    pub(super) fn warning(self) -> Option<Warning> {
        let message = format!(
            "attachments not converted: {} (more than {MAX_FILES})",
            self.unread
        );
        (self.unread > 0).then(|| Warning::document(message))
    }
}

/// Adds the blocks of a converted file, with its pictures.
pub(super) fn add_blocks(
    conversion: Conversion,
    level: u8,
    builder: &mut Builder<'_>,
) -> Result<(), ConvertError> {
    let pictures: HashMap<_, _> = conversion
        .images
        .into_iter()
        .map(|image| (image.name, builder.picture(&image.bytes)))
        .collect();
    let blocks = conversion.pages.into_iter().flat_map(|page| page.blocks);
    builder.graft(blocks.collect(), level.min(6), &pictures)
}

/// Host that recognizes text for a file within another one. The pages of that are none of the document's.
struct Recognizer<'h>(&'h mut dyn Host);

impl Host for Recognizer<'_> {
    fn recognize(&mut self, request: OcrRequest<'_>) -> Result<String, OcrError> {
        self.0.recognize(request)
    }

    fn on_recognition(&mut self, pictures: usize) -> usize {
        self.0.on_recognition(pictures)
    }
}
