use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Selection of 1-based pages such as `1-3,7`: sorted, merged, never empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PageRanges(Vec<(u32, u32)>);

/// Error: the text is no selection of pages.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("takes 1-based page numbers and ranges such as 1-3,7")]
pub struct PageRangesError;

/// Ranges in a selection, at most: enough for every other page of the longest document.
const MAX_RANGES: usize = 5_000;

impl PageRanges {
    /// Selects these 1-based pages, given in any order; `None` when there are none.
    pub fn of(pages: impl IntoIterator<Item = u32>) -> Option<Self> {
        let pages = pages.into_iter().filter(|page| *page > 0);
        let ranges = merged(pages.map(|page| (page, page)).collect());
        (!ranges.is_empty()).then_some(Self(ranges))
    }

    /// Returns true if the 1-based `page` is selected.
    #[must_use]
    pub fn contains(&self, page: u32) -> bool {
        let after = self.0.partition_point(|&(first, _)| first <= page);
        after > 0 && page <= self.0[after - 1].1
    }

    /// Iterates over the selected pages of a document that has `count` pages, in ascending order.
    pub fn pages(&self, count: u32) -> impl Iterator<Item = u32> + '_ {
        self.0
            .iter()
            .flat_map(move |&(first, last)| first..=last.min(count))
    }
}

impl FromStr for PageRanges {
    type Err = PageRangesError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut ranges = Vec::new();
        for part in text.split(',') {
            if ranges.len() == MAX_RANGES {
                return Err(PageRangesError);
            }
            ranges.push(range(part.trim())?);
        }
        Ok(Self(merged(ranges)))
    }
}

fn range(part: &str) -> Result<(u32, u32), PageRangesError> {
    let (first, last) = part.split_once('-').unwrap_or((part, part));
    let (first, last) = (number(first.trim())?, number(last.trim())?);
    if first > last {
        Err(PageRangesError)
    } else {
        Ok((first, last))
    }
}

fn number(text: &str) -> Result<u32, PageRangesError> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse() {
        Ok(number) if digits && number > 0 => Ok(number),
        _ => Err(PageRangesError),
    }
}

fn merged(mut ranges: Vec<(u32, u32)>) -> Vec<(u32, u32)> {
    ranges.sort_unstable();
    let mut merged: Vec<(u32, u32)> = Vec::with_capacity(ranges.len());
    for (first, last) in ranges {
        match merged.last_mut() {
            Some(previous) if first <= previous.1.saturating_add(1) => previous.1 = previous.1.max(last),
            _ => merged.push((first, last)),
        }
    }
    merged
}

impl fmt::Display for PageRanges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (first, last)) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            if first == last {
                write!(f, "{comma}{first}")?;
            } else {
                write!(f, "{comma}{first}-{last}")?;
            }
        }
        Ok(())
    }
}

impl TryFrom<String> for PageRanges {
    type Error = PageRangesError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<PageRanges> for String {
    fn from(ranges: PageRanges) -> Self {
        ranges.to_string()
    }
}
