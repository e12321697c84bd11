use std::io::{Cursor, Read};

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use crate::Metadata;

/// Bytes of the stream that are read, at most; a preview image may follow them.
const MAX_STREAM_BYTES: u64 = 1 << 20;
/// Properties that are read, at most.
const MAX_PROPERTIES: usize = 100;

/// Reads title, author and dates of an OLE compound file from its summary stream (MS-OLEPS, section 2.25.1).
pub(super) fn read(bytes: &[u8]) -> Metadata {
    let mut set = Vec::new();
    let Ok(mut file) = cfb::CompoundFile::open(Cursor::new(bytes)) else {
        return Metadata::default();
    };
    let Ok(stream) = file.open_stream("/\u{5}SummaryInformation") else {
        return Metadata::default();
    };
    if stream.take(MAX_STREAM_BYTES).read_to_end(&mut set).is_err() {
        return Metadata::default();
    }
    parse(&set).unwrap_or_default()
}

fn parse(set: &[u8]) -> Option<Metadata> {
    let section = set.get(number(set, 44)? as usize..)?;
    let count = (number(section, 4)? as usize).min(MAX_PROPERTIES);
    let entries = (0..count).filter_map(|index| {
        let (id, offset) = (number(section, 8 + index * 8)?, number(section, 12 + index * 8)?);
        Some((id, section.get(offset as usize..)?))
    });
    let properties: Vec<(u32, &[u8])> = entries.collect();
    let find = |id: u32| {
        properties
            .iter()
            .find(|(other, _)| *other == id)
            .map(|(_, value)| *value)
    };
    let encoding = find(1)
        .and_then(|value| number(value, 4))
        .map_or(WINDOWS_1252, encoding);
    Some(Metadata {
        title: find(2).and_then(|value| text(value, encoding)),
        author: find(4).and_then(|value| text(value, encoding)),
        created: find(12).and_then(time),
        modified: find(13).and_then(time),
        page_count: None,
        attachments: Vec::new(),
    })
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(
        bytes.get(at..at.checked_add(4)?)?.try_into().ok()?,
    ))
}

fn encoding(code_page: u32) -> &'static Encoding {
    match code_page & 0xffff {
        65_001 => UTF_8,
        932 => encoding_rs::SHIFT_JIS,
        936 => encoding_rs::GBK,
        949 => encoding_rs::EUC_KR,
        950 => encoding_rs::BIG5,
        10_000 => encoding_rs::MACINTOSH,
        page => Encoding::for_label(format!("windows-{page}").as_bytes()).unwrap_or(WINDOWS_1252),
    }
}

/// Reads a string of bytes (type 30) or UTF-16 (type 31), with its length before and a zero behind.
fn text(value: &[u8], encoding: &'static Encoding) -> Option<String> {
    let length = number(value, 4)? as usize;
    let text = match number(value, 0)? {
        30 => {
            encoding
                .decode_without_bom_handling(value.get(8..length.checked_add(8)?)?)
                .0
        }
        31 => {
            let end = length.checked_mul(2)?.checked_add(8)?;
            encoding_rs::UTF_16LE
                .decode_without_bom_handling(value.get(8..end)?)
                .0
        }
        _ => return None,
    };
    let text = text.split('\0').next().unwrap_or_default().trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Reads a time (type 64, tenths of microseconds since 1601) as RFC 3339.
fn time(value: &[u8]) -> Option<String> {
    if number(value, 0)? != 64 {
        return None;
    }
    let ticks = u64::from(number(value, 4)?) | u64::from(number(value, 8)?) << 32;
    let seconds = ticks / 10_000_000;
    // Less than a year is a duration, or not set.
    if seconds < 366 * 86_400 {
        return None;
    }
    let (year, month, day) = date(seconds / 86_400);
    let second = seconds % 86_400;
    Some(format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z",
        second / 3_600,
        second / 60 % 60,
        second % 60
    ))
}

/// Converts days since 1601-01-01, where a cycle of 400 years begins, to a Gregorian date.
fn date(days: u64) -> (u64, u64, u64) {
    // Years from March on, so that the leap day is the last one.
    let days = days + 306;
    let (cycle, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    (1_600 + cycle * 400 + year + next, month, day)
}
