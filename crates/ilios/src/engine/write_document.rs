//! The child's work on a stored document: its pages are read one by one, of their models or their Markdown, and written.

use ilios_convert::{
    ConvertError, DocumentHead, DocumentTail, DocumentWriter, Limits, LocateQuery, Locator, Page, PlaceLines,
    TokenizerFile, document_writer_with,
};
use ilios_sandbox::ChildChannel;

use super::child_frames::send;
use super::protocol::{Body, FromChild, Job, MAX_PART_BYTES, ProtocolError};
use super::stored_document::MarkdownPage;
use super::stored_pages::{ModelError, StoredPages};
use super::{DocumentOutput, LOCAL};

/// Writes the document and sends it as one part, piece by piece, but for the end of the part.
pub(super) fn write_document(
    channel: &mut ChildChannel,
    input: &[u8],
    output: &DocumentOutput,
    job: &Job<'_>,
) -> Result<Result<(), ConvertError>, ProtocolError> {
    // The parent has read it already.
    let tokenizer = job.tokenizer.map(|Body(file)| TokenizerFile::read(file));
    let tokenizer = tokenizer.transpose().map_err(|_| ProtocolError::Unexpected)?;
    let mut writer = document_writer_with(output.form, &output.options, tokenizer);
    written(channel, &mut *writer, input, output, &job.limits)
}

/// Writes the words of a document with their places, and sends them as one part, piece by piece.
pub(super) fn write_places(
    channel: &mut ChildChannel,
    input: &[u8],
    limits: &Limits,
) -> Result<Result<(), ConvertError>, ProtocolError> {
    written(
        channel,
        &mut PlaceLines,
        input,
        &DocumentOutput::default(),
        limits,
    )
}

/// Looks for something in a document, and sends its places as one part.
pub(super) fn write_located(
    channel: &mut ChildChannel,
    input: &[u8],
    (document, query): (&str, &LocateQuery),
    limits: &Limits,
) -> Result<Result<(), ConvertError>, ProtocolError> {
    let mut locator = Locator::new(document.to_owned(), query.clone());
    written(channel, &mut locator, input, &DocumentOutput::default(), limits)
}

fn written(
    channel: &mut ChildChannel,
    writer: &mut dyn DocumentWriter,
    input: &[u8],
    output: &DocumentOutput,
    limits: &Limits,
) -> Result<Result<(), ConvertError>, ProtocolError> {
    let mut pieces = Pieces {
        channel,
        text: String::new(),
    };
    match write_pages(writer, input, output, limits, &mut pieces) {
        Ok(()) => {}
        Err(Failed::Document(error)) => return Ok(Err(error)),
        Err(Failed::Parent(error)) => return Err(error),
    }
    pieces.send(1)?;
    Ok(Ok(()))
}

/// Reason a document was not written.
enum Failed {
    Document(ConvertError),
    Parent(ProtocolError),
}

impl From<ConvertError> for Failed {
    fn from(error: ConvertError) -> Self {
        Self::Document(error)
    }
}

impl From<ProtocolError> for Failed {
    fn from(error: ProtocolError) -> Self {
        Self::Parent(error)
    }
}

impl From<ModelError> for ConvertError {
    fn from(error: ModelError) -> Self {
        match error {
            ModelError::TooLarge(bytes) => Self::LimitExceeded {
                what: format!("a page of more than {bytes} bytes as a model"),
            },
            error => Self::InvalidDocument {
                reason: format!("the stored model: {error}"),
            },
        }
    }
}

fn write_pages(
    writer: &mut dyn DocumentWriter,
    input: &[u8],
    output: &DocumentOutput,
    limits: &Limits,
    pieces: &mut Pieces<'_>,
) -> Result<(), Failed> {
    let head = DocumentHead {
        title: output.title.clone(),
        metadata: None,
    };
    writer.start(&head, &mut pieces.text);
    for page in pages(input, limits)? {
        let mut page = page?;
        page.engine.get_or_insert_with(|| LOCAL.to_owned());
        writer.page(page, &mut pieces.text)?;
        pieces.send(MAX_PART_BYTES)?;
    }
    let tail = DocumentTail {
        images: output.images.clone(),
        warnings: output.warnings.clone(),
        partial: output.partial.clone(),
    };
    writer.finish(&tail, &mut pieces.text)?;
    // An empty document is a part, too.
    if pieces.text.is_empty() {
        send(pieces.channel, &FromChild::Part(Body(&[])))?;
    }
    Ok(())
}

/// The pages of both kinds in the order of their numbers.
fn pages(
    input: &[u8],
    limits: &Limits,
) -> Result<impl Iterator<Item = Result<Page, ConvertError>>, ConvertError> {
    let malformed = || ConvertError::InvalidDocument {
        reason: "it is no stored document".into(),
    };
    let (mut known, mut rest) = (Vec::new(), input);
    loop {
        let end = rest
            .iter()
            .position(|byte| *byte == b'\n')
            .ok_or_else(malformed)?;
        let (line, behind) = rest.split_at(end);
        rest = behind.get(1..).unwrap_or_default();
        if line.is_empty() {
            break;
        }
        known.push(serde_json::from_slice::<MarkdownPage<'_>>(line).map_err(|_| malformed())?);
    }
    known.sort_by_key(|page| page.number);
    let mut known = known.into_iter().peekable();
    // No bytes are no model.
    let modelled = (!rest.is_empty()).then(|| StoredPages::new(rest, limits.part_bytes));
    let mut modelled = modelled.into_iter().flatten().peekable();
    Ok(std::iter::from_fn(move || {
        let is_next = |page: &MarkdownPage<'_>| match modelled.peek() {
            Some(Ok(other)) => page.number < other.number,
            Some(Err(_)) => false,
            None => true,
        };
        match known.next_if(is_next) {
            Some(page) => Some(page.into_page()),
            None => modelled.next().map(|page| page.map_err(ConvertError::from)),
        }
    }))
}

/// Text on its way to the parent.
struct Pieces<'a> {
    channel: &'a mut ChildChannel,
    text: String,
}

impl Pieces<'_> {
    /// Sends the text if it has at least so many bytes.
    fn send(&mut self, least: usize) -> Result<(), ProtocolError> {
        if self.text.len() < least {
            return Ok(());
        }
        for piece in self.text.as_bytes().chunks(MAX_PART_BYTES) {
            send(self.channel, &FromChild::Part(Body(piece)))?;
        }
        self.text.clear();
        Ok(())
    }
}
