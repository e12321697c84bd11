//! Round trips of the messages, and frames that are none.

use ilios_convert::ir::{Confidence, Image};
use ilios_convert::{
    AttachedFile, ConvertError, Format, Limits, LocateQuery, Metadata, OcrError, OcrReason, Options,
    OutputFormat, PageAssessment, PageKind, PagePicture, PageVerdict, PartLimits, PlannedPart, Warning,
    WriteOptions,
};

use super::{
    Body, FromChild, Job, MAX_PART_BYTES, NetworkBodies, PageFields, PictureFields, ProtocolError, Task,
    ToChild, decode, encode,
};
use crate::engine::frame_lists::{MAX_ITEMS, WarningFields};
use crate::engine::{DocumentOutput, Rendering};

const BYTES: &[u8] = &[0, 1, 0x7f, 0x80, 0xff];

fn metadata() -> Metadata {
    Metadata {
        title: Some("Títle".into()),
        author: None,
        created: Some("2026-11-30T00:00:00Z".into()),
        modified: None,
        page_count: Some(300),
        attachments: vec![AttachedFile {
            name: "data.csv".into(),
            mime_type: None,
            size: Some(7),
        }],
    }
}

fn warnings() -> Vec<WarningFields> {
    let warnings = [Warning::page(7, "page 7 is missing"), Warning::document("a font")];
    warnings.iter().map(WarningFields::from).collect()
}

fn page() -> PageFields<'static> {
    PageFields {
        number: u32::MAX,
        kind: PageKind::Ocr,
        markdown: "# \u{1f600}\n\"\\\0".into(),
        width: Some(595.28),
        height: None,
        confidence: Some(Confidence { mean: 0.9, min: 0.5 }),
    }
}

fn assessments() -> Vec<PageAssessment> {
    let verdicts = [
        PageVerdict::TextLayer,
        PageVerdict::Blank,
        PageVerdict::NeedsOcr(OcrReason::Unreadable),
    ];
    let numbered = (1..).zip(verdicts);
    numbered
        .map(|(number, verdict)| PageAssessment { number, verdict })
        .collect()
}

/// Every message of a child: one with each variant, and those that have nothing in them.
fn from_child() -> Vec<FromChild<'static>> {
    vec![
        FromChild::Accepted(None),
        FromChild::Accepted(Some(u64::MAX)),
        FromChild::Ocr {
            dpi: 200,
            languages: "eng+chi_sim".parse().expect("languages"),
            any_script: true,
            png: Body(BYTES),
        },
        FromChild::Started {
            format: Format::Pdf,
            metadata: metadata(),
            pages: 12,
        },
        FromChild::PageStart {
            page: 3,
            lookahead: true,
        },
        FromChild::Page {
            page: page(),
            model: Body(BYTES),
            warnings: warnings(),
        },
        FromChild::Converted {
            format: Format::Docx,
            metadata: Metadata::default(),
            warnings: warnings(),
        },
        FromChild::Failed(ConvertError::UnsupportedType),
        FromChild::Failed(ConvertError::TooLarge {
            bytes: u64::MAX,
            limit: 0,
        }),
        FromChild::Verdicts(assessments()),
        FromChild::Plan(vec![PlannedPart {
            pages: vec![1, 200, 70_000],
            bytes: 1 << 40,
        }]),
        FromChild::Plan(Vec::new()),
        FromChild::Part(Body(BYTES)),
        FromChild::Part(Body(&[])),
        FromChild::PartEnd,
        FromChild::Picture(PictureFields {
            name: "p3-1.png",
            mime_type: "image/png",
            width: 16,
            height: u32::MAX,
            bytes: Body(BYTES),
        }),
        FromChild::Recognizing(3),
        FromChild::LargerNetworks,
    ]
}

fn renderings() -> impl Iterator<Item = Rendering> {
    [
        Rendering::Harmless,
        Rendering::Places,
        Rendering::Located {
            document: "d".into(),
            query: LocateQuery::Area {
                page: 2,
                bbox: Some([0.0, 1.0, 2.0, 3.0]),
            },
        },
        Rendering::Page {
            name: "a.pdf".into(),
            picture: PagePicture {
                page: 3,
                dpi: 96,
                bbox: None,
            },
        },
        Rendering::Document(Box::new(DocumentOutput {
            form: OutputFormat::Html.into(),
            options: WriteOptions::default(),
            title: "<a>".into(),
            images: vec![Image {
                name: "p1-1.png".into(),
                mime_type: "image/png".into(),
                width: 16,
                height: 17,
                bytes: Vec::new(),
            }],
            warnings: vec![Warning::page(7, "page 7 is missing"), Warning::document("a font")],
            partial: None,
        })),
    ]
    .into_iter()
}

fn to_child() -> Vec<ToChild<'static>> {
    let tasks = [
        Task::Convert(Options {
            pages: Some("1-3,7".parse().expect("pages")),
            partial: true,
            ..Options::default()
        }),
        Task::Convert(Options::default()),
        Task::Assess,
        Task::Plan(vec![2, 1], PartLimits { pages: 9, bytes: 10 }),
        Task::Cut(vec![vec![1], Vec::new()], 5),
    ];
    let tasks = tasks.into_iter().chain(renderings().map(Task::Render));
    let jobs = tasks
        .into_iter()
        .zip([None, Some(Body(BYTES))].into_iter().cycle());
    let jobs = jobs.map(|(task, document)| {
        ToChild::Job(Box::new(Job {
            name: "ä.pdf",
            task,
            limits: Limits::default(),
            document,
            tokenizer: document,
        }))
    });
    let replies = [
        ToChild::OcrText(Body(BYTES)),
        ToChild::OcrFailed(OcrError::Unavailable("install it".into())),
        ToChild::OcrFailed(OcrError::Failed("no".into())),
        ToChild::Proceed(2),
        ToChild::Networks(None),
        ToChild::Networks(Some(NetworkBodies {
            detector: Body(BYTES),
            recognizer: Body(BYTES),
        })),
    ];
    jobs.chain(replies).collect()
}

/// Place of a message's variant. Without a wildcard, so that a new variant is looked at here.
fn kind(message: &FromChild<'_>) -> u8 {
    match message {
        FromChild::Accepted(_) => 0,
        FromChild::Ocr { .. } => 1,
        FromChild::Started { .. } => 2,
        FromChild::PageStart { .. } => 3,
        FromChild::Page { .. } => 4,
        FromChild::Converted { .. } => 5,
        FromChild::Failed(_) => 6,
        FromChild::Verdicts(_) => 7,
        FromChild::Plan(_) => 8,
        FromChild::Part(_) => 9,
        FromChild::PartEnd => 10,
        FromChild::Picture(_) => 11,
        FromChild::Recognizing(_) => 12,
        FromChild::LargerNetworks => 13,
    }
}

const KINDS: u8 = 14;
const VERDICTS: u8 = 7;
const PART: u8 = 9;

fn frames() -> Vec<Vec<u8>> {
    from_child()
        .iter()
        .map(|message| encode(message).expect("a frame"))
        .collect()
}

#[test]
fn every_message_of_a_child_comes_back() {
    let messages = from_child();
    for message in &messages {
        let frame = encode(message).expect("a frame");
        assert_eq!(frame.first(), Some(&kind(message)));
        let decoded: FromChild<'_> = decode(&frame).expect("a message");
        assert_eq!(format!("{decoded:?}"), format!("{message:?}"));
    }
    for expected in 0..KINDS {
        assert!(
            messages.iter().any(|message| kind(message) == expected),
            "{expected}"
        );
    }
}

#[test]
fn every_message_to_a_child_comes_back() {
    for message in to_child() {
        let frame = encode(&message).expect("a frame");
        let decoded: ToChild<'_> = decode(&frame).expect("a message");
        assert_eq!(format!("{decoded:?}"), format!("{message:?}"));
    }
}

#[test]
fn a_message_that_is_cut_off_is_none() {
    for frame in frames() {
        for length in 0..frame.len() {
            assert!(
                matches!(
                    decode::<FromChild<'_>>(&frame[..length]),
                    Err(ProtocolError::Malformed(_))
                ),
                "{length} of {frame:?}"
            );
        }
    }
}

#[test]
fn bytes_behind_a_message_are_refused() {
    for mut frame in frames() {
        frame.extend([0, 0]);
        assert!(matches!(
            decode::<FromChild<'_>>(&frame),
            Err(ProtocolError::TrailingBytes(2))
        ));
    }
}

#[test]
fn an_unknown_kind_is_refused() {
    for kind in KINDS..0x80 {
        assert!(decode::<FromChild<'_>>(&[kind]).is_err(), "{kind}");
    }
    // The longest number of a variant, and one that is too long.
    for kind in [&[0xff, 0xff, 0xff, 0xff, 0x0f][..], &[0xff; 12], &[0x80]] {
        assert!(decode::<FromChild<'_>>(kind).is_err(), "{kind:?}");
    }
    assert!(decode::<ToChild<'_>>(&[5]).is_err());
}

#[test]
fn values_that_cannot_be_are_refused() {
    let frame = |message: &FromChild<'_>| encode(message).expect("a frame");
    let languages = "eng".parse().expect("a language");
    let mut ocr = frame(&FromChild::Ocr {
        dpi: 1,
        languages,
        any_script: false,
        png: Body(&[]),
    });
    let mut at = ocr
        .windows(3)
        .position(|three| three == b"eng")
        .expect("it is there");
    ocr[at..at + 3].copy_from_slice(b"-ng");
    let mut page_start = frame(&FromChild::PageStart {
        page: 1,
        lookahead: true,
    });
    at = page_start.len() - 1;
    page_start[at] = 2;
    let mut failed = frame(&FromChild::Failed(ConvertError::InvalidDocument {
        reason: "é".into(),
    }));
    failed.pop();
    failed.push(b'a');
    for frame in [ocr, page_start, failed] {
        assert!(
            matches!(decode::<FromChild<'_>>(&frame), Err(ProtocolError::Malformed(_))),
            "{frame:?}"
        );
    }
}

/// A frame of the kind, with a length and what follows it.
fn announced(kind: u8, length: u64, rest: &[u8]) -> Vec<u8> {
    let length = postcard::to_stdvec(&length).expect("a number");
    [&[kind], length.as_slice(), rest].concat()
}

#[test]
fn more_than_a_frame_has_is_refused() {
    for length in [6, 1 << 20, 1 << 31, 1 << 40, u64::MAX] {
        for kind in [VERDICTS, PART] {
            let frame = announced(kind, length, BYTES);
            assert!(decode::<FromChild<'_>>(&frame).is_err(), "{kind} {length}");
        }
    }
    assert!(decode::<FromChild<'_>>(&announced(PART, 5, BYTES)).is_ok());
}

#[test]
fn a_list_has_an_end() {
    // Each takes two bytes of the frame, and eight of memory.
    let verdicts = |count: usize| announced(VERDICTS, count as u64, &vec![0; 2 * count]);
    assert!(decode::<FromChild<'_>>(&verdicts(MAX_ITEMS)).is_ok());
    let error = decode::<FromChild<'_>>(&verdicts(MAX_ITEMS + 1)).expect_err("too many");
    assert!(matches!(error, ProtocolError::Malformed(_)), "{error}");
}

#[test]
fn a_body_is_not_copied_out_of_its_frame() {
    let piece = vec![7; MAX_PART_BYTES];
    let frame = encode(&FromChild::Part(Body(&piece))).expect("a frame");
    assert!(frame.len() <= piece.len() + 16);
    let Ok(FromChild::Part(Body(bytes))) = decode(&frame) else {
        panic!("a part");
    };
    assert_eq!(bytes, piece);
    assert!(frame.as_ptr_range().contains(&bytes.as_ptr()));
}
