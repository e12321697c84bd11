use serde::{Deserialize, Serialize};

/// An amount of money in millionths of a US cent, exact.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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

/// Reads cents such as `25` or `0.4`, exact to a millionth of a cent; up to ten million dollars.
#[must_use]
pub fn parse_cents(text: &str) -> Option<MicroCents> {
    decimal(text, 6).map(MicroCents)
}

/// Reads dollars such as `4` or `3.50`, exact; up to a billion dollars.
#[must_use]
pub fn parse_dollars(text: &str) -> Option<MicroCents> {
    decimal(text, 8).map(MicroCents)
}

/// A number without a sign as units of its `digits`th place after the point.
fn decimal(text: &str, digits: usize) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let plain = |part: &str, most: usize| part.len() <= most && part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !plain(whole, 9) || !plain(fraction, digits) {
        return None;
    }
    format!("{whole}{fraction:0<digits$}").parse().ok()
}
