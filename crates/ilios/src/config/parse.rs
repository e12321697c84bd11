use std::ops::RangeInclusive;
use std::str::FromStr;

use super::{Fault, Raw, variables};
use crate::model::{Secret, parse_flag};

/// Reads variables one after the other and collects what is wrong with them.
pub(super) struct Parser<'a> {
    raw: &'a Raw,
    pub(super) faults: Vec<Fault>,
}

impl<'a> Parser<'a> {
    pub(super) fn new(raw: &'a Raw) -> Self {
        Self {
            raw,
            faults: raw.faults().to_vec(),
        }
    }

    /// The value of `name` as it is, be it blank.
    pub(super) fn as_set(&self, name: &str) -> Option<&'a str> {
        self.raw.as_set(name)
    }

    /// Refuses variables that are set and blank where being unset would switch something off that keeps others out.
    pub(super) fn refuse_blank(&mut self) {
        for variable in variables().filter(|variable| variable.never_blank) {
            if self
                .as_set(variable.name)
                .is_some_and(|value| value.trim().is_empty())
            {
                self.fault(
                    variable.name,
                    format!("is set and blank: takes {}; or unset it", variable.takes),
                );
            }
        }
    }

    pub(super) fn text(&self, name: &str) -> Option<&'a str> {
        self.raw.get(name)
    }

    /// The value of `name` as `parse` reads it, or `default` when it is unset or cannot be used.
    pub(super) fn value<T>(&mut self, name: &str, default: T, parse: impl FnOnce(&str) -> Option<T>) -> T {
        let Some(text) = self.text(name) else {
            return default;
        };
        parse(text).unwrap_or_else(|| {
            self.refuse(name);
            default
        })
    }

    pub(super) fn number<T>(&mut self, name: &str, default: T, range: RangeInclusive<T>) -> T
    where
        T: FromStr + PartialOrd + Copy,
    {
        self.value(name, default, |text| {
            text.parse().ok().filter(|number| range.contains(number))
        })
    }

    pub(super) fn flag(&mut self, name: &str) -> bool {
        self.value(name, false, parse_flag)
    }

    /// The secret `name`, which goes out in headers of requests.
    pub(super) fn header_secret(&mut self, name: &str) -> Option<Secret> {
        let text = self.text(name)?;
        if !is_carried(text) {
            self.fault(name, format!("takes {} of printable ASCII", takes(name)));
        }
        Some(Secret::new(text))
    }

    /// The value of `name`, which has to be set when `with` is.
    pub(super) fn needed(&mut self, name: &str, with: &str) -> &'a str {
        self.text(name).unwrap_or_else(|| {
            self.fault(name, format!("takes {}, and is needed with {with}", takes(name)));
            ""
        })
    }

    fn refuse(&mut self, name: &str) {
        self.fault(name, format!("takes {}", takes(name)));
    }

    pub(super) fn fault(&mut self, name: &str, message: String) {
        self.faults.push(Fault::new(name, message));
    }
}

fn takes(name: &str) -> &'static str {
    let variable = variables().find(|variable| variable.name == name);
    variable.map_or("another value", |variable| variable.takes)
}

/// Returns true if an HTTP header can carry `text`: it is printable ASCII.
pub(super) fn is_carried(text: &str) -> bool {
    text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

/// Reads a number of bytes: `1048576`, `500kB`, `20MB`, `1GB`, `1TB` (units of 1024), from 1 byte to 1 TB.
#[must_use]
pub fn parse_bytes(text: &str) -> Option<u64> {
    let lower = text.to_ascii_lowercase();
    let digits = lower.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = match lower[digits.len()..].trim() {
        "" | "b" => 1,
        "k" | "kb" | "kib" => 1 << 10,
        "m" | "mb" | "mib" => 1 << 20,
        "g" | "gb" | "gib" => 1 << 30,
        "t" | "tb" | "tib" => 1 << 40,
        _ => return None,
    };
    digits
        .parse::<u64>()
        .ok()?
        .checked_mul(unit)
        .filter(|bytes| (1..=1 << 40).contains(bytes))
}

/// Reads a rate as hundredths of a per cent: `0.30` and `30%` are 3000. From 0 to 10, exact.
#[must_use]
pub fn parse_rate(text: &str) -> Option<u32> {
    let (number, digits) = match text.strip_suffix('%') {
        Some(number) => (number.trim_end(), 2),
        None => (text, 4),
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let plain = |part: &str| part.len() <= 6 && part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !plain(whole) || !plain(fraction) || fraction.len() > digits {
        return None;
    }
    let units = format!("{whole}{fraction:0<digits$}").parse().ok()?;
    (units <= 100_000).then_some(units)
}
