use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read};

use super::{Fault, variables};

/// Suffix of variables that name a file with a secret, which is how Docker and Kubernetes hand over secrets.
pub(super) const FILE_SUFFIX: &str = "_FILE";

/// Bytes that such a file may have.
const MAX_BYTES: u64 = 64 * 1024;

/// Reads the secrets whose files are named, each in place of its variable.
pub(super) fn read(values: &mut HashMap<String, String>, faults: &mut Vec<Fault>) {
    for variable in variables().filter(|variable| variable.secret) {
        let name = format!("{}{FILE_SUFFIX}", variable.name);
        let Some(file) = values.get(&name) else {
            continue;
        };
        let other = variable.name;
        let secret = if values.contains_key(other) {
            Err(format!(
                "names a file for {other}, which is set, too; unset one of the two"
            ))
        } else if file.trim().is_empty() {
            Err("is blank; unset it, or name a file".to_owned())
        } else {
            content(file.trim())
        };
        match secret {
            Ok(secret) => {
                values.insert(other.to_owned(), secret);
            }
            Err(message) => faults.push(Fault::new(name, message)),
        }
    }
}

/// The text of a file, without the end of its line.
fn content(file: &str) -> Result<String, String> {
    let cannot = |error: io::Error| format!("names a file that cannot be read: {error}");
    let file = File::open(file).map_err(cannot)?;
    if file.metadata().map_err(cannot)?.is_dir() {
        return Err("names a folder, not a file".into());
    }
    let mut bytes = Vec::new();
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(cannot)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(format!("names a file of more than {MAX_BYTES} bytes"));
    }
    let text = String::from_utf8(bytes).map_err(|_| "names a file that is no UTF-8 text")?;
    let text = text.trim_end_matches(['\r', '\n']);
    if text.trim().is_empty() {
        return Err("names a file that is empty".into());
    }
    Ok(text.to_owned())
}
