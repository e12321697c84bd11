//! PDFs in parts: what their pages need, and pages cut out of them. Children do the work, as they do conversions.

use std::sync::Arc;

use bytes::Bytes;
use ilios_convert::{PageAssessment, PartLimits, PlannedPart};

use super::frame_collector::{FrameCollector, SingleMessage, Step};
use super::protocol::{FromChild, MAX_PART_BYTES, ProtocolError, Task};
use super::{EngineError, LocalEngine, Request};
use crate::spool::{Incoming, Spool, SpoolError, Spooled};

impl LocalEngine {
    /// Tells of every page of a PDF, in order, whether its text layer is sound or it needs OCR. Nothing is painted or
    /// recognized, so it costs a fraction of a conversion. A document is looked at once.
    ///
    /// # Errors
    /// Those of a conversion of the document; for what is no PDF `invalid_document`.
    pub async fn assess(&self, request: &Request) -> Result<Arc<[PageAssessment]>, EngineError> {
        let assessed = request.assessed.0.get_or_try_init(|| async {
            if let Some(known) = self.assessments.get(request) {
                return Ok(known);
            }
            let pages = self.assessed_by_child(request).await?.into();
            self.assessments.put(request, &pages);
            Ok::<_, EngineError>(pages)
        });
        assessed.await.cloned()
    }

    /// Has a child look at every page of a PDF.
    async fn assessed_by_child(&self, request: &Request) -> Result<Vec<PageAssessment>, EngineError> {
        let mut verdicts = SingleMessage(|message| match message {
            FromChild::Verdicts(verdicts) => Some(verdicts),
            _ => None,
        });
        self.run_in_child(request, Task::Assess, &mut verdicts).await
    }

    /// Divides the 1-based `pages` of a PDF into parts within `limits`, in their order. The same document, pages and
    /// limits give the same parts, also in another process: what has been done to a part can be kept by its pages.
    ///
    /// # Errors
    /// Those of a conversion of the document; `limit_exceeded` when a page alone is larger than a part may be.
    pub async fn plan(
        &self,
        request: &Request,
        pages: &[u32],
        limits: PartLimits,
    ) -> Result<Vec<PlannedPart>, EngineError> {
        let task = Task::Plan(pages.to_vec(), limits);
        let mut plan = SingleMessage(|message| match message {
            FromChild::Plan(parts) => Some(parts),
            _ => None,
        });
        self.run_in_child(request, task, &mut plan).await
    }

    /// Cuts parts out of a PDF: for each list of 1-based pages one PDF of these pages alone, in their order, spooled in
    /// `spool`. The same pages give the same bytes.
    ///
    /// # Errors
    /// Those of a conversion of the document; `limit_exceeded` when a part has more than `max_bytes`,
    /// `invalid_document` when a page does not exist; `Unavailable` when the spool cannot be written.
    pub async fn cut(
        &self,
        request: &Request,
        parts: &[Vec<u32>],
        max_bytes: u64,
        spool: &Spool,
    ) -> Result<Vec<Arc<Spooled>>, EngineError> {
        if parts.is_empty() {
            return Ok(Vec::new());
        }
        let mut collector = PartCollector::new(spool.clone(), max_bytes, parts.len());
        let task = Task::Cut(parts.to_vec(), max_bytes);
        self.run_in_child(request, task, &mut collector).await
    }
}

/// Spools parts as they arrive.
pub(super) struct PartCollector {
    spool: Spool,
    max_bytes: u64,
    wanted: usize,
    current: Option<Incoming>,
    /// Bytes of the current part.
    bytes: u64,
    done: Vec<Arc<Spooled>>,
}

impl FrameCollector<Vec<Arc<Spooled>>> for PartCollector {
    fn max_frame_bytes(&self) -> usize {
        // Its kind and its length come before the bytes.
        MAX_PART_BYTES + 16
    }

    async fn take(
        &mut self,
        message: FromChild<'_>,
        frame: &Bytes,
    ) -> Result<Step<Vec<Arc<Spooled>>>, ProtocolError> {
        match message {
            FromChild::Part(piece) => self.piece(frame.slice_ref(piece.0)).await?,
            FromChild::PartEnd => {
                let part = self.current.take().ok_or(ProtocolError::Unexpected)?;
                self.bytes = 0;
                self.done.push(Arc::new(part.finish()));
            }
            _ => return Err(ProtocolError::Unexpected),
        }
        Ok(if self.done.len() == self.wanted {
            Step::Done(std::mem::take(&mut self.done))
        } else {
            Step::More
        })
    }
}

impl PartCollector {
    /// Collects `wanted` parts of at most `max_bytes` each.
    pub(super) fn new(spool: Spool, max_bytes: u64, wanted: usize) -> Self {
        Self {
            spool,
            max_bytes,
            wanted,
            current: None,
            bytes: 0,
            done: Vec::new(),
        }
    }

    async fn piece(&mut self, bytes: Bytes) -> Result<(), ProtocolError> {
        self.bytes = self.bytes.saturating_add(bytes.len() as u64);
        if self.bytes > self.max_bytes {
            // The child has been told, so it is not the child that we know.
            return Err(SpoolError::TooLarge {
                limit: self.max_bytes,
            }
            .into());
        }
        let part = self.current.take().unwrap_or_else(|| self.spool.receive());
        self.current = Some(part.append(bytes).await?);
        Ok(())
    }
}
