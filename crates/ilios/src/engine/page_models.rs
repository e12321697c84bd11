//! The model of converted pages, as bytes that only a child reads again: blocks contain each other, and a parent that
//! parsed them would give a compromised child its stack and memory.

use std::collections::BTreeMap;
use std::io::Write;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
pub(super) use ilios_convert::MODEL_VERSION;
use ilios_convert::Page;
use serde::Serialize;

use crate::model::DocumentModel;

/// The encoding: lines of JSON, each a member of a gzip stream.
pub(super) const MODEL_ENCODING: &str = "jsonl+gzip";

/// Models of the pages of a document, by their numbers. Each is a member of a gzip stream that holds one line of JSON, the
/// page with the version of the model, so that the members one after another are lines of JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageModels(BTreeMap<u32, Bytes>);

/// A line.
#[derive(Serialize)]
struct Line<'a> {
    model: &'static str,
    page: &'a Page,
}

impl PageModels {
    /// Encodes pages that this process has converted itself.
    ///
    /// # Errors
    /// A page cannot be said in JSON.
    pub(super) fn of(pages: &[Page]) -> Result<Self, std::io::Error> {
        let encoded = pages
            .iter()
            .map(|page| Ok((page.number, encode_page(page)?.into())));
        encoded.collect::<Result<_, std::io::Error>>().map(Self)
    }

    /// Adds the model of a page, which replaces an earlier one; an empty one is none.
    pub(super) fn insert(&mut self, page: u32, model: Bytes) {
        if !model.is_empty() {
            self.0.insert(page, model);
        }
    }

    /// Adds the models of other pages.
    pub(super) fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// The models of all pages in their order, as they are stored; `None` if no page has one.
    #[must_use]
    pub fn stored(&self) -> Option<DocumentModel> {
        if self.0.is_empty() {
            return None;
        }
        let pages: Vec<&[u8]> = self.0.values().map(AsRef::as_ref).collect();
        Some(DocumentModel {
            version: MODEL_VERSION.to_owned(),
            encoding: MODEL_ENCODING.to_owned(),
            bytes: pages.concat().into(),
        })
    }
}

/// The model of one page as a member of a gzip stream.
///
/// # Errors
/// The page cannot be said in JSON.
pub(super) fn encode_page(page: &Page) -> Result<Vec<u8>, std::io::Error> {
    let mut member = GzEncoder::new(Vec::new(), Compression::fast());
    let line = Line {
        model: MODEL_VERSION,
        page,
    };
    serde_json::to_writer(&mut member, &line)?;
    member.write_all(b"\n")?;
    member.finish()
}
