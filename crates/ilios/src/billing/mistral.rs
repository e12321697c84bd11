use crate::model::MicroCents;

/// Mistral's price for a page of one of its models. Prices are of the day in [`PRICES_DATE`].
struct Listed {
    /// The beginning of the model's name.
    model: &'static str,
    /// One page.
    page: MicroCents,
}

/// The day of the table.
pub const PRICES_DATE: &str = "2026-08-21";
/// Source of the table.
pub const PRICES_SOURCE: &str = "the model cards in Mistral's documentation";

const fn listed(model: &'static str, dollars_per_1000: i64) -> Listed {
    Listed {
        model,
        // 1000 pages for a dollar are a tenth of a cent a page.
        page: MicroCents::new(dollars_per_1000 * 100_000),
    }
}

/// Longer names first, where one begins with another.
const PRICES: &[Listed] = &[
    listed("mistral-ocr-4", 4),
    listed("mistral-ocr-latest", 4),
    listed("mistral-ocr-3", 2),
    listed("mistral-ocr-2512", 2),
    listed("mistral-ocr-2505", 1),
    listed("mistral-ocr-2503", 1),
];

/// The price of a page that `model` has read. A model that is not in the table costs as much as the dearest: a bill
/// may surprise by being smaller.
pub(super) fn page(model: &str) -> MicroCents {
    let found = PRICES.iter().find(|listed| model.starts_with(listed.model));
    let dearest = PRICES.iter().map(|listed| listed.page).max();
    found.map(|listed| listed.page).or(dearest).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn a_page_costs_what_its_model_costs_whatever_the_name_ends_with() {
        for (model, micro_cents) in [
            ("mistral-ocr-latest", 400_000),
            ("mistral-ocr-4-1", 400_000),
            ("mistral-ocr-4-0-completion", 400_000),
            ("mistral-ocr-2512", 200_000),
            ("mistral-ocr-3-0", 200_000),
            ("mistral-ocr-2505-completion", 100_000),
            ("mistral-ocr-5", 400_000),
        ] {
            assert_eq!(page(model).get(), micro_cents, "{model}");
        }
    }
}
