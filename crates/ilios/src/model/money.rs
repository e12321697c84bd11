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

    /// Whole cents, half a cent rounded up. For display alone.
    #[must_use]
    pub const fn rounded_cents(self) -> i64 {
        self.0.saturating_add(500_000).div_euclid(1_000_000)
    }

    /// Dollars with two digits after the point. For display alone.
    #[must_use]
    pub fn display_dollars(self) -> String {
        let cents = self.rounded_cents();
        let sign = if cents < 0 { "-" } else { "" };
        format!(
            "{sign}{}.{:02}",
            cents.unsigned_abs() / 100,
            cents.unsigned_abs() % 100
        )
    }
}

impl std::ops::Add for MicroCents {
    type Output = Self;

    /// Saturates.
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}
