//! The child's side of the local engine: one document, then the end.

use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::os::unix::fs::FileExt;
use std::process::ExitCode;

use ilios_convert::render::{to_html, to_text};
use ilios_convert::{
    ConvertError, DocumentInfo, Host, Input, OcrError, OcrRequest, Page, PdfSplitter, Warning, assess_pdf,
    convert, defused,
};
use ilios_sandbox::{ChildChannel, Frame};
use serde::Serialize;

use super::Rendering;
use super::protocol::{
    ACCEPTED, CONVERSION, FAILURE, IMAGE, INPUT, JOB, Job, MAX_PART_FRAME_BYTES, OCR, OCR_FAILURE, OCR_TEXT,
    OcrFailure, OcrHeader, PAGE, PAGE_START, PART, PART_END, PLAN, PageDone, PageStart, ProtocolError,
    STARTED, Task, VERDICTS, decode, encode,
};

/// The work of a converter child: takes its job from the parent, converts, answers. Called at the very
/// start of the program, before configuration and runtime.
#[must_use]
pub fn run_child() -> ExitCode {
    let (mut channel, input) = match ChildChannel::open() {
        Ok(opened) => opened,
        Err(error) => return ExitCode::from(error.exit_code()),
    };
    match answer(&mut channel, &input) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn answer(channel: &mut ChildChannel, input: &File) -> Result<(), ProtocolError> {
    let job: Job = decode(JOB, &channel.receive()?)?;
    let document = if job.inline {
        let frame = channel.receive()?;
        if frame.kind != INPUT {
            return Err(ProtocolError::Unexpected(frame.kind));
        }
        Ok(frame.bytes)
    } else {
        read(input)
    };
    channel.send(&Frame {
        kind: ACCEPTED,
        bytes: Vec::new(),
    })?;
    let outcome = match document {
        Ok(bytes) => work(channel, &job, bytes)?,
        Err(error) => Err(ConvertError::InvalidDocument {
            reason: error.to_string(),
        }),
    };
    match outcome {
        Ok(()) => Ok(()),
        Err(error) => Ok(channel.send(&encode(FAILURE, &error)?)?),
    }
}

/// Reads the whole file from its beginning. Others may read it at the same time by the same open file, so that its
/// position is not used.
fn read(mut input: &File) -> std::io::Result<Vec<u8>> {
    // The sandbox does not let a file be asked for more than where it ends.
    let announced = usize::try_from(input.seek(SeekFrom::End(0))?).unwrap_or(usize::MAX);
    // One byte more shows the end.
    let mut bytes = vec![0; announced.saturating_add(1)];
    let mut filled = 0;
    loop {
        let Some(room) = bytes.get_mut(filled..).filter(|room| !room.is_empty()) else {
            bytes.resize(bytes.len().saturating_mul(2), 0);
            continue;
        };
        match input.read_at(room, filled as u64)? {
            0 => break,
            count => filled += count,
        }
    }
    bytes.truncate(filled);
    Ok(bytes)
}

/// Does the work and sends what comes of it; the inner error is the document's.
fn work(
    channel: &mut ChildChannel,
    job: &Job,
    bytes: Vec<u8>,
) -> Result<Result<(), ConvertError>, ProtocolError> {
    let frame = match &job.task {
        Task::Convert(options) => {
            let input = Input {
                bytes: &bytes,
                name: &job.name,
            };
            let mut host = ParentHost { channel, sent: 0 };
            let converted = convert(input, options, &job.limits, &mut host);
            let sent = host.sent;
            converted.map(|mut conversion| {
                if conversion.pages.len() == sent {
                    conversion.pages = Vec::new();
                }
                encode(CONVERSION, &conversion)
            })
        }
        Task::Assess => assess_pdf(&bytes, &job.limits).map(|verdicts| encode(VERDICTS, &verdicts)),
        Task::Plan(pages, limits) => PdfSplitter::open(bytes, &job.limits)
            .and_then(|document| document.plan(pages, *limits))
            .map(|plan| encode(PLAN, &plan)),
        Task::Cut(parts, max_bytes) => return cut(channel, job, bytes, (parts, *max_bytes)),
        Task::Render(rendering) => return render(channel, bytes, rendering),
    };
    match frame {
        Ok(frame) => Ok(Ok(channel.send(&frame?)?)),
        Err(error) => Ok(Err(error)),
    }
}

/// Sends the parts one after another, each in pieces.
fn cut(
    channel: &mut ChildChannel,
    job: &Job,
    bytes: Vec<u8>,
    (parts, max_bytes): (&[Vec<u32>], u64),
) -> Result<Result<(), ConvertError>, ProtocolError> {
    let document = match PdfSplitter::open(bytes, &job.limits) {
        Ok(document) => document,
        Err(error) => return Ok(Err(error)),
    };
    for pages in parts {
        let part = match document.extract(pages, max_bytes) {
            Ok(part) => part,
            Err(error) => return Ok(Err(error)),
        };
        send_part(channel, &part)?;
    }
    Ok(Ok(()))
}

/// Sends Markdown as something else.
fn render(
    channel: &mut ChildChannel,
    bytes: Vec<u8>,
    rendering: &Rendering,
) -> Result<Result<(), ConvertError>, ProtocolError> {
    let markdown = match String::from_utf8(bytes) {
        Ok(markdown) => markdown,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    };
    let rendered = match rendering {
        Rendering::Harmless => defused(markdown),
        Rendering::Text => to_text(&markdown),
        Rendering::Html { title } => to_html(&markdown, title),
    };
    send_part(channel, rendered.as_bytes())?;
    Ok(Ok(()))
}

/// Sends one part, which may be empty, in pieces.
fn send_part(channel: &mut ChildChannel, part: &[u8]) -> Result<(), ProtocolError> {
    let empty: &[u8] = &[];
    for piece in part
        .chunks(MAX_PART_FRAME_BYTES)
        .chain(part.is_empty().then_some(empty))
    {
        channel.send(&Frame {
            kind: PART,
            bytes: piece.to_vec(),
        })?;
    }
    channel.send(&Frame {
        kind: PART_END,
        bytes: Vec::new(),
    })?;
    Ok(())
}

/// Asks the parent for what the child must not do itself.
struct ParentHost<'a> {
    channel: &'a mut ChildChannel,
    /// Pages that the parent has.
    sent: usize,
}

impl Host for ParentHost<'_> {
    fn recognize(&mut self, request: OcrRequest<'_>) -> Result<String, OcrError> {
        self.request_ocr(request)
            .map_err(|error| OcrError::Failed(error.to_string()))?
    }

    fn on_start(&mut self, document: &DocumentInfo) {
        // A parent that is gone takes no result either, and that is where it is noticed.
        let _ = self.send(STARTED, document);
    }

    fn on_page_start(&mut self, page: u32, lookahead: bool) {
        let _ = self.send(PAGE_START, &PageStart { page, lookahead });
    }

    fn on_page_done(&mut self, page: &Page, warnings: &[Warning]) {
        let done = PageDone {
            page: page.clone(),
            warnings: warnings.to_vec(),
        };
        if self.send(PAGE, &done).is_ok() {
            self.sent += 1;
        }
    }
}

impl ParentHost<'_> {
    fn send(&mut self, kind: u8, message: &impl Serialize) -> Result<(), ProtocolError> {
        Ok(self.channel.send(&encode(kind, message)?)?)
    }

    fn request_ocr(&mut self, request: OcrRequest<'_>) -> Result<Result<String, OcrError>, ProtocolError> {
        let header = OcrHeader {
            dpi: request.dpi,
            languages: request.languages.clone(),
        };
        self.channel.send(&encode(OCR, &header)?)?;
        self.channel.send(&Frame {
            kind: IMAGE,
            bytes: request.png.to_vec(),
        })?;
        let reply = self.channel.receive()?;
        if reply.kind == OCR_TEXT {
            return Ok(Ok(String::from_utf8_lossy(&reply.bytes).into_owned()));
        }
        Ok(Err(decode::<OcrFailure>(OCR_FAILURE, &reply)?.into()))
    }
}
