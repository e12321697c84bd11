//! Which pages are asked for: numbers from zero, as an array or as a list with ranges.

use serde_json::Value;

use super::content::Content;
use crate::refusal::Refusal;
use crate::schema::{Flaw, item};

/// A range may not be used to make the stand-in count to the end of the numbers.
const MAX_PAGE_NUMBER: u64 = 100_000;

/// Checks an array such as `[0, 2]` or a list such as `"0,2-4"`.
pub(crate) fn check(value: &Value, at: &[Value], flaws: &mut Vec<Flaw>) {
    match value {
        Value::Array(numbers) => {
            for (number, value) in numbers.iter().enumerate() {
                if value.as_u64().is_none() {
                    let message = "Input should be a valid integer";
                    flaws.push(Flaw::new("int_type", &item(at, number), message, value));
                }
            }
        }
        Value::String(list) => {
            if parse(list).is_none() {
                flaws.push(Flaw::value(at, "not a list of pages", value));
            }
        }
        _ => flaws.push(Flaw::new("list_type", at, "Input should be a valid list", value)),
    }
}

/// The numbers of a list such as `0,2-4`, ends included.
fn parse(list: &str) -> Option<Vec<u64>> {
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        digits
            .then(|| text.parse::<u64>().ok())
            .flatten()
            .filter(|number| *number < MAX_PAGE_NUMBER)
    };
    let mut pages = Vec::new();
    for part in list.split(',') {
        match part.split_once('-') {
            None => pages.push(number(part)?),
            Some((first, last)) => {
                let (first, last) = (number(first)?, number(last)?);
                if first > last {
                    return None;
                }
                pages.extend(first..=last);
            }
        }
    }
    Some(pages)
}

/// The pages to read, in the order in which they are asked for. A page that the document does not have is refused:
/// what the real service does with it is not known. A document of flowing text is one page, whatever is asked for.
pub(crate) fn wanted(asked: Option<&Value>, pages: usize, content: Content) -> Result<Vec<usize>, Refusal> {
    let numbers = match asked {
        Some(Value::Array(numbers)) => numbers.iter().filter_map(Value::as_u64).collect(),
        Some(Value::String(list)) => parse(list).unwrap_or_default(),
        _ => return Ok((0..pages).collect()),
    };
    if content.flows() {
        return Ok((0..pages).collect());
    }
    let found = numbers.iter().map(|number| {
        let page = usize::try_from(*number).ok().filter(|page| *page < pages);
        page.ok_or_else(|| Refusal::Error {
            status: 400,
            kind: "invalid_request_error",
            code: None,
            message: format!("Page {number} is not in a document of {pages} pages."),
        })
    });
    found.collect()
}
