//! The child's side of the local engine: one document after another, until the parent has no more for it.

use std::borrow::Cow;
use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::os::unix::fs::FileExt;
use std::process::ExitCode;

use ilios_convert::ir::Image;
use ilios_convert::{
    ConvertError, DocumentInfo, Host, Input, NetworkFiles, OcrError, OcrRequest, Options, Page, PdfSplitter,
    Warning, assess_pdf, convert, defused, page_picture,
};
use ilios_sandbox::{ChildChannel, FrameError};

use super::Rendering;
use super::child_frames::{send, send_pieces};
use super::frame_lists::WarningFields;
use super::page_models::encode_page;
use super::protocol::{
    Body, FromChild, Job, PageFields, PictureFields, ProtocolError, Task, ToChild, decode, encode,
};
use super::write_document::{write_document, write_located, write_places};

/// The work of a converter child: takes its jobs from the parent, converts, answers. Called at the very
/// start of the program, before configuration and runtime.
#[must_use]
pub fn run_child() -> ExitCode {
    let (mut channel, input) = match ChildChannel::open() {
        Ok(opened) => opened,
        Err(error) => return ExitCode::from(error.exit_code()),
    };
    loop {
        match answer(&mut channel, &input) {
            Ok(()) => {}
            // The parent has no other job.
            Err(ProtocolError::Frame(FrameError::Closed)) => return ExitCode::SUCCESS,
            Err(_) => return ExitCode::FAILURE,
        }
    }
}

/// Takes one job and answers it. When the last message is sent, nothing of the job is left in memory: the parent measures
/// what the child keeps.
fn answer(channel: &mut ChildChannel, input: &File) -> Result<(), ProtocolError> {
    let frame = channel.receive()?;
    let last = encode(&job_outcome(channel, input, &frame)?)?;
    drop(frame);
    Ok(channel.send(&last)?)
}

/// Does the job of a frame; returns the last message.
fn job_outcome(
    channel: &mut ChildChannel,
    input: &File,
    frame: &[u8],
) -> Result<FromChild<'static>, ProtocolError> {
    let ToChild::Job(job) = decode(frame)? else {
        return Err(ProtocolError::Unexpected);
    };
    let document = match job.document {
        Some(Body(bytes)) => Ok(Cow::Borrowed(bytes)),
        None => read(input).map(Cow::Owned),
    };
    let memory = channel.applied_layers().memory_at_start;
    send(channel, &FromChild::Accepted(memory))?;
    let outcome = match document {
        Ok(bytes) => work(channel, &job, bytes)?,
        Err(error) => Err(ConvertError::InvalidDocument {
            reason: error.to_string(),
        }),
    };
    Ok(outcome.unwrap_or_else(FromChild::Failed))
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

/// Does the work and sends what comes of it but the last message; the inner error is the document's.
fn work(
    channel: &mut ChildChannel,
    job: &Job<'_>,
    bytes: Cow<'_, [u8]>,
) -> Result<Result<FromChild<'static>, ConvertError>, ProtocolError> {
    let part_end = |()| FromChild::PartEnd;
    Ok(match &job.task {
        Task::Convert(options) => return conversion(channel, job, &bytes, options),
        Task::Assess => assess_pdf(&bytes, &job.limits).map(FromChild::Verdicts),
        Task::Plan(pages, limits) => PdfSplitter::open(bytes.into_owned(), &job.limits)
            .and_then(|document| document.plan(pages, *limits))
            .map(FromChild::Plan),
        Task::Cut(parts, max_bytes) => {
            cut(channel, job, bytes.into_owned(), (parts, *max_bytes))?.map(part_end)
        }
        Task::Render(rendering) => rendered(channel, job, bytes, rendering)?.map(part_end),
    })
}

/// Makes something else of the document and sends it as one part, but for the end of the part.
fn rendered(
    channel: &mut ChildChannel,
    job: &Job<'_>,
    bytes: Cow<'_, [u8]>,
    rendering: &Rendering,
) -> Result<Result<(), ConvertError>, ProtocolError> {
    match rendering {
        Rendering::Harmless => Ok(Ok(send_pieces(channel, harmless(bytes.into_owned()).as_bytes())?)),
        Rendering::Document(output) => write_document(channel, &bytes, output, job),
        Rendering::Places => write_places(channel, &bytes, &job.limits),
        Rendering::Located { document, query } => {
            write_located(channel, &bytes, (document, query), &job.limits)
        }
        Rendering::Page { name, picture } => {
            let input = Input { bytes: &bytes, name };
            match page_picture(input, picture, &job.limits) {
                Ok(png) => Ok(Ok(send_pieces(channel, &png)?)),
                Err(error) => Ok(Err(error)),
            }
        }
    }
}

/// Converts the document and sends its pages.
fn conversion(
    channel: &mut ChildChannel,
    job: &Job<'_>,
    bytes: &[u8],
    options: &Options,
) -> Result<Result<FromChild<'static>, ConvertError>, ProtocolError> {
    let input = Input {
        bytes,
        name: job.name,
    };
    let mut host = ParentHost {
        channel,
        failure: None,
    };
    let converted = convert(input, options, &job.limits, &mut host);
    match (converted, host.failure) {
        // A page is missing at the parent.
        (Ok(_), Some(failure)) => Err(failure),
        (converted, _) => Ok(converted.map(|conversion| FromChild::Converted {
            format: conversion.format,
            metadata: conversion.metadata,
            warnings: conversion.warnings.iter().map(WarningFields::from).collect(),
        })),
    }
}

/// Sends the parts one after another, each in pieces, but for the end of the last.
fn cut(
    channel: &mut ChildChannel,
    job: &Job<'_>,
    bytes: Vec<u8>,
    (parts, max_bytes): (&[Vec<u32>], u64),
) -> Result<Result<(), ConvertError>, ProtocolError> {
    let document = match PdfSplitter::open(bytes, &job.limits) {
        Ok(document) => document,
        Err(error) => return Ok(Err(error)),
    };
    for (number, pages) in parts.iter().enumerate() {
        let part = match document.extract(pages, max_bytes) {
            Ok(part) => part,
            Err(error) => return Ok(Err(error)),
        };
        if number > 0 {
            send(channel, &FromChild::PartEnd)?;
        }
        send_pieces(channel, &part)?;
    }
    Ok(Ok(()))
}

/// The Markdown without links to scripts.
fn harmless(bytes: Vec<u8>) -> String {
    defused(match String::from_utf8(bytes) {
        Ok(markdown) => markdown,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    })
}

/// Asks the parent for what the child must not do itself.
struct ParentHost<'a> {
    channel: &'a mut ChildChannel,
    /// Reason the parent has not all that was to be sent.
    failure: Option<ProtocolError>,
}

impl Host for ParentHost<'_> {
    fn recognize(&mut self, request: OcrRequest<'_>) -> Result<String, OcrError> {
        self.request_ocr(request)
            .map_err(|error| OcrError::Failed(error.to_string()))?
    }

    fn on_start(&mut self, document: &DocumentInfo) {
        self.report(&FromChild::Started {
            format: document.format,
            metadata: document.metadata.clone(),
            pages: document.pages,
        });
    }

    fn keeps_blocks(&self) -> bool {
        false
    }

    fn on_page_start(&mut self, page: u32, lookahead: bool) {
        self.report(&FromChild::PageStart { page, lookahead });
    }

    fn on_recognition(&mut self, pictures: usize) -> usize {
        if self.failure.is_some() {
            return 1;
        }
        self.wait_for_memory(pictures).unwrap_or_else(|failure| {
            self.failure = Some(failure);
            1
        })
    }

    fn larger_networks(&mut self) -> Option<NetworkFiles> {
        match self.ask_for_networks() {
            Ok(networks) => networks,
            Err(failure) => {
                self.failure.get_or_insert(failure);
                None
            }
        }
    }

    fn on_picture(&mut self, picture: &Image) {
        self.report(&FromChild::Picture(PictureFields {
            name: &picture.name,
            mime_type: &picture.mime_type,
            width: picture.width,
            height: picture.height,
            bytes: Body(&picture.bytes),
        }));
    }

    fn on_page_done(&mut self, page: &Page, warnings: &[Warning]) {
        if self.failure.is_some() {
            return;
        }
        let model = match encode_page(page) {
            Ok(model) => model,
            Err(error) => {
                self.failure = Some(ProtocolError::Model(error));
                return;
            }
        };
        self.report(&FromChild::Page {
            page: PageFields::from(page),
            model: Body(&model),
            warnings: warnings.iter().map(WarningFields::from).collect(),
        });
    }
}

impl ParentHost<'_> {
    /// Tells the parent of the conversion's progress. A failure is noticed at its end.
    fn report(&mut self, event: &FromChild<'_>) {
        if self.failure.is_none() {
            self.failure = send(self.channel, event).err();
        }
    }

    /// Waits until pictures may be read; returns how many at the same time.
    fn wait_for_memory(&mut self, pictures: usize) -> Result<usize, ProtocolError> {
        let wanted = u32::try_from(pictures).unwrap_or(u32::MAX);
        send(self.channel, &FromChild::Recognizing(wanted))?;
        match decode(&self.channel.receive()?)? {
            ToChild::Proceed(at_once) => Ok(usize::try_from(at_once.min(wanted)).unwrap_or(1)),
            _ => Err(ProtocolError::Unexpected),
        }
    }

    fn ask_for_networks(&mut self) -> Result<Option<NetworkFiles>, ProtocolError> {
        send(self.channel, &FromChild::LargerNetworks)?;
        match decode(&self.channel.receive()?)? {
            ToChild::Networks(networks) => Ok(networks.map(|networks| NetworkFiles {
                detector: networks.detector.0.to_vec(),
                recognizer: networks.recognizer.0.to_vec(),
            })),
            _ => Err(ProtocolError::Unexpected),
        }
    }

    fn request_ocr(&mut self, request: OcrRequest<'_>) -> Result<Result<String, OcrError>, ProtocolError> {
        let question = FromChild::Ocr {
            dpi: request.dpi,
            languages: request.languages.clone(),
            any_script: request.any_script,
            png: Body(request.png),
        };
        send(self.channel, &question)?;
        match decode(&self.channel.receive()?)? {
            ToChild::OcrText(tsv) => Ok(Ok(String::from_utf8_lossy(tsv.0).into_owned())),
            ToChild::OcrFailed(error) => Ok(Err(error)),
            ToChild::Job(_) | ToChild::Proceed(_) | ToChild::Networks(_) => Err(ProtocolError::Unexpected),
        }
    }
}
