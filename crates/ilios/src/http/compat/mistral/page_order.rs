use ilios_convert::PageRanges;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Ranges that a request may name.
const MAX_RANGES: usize = 5_000;

/// Pages that are asked for, from 0, in the order in which they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PageOrder(Vec<(u32, u32)>);

impl PageOrder {
    /// Reads a list of numbers, or a text such as `0,2-4`.
    pub(super) fn read(value: &Value) -> Option<Self> {
        let ranges: Vec<(u32, u32)> = match value {
            Value::Array(numbers) if numbers.len() <= MAX_RANGES => {
                let number = |value: &Value| u32::try_from(value.as_u64()?).ok();
                let ranges = numbers.iter().map(|value| number(value).map(|page| (page, page)));
                ranges.collect::<Option<_>>()?
            }
            Value::String(text) => text
                .split(',')
                .take(MAX_RANGES + 1)
                .map(range)
                .collect::<Option<_>>()?,
            _ => return None,
        };
        let is_sound = !ranges.is_empty() && ranges.len() <= MAX_RANGES;
        is_sound.then_some(Self(ranges))
    }

    /// The selection of these pages, from 1.
    pub(super) fn selection(&self) -> Option<PageRanges> {
        let range =
            |(first, last): &(u32, u32)| format!("{}-{}", first.saturating_add(1), last.saturating_add(1));
        let text: Vec<String> = self.0.iter().map(range).collect();
        text.join(",").parse().ok()
    }

    /// The place of a page among those that are asked for.
    pub(super) fn place(&self, page: u32) -> usize {
        let holds = |(first, last): &(u32, u32)| (*first..=*last).contains(&page);
        self.0.iter().position(holds).unwrap_or(self.0.len())
    }
}

fn range(text: &str) -> Option<(u32, u32)> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let number = |text: &str| {
        let text = text.trim();
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<u32>().ok().filter(|_| is_number)
    };
    let (first, last) = (number(first)?, number(last)?);
    (first <= last).then_some((first, last))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::PageOrder;

    #[test]
    fn pages_are_a_list_or_a_text() {
        for (value, selection) in [
            (json!([0]), "1"),
            (json!([2, 0]), "1,3"),
            (json!("0, 2-4"), "1,3-5"),
            (json!("0-0"), "1"),
        ] {
            let order = PageOrder::read(&value).expect("pages");
            assert_eq!(order.selection(), Some(selection.parse().expect("pages")));
        }
        let order = PageOrder::read(&json!("5,0-2")).expect("pages");
        assert!(order.place(5) < order.place(1) && order.place(9) == 2);
        for value in [
            json!([]),
            json!([-1]),
            json!([1.5]),
            json!(["1"]),
            json!(""),
            json!("1-"),
            json!("+1"),
            json!("3-1"),
            json!(7),
            json!([u64::from(u32::MAX) + 1]),
        ] {
            assert_eq!(PageOrder::read(&value), None, "{value}");
        }
    }
}
