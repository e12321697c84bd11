use super::fields::Fields;
use super::{OldTable, Remark};
use crate::model::{Id, MicroCents, Operation, Timestamp, UsageRecord};

/// Engine and model of a usage record that comes from version 2.1.
const IMPORTED: &str = "imported";
/// More tokens than any document has; sums of them stay exact.
const MAX_TOKENS: i64 = 1_000_000_000_000;

/// The usage record of a row: its figures as they are, marked as imported. Costs there are whole cents that were
/// guessed from tokens, so there are no pages and no price of one.
#[must_use]
pub fn usage(mut row: Fields, now: Timestamp) -> (UsageRecord, Vec<Remark>) {
    let id = row.id();
    let document = row.reference("document_id", OldTable::Documents);
    let mut tokens = |column| u64::try_from(row.whole(column, 0..=MAX_TOKENS, 0)).unwrap_or(0);
    let (input_tokens, output_tokens) = (tokens("input_tokens"), tokens("output_tokens"));
    let margin = row.whole("margin_rate", 0..=1_000_000, 30);
    let record = UsageRecord {
        tenant: row.tenant(),
        document_id: document.map_or_else(|| of_none(&id), |(_, id)| id),
        operation: Operation::named(&row.text("operation").unwrap_or_default()),
        engine: IMPORTED.to_owned(),
        model: IMPORTED.to_owned(),
        pages: 0,
        input_tokens,
        output_tokens,
        unit_price: MicroCents::default(),
        margin_basis_points: u32::try_from(margin * 100).unwrap_or(0),
        base: MicroCents::new(row.millionths("base_cost_cents")),
        total: MicroCents::new(row.millionths("total_cost_cents")),
        created_at: row.moment("created_at").unwrap_or(now),
        id,
    };
    (record, row.into_remarks())
}

/// Stands for the document of a record that has none, or none of its own.
pub(super) fn of_none(record: &Id) -> Id {
    record.derived("document")
}
