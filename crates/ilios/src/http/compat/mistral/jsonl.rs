use std::io::{self, BufRead, BufReader, Read};

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::refusal::Refusal;
use crate::app::{Spooled, Upload};
use crate::http::respond::problem::Problem;

/// Bytes of a line, at most.
const MAX_LINE: u64 = 64 << 20;
/// Faults that are told of one file.
const MAX_FAULTS: usize = 20;

type Fault = (usize, String);

/// Sees that every line of a file is a request.
pub(super) async fn check(upload: Upload) -> Result<Upload, Refusal> {
    let look = move || Ok::<_, io::Error>((faults(&upload.file)?, upload));
    let looked = tokio::task::spawn_blocking(look).await;
    let (faults, upload) = looked.map_err(Problem::internal)?.map_err(Problem::unavailable)?;
    if faults.is_empty() {
        return Ok(upload);
    }
    let errors = faults
        .iter()
        .map(|(line, message)| json!({"message": message, "line_number": line}));
    let errors: Vec<_> = errors.collect();
    let message = "Each line takes a JSON object with the request in \"body\".";
    let body = json!({
        "detail": "Invalid file format.", "message": message, "description": message, "errors": errors,
    });
    Err(Refusal::Worded(StatusCode::UNPROCESSABLE_ENTITY, body))
}

fn faults(file: &Spooled) -> io::Result<Vec<Fault>> {
    let (mut faults, mut number, mut requests) = (Vec::new(), 0, 0);
    each_line(file, &mut |line| {
        number += 1;
        if line.trim_ascii().is_empty() {
            return faults.len() < MAX_FAULTS;
        }
        requests += 1;
        if let Err(message) = request(line) {
            faults.push((number, message));
        }
        faults.len() < MAX_FAULTS
    })?;
    if requests == 0 {
        faults.push((0, "there is no line".to_owned()));
    }
    Ok(faults)
}

fn request(line: &[u8]) -> Result<(), String> {
    if line.len() as u64 > MAX_LINE {
        return Err(format!("a line takes at most {MAX_LINE} bytes"));
    }
    let fields: Map<String, Value> =
        serde_json::from_slice(line).map_err(|error| format!("it is no JSON object: {error}"))?;
    match fields.get("body") {
        Some(body) if body.is_object() => Ok(()),
        _ => Err("it has no object \"body\"".to_owned()),
    }
}

/// Reads a file line by line until `take` says that it has enough. A line that is too long is given cut.
pub(super) fn each_line(file: &Spooled, take: &mut dyn FnMut(&[u8]) -> bool) -> io::Result<()> {
    let mut reader = BufReader::new(file.open()?);
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = (&mut reader).take(MAX_LINE + 2).read_until(b'\n', &mut line)?;
        if read == 0 {
            return Ok(());
        }
        let is_cut = line.last() != Some(&b'\n') && read as u64 > MAX_LINE;
        if !take(line.strip_suffix(b"\n").unwrap_or(&line)) || is_cut {
            return Ok(());
        }
    }
}
