//! What the stand-in does wrong on request. Everything is right by default.

use serde::{Deserialize, Serialize};

/// All faults of a stand-in; also the JSON of `PUT /control/faults`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// Requests that fail, each outage in the order given.
    pub outages: Vec<Outage>,
    /// What is odd about the answers of OCR.
    pub answers: Answers,
    /// How batch jobs run.
    pub batches: Batches,
    /// Where documents become too large.
    pub limits: Limits,
    /// An upload of bytes that are there already gets the id that they have.
    pub same_id_for_same_bytes: bool,
    /// How often OCR by id and the signed address of a new file are answered with 404.
    pub missing_after_upload: u32,
    /// How often the state of a new job is answered with 404.
    pub missing_after_job: u32,
}

/// Some requests that fail.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outage {
    /// The requests that it hits, such as `POST /v1/ocr` or `GET /v1/files/{id}/url`; all when absent.
    #[serde(default)]
    pub request: Option<String>,
    /// How many requests that it hits are let through first.
    #[serde(default)]
    pub after: u32,
    /// How many requests fail then.
    #[serde(default = "once")]
    pub times: u32,
    /// In which way.
    pub failure: Failure,
}

const fn once() -> u32 {
    1
}

impl Outage {
    /// The next `times` requests of this kind fail.
    #[must_use]
    pub fn of(request: &str, times: u32, failure: Failure) -> Self {
        Self {
            request: Some(request.to_owned()),
            after: 0,
            times,
            failure,
        }
    }
}

/// The ways to fail. All but the first happen after the work is done: the pages are billed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Failure {
    /// An error with a body as it was seen for that status.
    Status {
        /// The status, such as 429 or 503.
        status: u16,
        /// The value of `Retry-After`; no such header when absent.
        #[serde(default)]
        retry_after: Option<String>,
        /// The work is done nevertheless, as when a gateway loses patience: the pages are billed.
        #[serde(default)]
        worked: bool,
    },
    /// A page of HTML instead of JSON.
    Html {
        /// Its status, mostly 200.
        status: u16,
    },
    /// The right answer, late.
    Stall {
        /// How long nothing comes.
        milliseconds: u64,
    },
    /// The head and half of the body at once, the rest late.
    StallInside {
        /// How long nothing comes in between.
        milliseconds: u64,
    },
    /// A complete answer with half of the JSON.
    CutJson,
    /// The connection ends in the middle of the body.
    CutConnection,
}

/// What is odd about answers of OCR, alone and inside batches.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Answers {
    /// What `usage_info` says. The count of what was billed stays right.
    pub page_count: PageCount,
    /// How many pages are missing at the end of `pages`.
    pub lost_pages: usize,
    /// How many pages there are that the document does not have.
    pub extra_pages: usize,
    /// The Markdown of every page is empty.
    pub empty_pages: bool,
    /// `dimensions` are null.
    pub null_dimensions: bool,
    /// The coordinates of images are null.
    pub null_coordinates: bool,
    /// Images are bare base64 instead of data URIs.
    pub bare_base64: bool,
    /// The name of the model has `-completion` at its end.
    pub completion_names: bool,
    /// Blocks have a type that nobody knows.
    pub unknown_blocks: bool,
    /// `blocks` is empty.
    pub no_blocks: bool,
    /// Pages have only the keys that must be there.
    pub bare_pages: bool,
    /// So many letters are added to the Markdown of the last page.
    pub padding: usize,
}

/// What an answer says of its number of pages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageCount {
    /// The number of pages that were read.
    #[default]
    Right,
    /// This number.
    Says(i64),
    /// `usage_info` has no `pages_processed`.
    Missing,
    /// There is no `usage_info`.
    NoUsage,
}

/// How batch jobs run.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Batches {
    /// How often a job is looked at before it has ended: queued at first, running then.
    pub looks: u32,
    /// Lines that fail although nothing is wrong with them. The job ends as `SUCCESS` nevertheless.
    pub failing_lines: Vec<String>,
    /// What the body of a failed line is.
    pub error_body: ErrorBody,
    /// Lines for which there is no answer at all.
    pub lost_lines: Vec<String>,
    /// Jobs end as `FAILED`, without results and without a charge.
    pub fail: bool,
}

impl Default for Batches {
    fn default() -> Self {
        Self {
            looks: 2,
            failing_lines: Vec::new(),
            error_body: ErrorBody::default(),
            lost_lines: Vec::new(),
            fail: false,
        }
    }
}

/// What the body of a failed line is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorBody {
    /// JSON inside a string, as it was seen.
    #[default]
    Text,
    /// An object, as it is inside lines that went well.
    Object,
}

/// Where documents become too large. Documented is "50 MB" and "512 MB"; the smaller reading is taken.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Bytes of a document that is read.
    pub document_bytes: usize,
    /// Bytes of a file that is uploaded.
    pub file_bytes: usize,
    /// Pages of a document, whichever of them are asked for.
    pub pages: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            document_bytes: 50_000_000,
            file_bytes: 512_000_000,
            pages: 1_000,
        }
    }
}
