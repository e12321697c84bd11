use crate::engine::EngineError;
use crate::model::{Failure, MicroCents, Status};
use crate::objects::ObjectsError;
use crate::outbound::FetchError;
use crate::spool::SpoolError;
use crate::store::StoreError;

use super::Busy;

/// Reason a use case did not do as asked.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The tenant has no such document.
    #[error("there is no such document")]
    NotFound,
    /// The document has no content (yet).
    #[error("the document is {0}; its content can be fetched once it is completed")]
    NotReady(Status),
    /// The document has another status than what was asked for needs.
    #[error("the document is {status}; {takes}")]
    WrongStatus {
        /// Its status.
        status: Status,
        /// Statuses that the request takes, in words.
        takes: &'static str,
    },
    /// The file was refused before it became a document.
    #[error("{}", .0.message)]
    Refused(Failure),
    /// The direct upload is not complete.
    #[error("the upload is not complete: {0}")]
    NotUploaded(String),
    /// The direct upload that an address was for has ended.
    #[error(
        "this upload address has ended: its upload is complete, was cancelled or given up, or its document is deleted"
    )]
    UploadEnded,
    /// More bytes were sent to an upload address than were announced.
    #[error("takes the {announced} bytes that were announced as fileSize, not more")]
    LongerThanAnnounced {
        /// Bytes that were announced.
        announced: u64,
    },
    /// The original of the document was not kept.
    #[error("the original of this document was not kept")]
    NoOriginal,
    /// The document was converted without the places of its words.
    #[error(
        "this document was converted without the places of its words; POST /api/documents/{{id}}/reconvert with places=word finds them"
    )]
    NoPlaces,
    /// The document has fewer pages.
    #[error("there is no page {page}; the document has {count}")]
    NoSuchPage {
        /// Page that was asked for.
        page: u32,
        /// Its pages.
        count: u32,
    },
    /// The document has no such block.
    #[error("there is no block {0}; ids of blocks are in `format=json`, and a hash finds a block again")]
    NoSuchBlock(ilios_convert::ir::BlockId),
    /// The block has no place on a page.
    #[error("the block has no box on a page: only blocks of PDFs and pictures do")]
    NoRegion,
    /// The original of the document is gone.
    #[error("the original of this document is no longer in the object store")]
    OriginalLost,
    /// The document is being converted again already.
    #[error(
        "this document is being converted again already; `reconversion` of its status says how it stands"
    )]
    ReconversionUnderWay,
    /// The request's name belongs to another request.
    #[error("this Idempotency-Key was used for another request within the last 24 hours")]
    IdempotencyKeyReused,
    /// The conversion would cost more than the client allows, or its cost cannot be known before.
    #[error("{}", cost_limit_exceeded(*cost, *limit))]
    CostLimitExceeded {
        /// Its cost, margin included, where that is known.
        cost: Option<MicroCents>,
        /// Limit that the client has set.
        limit: MicroCents,
    },
    /// A key of test data asks for an engine that costs.
    #[error("a test key never spends: it takes engine=local or auto, and no batches of a provider")]
    TestKey,
    /// The work was cut off by the end of the process.
    #[error("the server is stopping")]
    Interrupted,
    /// The spool failed.
    #[error(transparent)]
    Spool(#[from] SpoolError),
    /// The object store failed.
    #[error(transparent)]
    Objects(#[from] ObjectsError),
    /// Too many conversions run and wait.
    #[error(transparent)]
    Busy(#[from] Busy),
    /// The document was not fetched from where the client said.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// The content could not be made into what was asked for.
    #[error(transparent)]
    Rendering(EngineError),
    /// The document was not converted.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Reading or writing the database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn cost_limit_exceeded(cost: Option<MicroCents>, limit: MicroCents) -> String {
    let cents = |money: MicroCents| {
        let (whole, rest) = (money.get() / 1_000_000, money.get() % 1_000_000);
        let text = format!("{whole}.{rest:06}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    match cost {
        Some(cost) => format!(
            "the conversion would cost {} cents; maxCostCents allows {}",
            cents(cost),
            cents(limit)
        ),
        None => format!(
            "the pages of this type cannot be counted before the conversion, and maxCostCents allows {} cents; \
             leave it out, or take engine=local",
            cents(limit)
        ),
    }
}
