//! Prices and the meter: exact integers, millionths of a cent.

mod mistral;

use crate::model::MicroCents;

pub use mistral::{PRICES_DATE, PRICES_SOURCE};

/// Price of pages on one engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    /// One page before the margin.
    pub unit: MicroCents,
    /// Margin in hundredths of a per cent: 3000 is 30 %.
    pub margin_basis_points: u32,
}

/// Cost of a conversion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Charge {
    /// Pages times unit price.
    pub base: MicroCents,
    /// Base and margin; a fraction of a micro-cent is rounded half up.
    pub total: MicroCents,
}

/// The prices of all engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prices {
    /// One page on the machine's own processors, before the margin.
    pub local: MicroCents,
    /// One page on Mistral, before the margin, in place of the table's.
    pub mistral: Option<MicroCents>,
    /// Margin in hundredths of a per cent.
    pub margin_basis_points: u32,
}

const BASIS: i128 = 10_000;

impl Prices {
    /// The price of a page on the local engine.
    #[must_use]
    pub fn local(&self) -> Price {
        Price {
            unit: self.local,
            margin_basis_points: self.margin_basis_points,
        }
    }

    /// The price of a page that Mistral's `model` reads, whatever of its names it is called by; half of it where it
    /// reads it as a part of a batch.
    #[must_use]
    pub fn mistral(&self, model: &str, in_batch: bool) -> Price {
        let page = self.mistral.unwrap_or_else(|| mistral::page(model));
        // Half of an odd price is rounded up.
        let half = MicroCents::new(page.get().saturating_add(1) / 2);
        Price {
            unit: if in_batch { half } else { page },
            margin_basis_points: self.margin_basis_points,
        }
    }
}

impl Default for Prices {
    /// Conversions on the machine's own processors cost nothing; the margin is 30 %.
    fn default() -> Self {
        Self {
            local: MicroCents::new(0),
            mistral: None,
            margin_basis_points: 3_000,
        }
    }
}

impl Price {
    /// Cost of `pages`. Saturates beyond 92 billion dollars.
    #[must_use]
    pub fn charge(self, pages: u32) -> Charge {
        let base = i128::from(self.unit.get()) * i128::from(pages);
        let total = (base * (BASIS + i128::from(self.margin_basis_points)) + BASIS / 2) / BASIS;
        Charge {
            base: saturated(base),
            total: saturated(total),
        }
    }
}

fn saturated(amount: i128) -> MicroCents {
    MicroCents::new(i64::try_from(amount).unwrap_or(i64::MAX))
}
