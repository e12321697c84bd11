use std::time::Duration;

/// The longest span: ten years.
const MAX_SPAN: Duration = Duration::from_secs(3_650 * 24 * 60 * 60);

/// Reads a span of time: a whole number with its unit, `s`, `m`, `h` or `d`, up to ten years.
pub(super) fn parse_span(text: &str) -> Result<Duration, &'static str> {
    const TAKES: &str = "takes a whole number with a unit (s, m, h, d), such as 90d, up to 3650d";
    let units = [('s', 1), ('m', 60), ('h', 60 * 60), ('d', 24 * 60 * 60)];
    let read = || {
        let (unit, seconds) = units.into_iter().find(|(unit, _)| text.ends_with(*unit))?;
        let number: u64 = text.strip_suffix(unit)?.parse().ok()?;
        let span = Duration::from_secs(number.checked_mul(seconds)?);
        (span <= MAX_SPAN).then_some(span)
    };
    read().ok_or(TAKES)
}
