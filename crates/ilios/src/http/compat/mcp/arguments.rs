use std::fmt::Display;
use std::str::FromStr;

use rmcp::model::JsonObject;
use serde_json::Value;

use crate::http::respond::problem::Problem;
use crate::model::Id;

/// Characters of an answer where the model does not say how many.
pub(super) const DEFAULT_CHARS: usize = 40_000;
/// The fewest characters that an answer may be limited to.
pub(super) const MIN_CHARS: u64 = 200;
/// The most characters of an answer.
pub(super) const MAX_CHARS: usize = 1_000_000;

/// Arguments of a tool. Models write numbers as texts at times, and texts as numbers: both are taken. `null` says nothing.
pub(super) struct Arguments(JsonObject);

impl Arguments {
    pub(super) fn new(arguments: JsonObject) -> Self {
        Self(arguments)
    }

    /// A text, as it is; `None` when it is blank.
    pub(super) fn text(&mut self, name: &'static str) -> Result<Option<String>, Problem> {
        let text = match self.0.remove(name) {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::String(text)) => text,
            Some(Value::Number(number)) => number.to_string(),
            Some(_) => return Err(Problem::invalid(name, "takes a text")),
        };
        Ok((!text.trim().is_empty()).then_some(text))
    }

    pub(super) fn required(&mut self, name: &'static str) -> Result<String, Problem> {
        self.text(name)?
            .ok_or_else(|| Problem::invalid(name, "is required"))
    }

    /// A value that its type reads.
    pub(super) fn value<T: FromStr>(&mut self, name: &'static str) -> Result<Option<T>, Problem>
    where
        T::Err: Display,
    {
        let text = self.text(name)?;
        let read = text.map(|text| text.trim().parse()).transpose();
        read.map_err(|takes: T::Err| Problem::invalid(name, takes))
    }

    /// A value that `read` knows.
    pub(super) fn known<T>(
        &mut self,
        name: &'static str,
        takes: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, Problem> {
        let text = self.text(name)?;
        let read = text.map(|text| read(text.trim()).ok_or_else(|| Problem::invalid(name, takes)));
        read.transpose()
    }

    /// A whole number within bounds.
    pub(super) fn number(
        &mut self,
        name: &'static str,
        least: u64,
        most: u64,
    ) -> Result<Option<u64>, Problem> {
        let takes = format!("takes a whole number from {least} to {most}");
        self.known(name, &takes, |text| {
            text.parse().ok().filter(|number| (least..=most).contains(number))
        })
    }

    pub(super) fn document_id(&mut self) -> Result<Id, Problem> {
        let id = self.required("document_id")?;
        id.trim()
            .parse()
            .map_err(|takes| Problem::invalid("document_id", takes))
    }

    /// Characters of the answer, at most.
    pub(super) fn max_chars(&mut self) -> Result<usize, Problem> {
        let number = self.number("max_chars", MIN_CHARS, MAX_CHARS as u64)?;
        Ok(number.map_or(DEFAULT_CHARS, |number| {
            usize::try_from(number).unwrap_or(DEFAULT_CHARS)
        }))
    }

    /// Refuses what no tool has asked for: it was meant to say something.
    pub(super) fn finish(self) -> Result<(), Problem> {
        match self.0.keys().next() {
            None => Ok(()),
            Some(name) => {
                let shown: String = name.chars().filter(|c| !c.is_control()).take(64).collect();
                let error = format!("there is no argument `{shown}`");
                Err(Problem::invalid(
                    "arguments",
                    format_args!("takes those of the tool: {error}"),
                ))
            }
        }
    }
}
