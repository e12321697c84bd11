use serde::Serialize;

/// An amount of money in millionths of a US cent, exact.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct MicroCents(i64);

impl MicroCents {
    /// From millionths of a cent.
    #[must_use]
    pub const fn new(micro_cents: i64) -> Self {
        Self(micro_cents)
    }

    /// Millionths of a cent.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }
}
