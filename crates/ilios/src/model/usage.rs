use super::{Id, MicroCents, Tenant, Timestamp};

/// Cost of one completed conversion. There is exactly one a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageRecord {
    /// Its id.
    pub id: Id,
    /// The tenant that pays.
    pub tenant: Tenant,
    /// The document it is for.
    pub document_id: Id,
    /// Operation by which the conversion was requested.
    pub operation: Operation,
    /// The engine that did it.
    pub engine: String,
    /// The engine's model.
    pub model: String,
    /// Pages that the engine says it processed.
    pub pages: u32,
    /// An estimate for old clients (bytes of the original / 4); not billed.
    pub input_tokens: u64,
    /// An estimate for old clients (bytes of the Markdown / 4); not billed.
    pub output_tokens: u64,
    /// Price of one page before the margin.
    pub unit_price: MicroCents,
    /// The margin in hundredths of a per cent: 3000 is 30 %.
    pub margin_basis_points: u32,
    /// Pages times unit price.
    pub base: MicroCents,
    /// Base and margin.
    pub total: MicroCents,
    /// Time at which the conversion was completed.
    pub created_at: Timestamp,
}

/// Operation by which a conversion was requested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operation {
    /// `POST /v1/convert`: converted at once.
    ConvertImmediate,
    /// Through the queue.
    Convert,
    /// As another version of the program called it, from whose database the record comes.
    Imported(String),
}

impl Operation {
    /// The operation of this name.
    #[must_use]
    pub fn named(name: &str) -> Self {
        [Self::ConvertImmediate, Self::Convert]
            .into_iter()
            .find(|operation| operation.as_str() == name)
            .unwrap_or_else(|| Self::Imported(name.to_owned()))
    }

    /// The name in usage records.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::ConvertImmediate => "convert-immediate",
            Self::Convert => "convert",
            Self::Imported(name) => name,
        }
    }
}
