use std::collections::BTreeMap;

use serde_json::Value;

use crate::http::compat::mistral::fields::{Faults, Fields};
use crate::http::compat::mistral::refusal::Refusal;

/// Requests of a job, at most.
pub(super) const MAX_REQUESTS: usize = 10_000;
/// Files that a job names, at most.
const MAX_FILES: usize = 100;
/// Entries of its metadata, at most, and characters of their names and values.
const MAX_METADATA: usize = 64;
const MAX_NAME: usize = 32;
const MAX_VALUE: usize = 512;
/// Hours that it may take.
const HOURS: std::ops::RangeInclusive<u32> = 1..=168;
const DEFAULT_HOURS: u32 = 24;

/// Job that is asked for.
#[derive(Debug)]
pub(super) struct JobOrder {
    pub(super) source: JobSource,
    pub(super) model: Option<String>,
    pub(super) metadata: Option<BTreeMap<String, String>>,
    pub(super) hours: u32,
}

/// Place of the requests of a job.
#[derive(Debug)]
pub(super) enum JobSource {
    /// Files, by their ids.
    Files(Vec<String>),
    /// The order itself.
    Requests(Vec<Value>),
}

impl JobOrder {
    /// Reads the body of a request.
    pub(super) fn read(body: Value) -> Result<Self, Refusal> {
        let mut faults = Faults::default();
        let read = read(body, &mut faults);
        read.filter(|_| faults.is_empty()).ok_or(Refusal::Invalid(faults))
    }
}

fn read(body: Value, faults: &mut Faults) -> Option<JobOrder> {
    let mut fields = Fields::of(body, vec!["body".into()], faults)?;
    match fields.take("endpoint") {
        None => fields.missing("endpoint"),
        Some(endpoint) if endpoint == "/v1/ocr" => {}
        Some(_) => fields.wrong("endpoint", "Input should be '/v1/ocr'"),
    }
    let model = fields.text("model");
    if fields.take("agent_id").is_some() {
        fields.wrong("agent_id", "This server has no agents: leave the field out");
    }
    let metadata = fields.take("metadata").and_then(|value| {
        let metadata = metadata(&value);
        if metadata.is_none() {
            fields.wrong(
                "metadata",
                "Input should be an object of texts, whose names have 1 to 32 characters and values 1 to 512",
            );
        }
        metadata
    });
    let hours = fields.number("timeout_hours").unwrap_or(DEFAULT_HOURS);
    if !HOURS.contains(&hours) {
        fields.wrong("timeout_hours", "Input should be from 1 to 168");
    }
    let source = source(&mut fields);
    fields.finish();
    Some(JobOrder {
        source: source?,
        model,
        metadata,
        hours,
    })
}

fn source(fields: &mut Fields<'_>) -> Option<JobSource> {
    let files = fields.take("input_files");
    let requests = fields.take("requests");
    match (files, requests) {
        (Some(files), None) => {
            let ids = ids(files);
            if ids.is_none() {
                fields.wrong("input_files", "Input should be a list of 1 to 100 ids of files");
            }
            ids.map(JobSource::Files)
        }
        (None, Some(Value::Array(requests))) if (1..=MAX_REQUESTS).contains(&requests.len()) => {
            Some(JobSource::Requests(requests))
        }
        (None, Some(_)) => {
            fields.wrong("requests", "Input should be a list of 1 to 10000 requests");
            None
        }
        (Some(_), Some(_)) => {
            fields.wrong("requests", "Input should not be given beside input_files");
            None
        }
        (None, None) => {
            fields.missing("input_files");
            None
        }
    }
}

fn ids(value: Value) -> Option<Vec<String>> {
    let Value::Array(values) = value else {
        return None;
    };
    let ids: Option<Vec<String>> = values
        .into_iter()
        .map(|value| match value {
            Value::String(id) => Some(id),
            _ => None,
        })
        .collect();
    ids.filter(|ids| (1..=MAX_FILES).contains(&ids.len()))
}

fn metadata(value: &Value) -> Option<BTreeMap<String, String>> {
    let entries = value
        .as_object()
        .filter(|entries| entries.len() <= MAX_METADATA)?;
    let is_sound = |text: &str, most: usize| (1..=most).contains(&text.chars().count());
    entries
        .iter()
        .map(|(name, value)| {
            let value = value.as_str()?;
            let sound = is_sound(name, MAX_NAME) && is_sound(value, MAX_VALUE);
            sound.then(|| (name.clone(), value.to_owned()))
        })
        .collect()
}
