use super::printable::is_hidden;

/// Names of devices on Windows, with whatever extension. A digit may be a superscript one.
const DEVICES: [&str; 7] = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$"];
const NUMBERED_DEVICES: [&str; 2] = ["COM", "LPT"];
/// Bytes that a name may have: what file systems take.
const MAX_BYTES: usize = 255;

/// `name` as the name of one file on any system: without path separators, control characters and what Windows does not
/// take, no device, at most 255 bytes, never empty. A name that is one already stays as it is.
#[must_use]
pub fn portable_name(name: &str) -> String {
    let allowed =
        |c: char| !is_hidden(c) && !matches!(c, '<' | '>' | ':' | '"' | '/' | '\\' | '|' | '?' | '*');
    let name: String = name.chars().map(|c| if allowed(c) { c } else { '_' }).collect();
    let name = name.trim_end_matches(['.', ' ']);
    if name.trim_start_matches(['.', ' ']).is_empty() {
        return "document".into();
    }
    shortened(&without_device(name))
}

/// `name`, with a `_` before it where Windows would open a device instead of the file.
#[must_use]
pub fn without_device(name: &str) -> String {
    // What follows the first dot does not count, nor do spaces before it.
    let stem = name.split(['.', ':']).next().unwrap_or_default();
    let stem = stem.trim_end_matches(' ').to_uppercase();
    let numbered = |device: &str| {
        stem.strip_prefix(device).is_some_and(|number| {
            let mut digits = number.chars();
            let digit = digits
                .next()
                .is_some_and(|c| c.is_ascii_digit() || matches!(c, '¹' | '²' | '³'));
            digit && digits.next().is_none()
        })
    };
    if DEVICES.contains(&stem.as_str()) || NUMBERED_DEVICES.into_iter().any(numbered) {
        format!("_{name}")
    } else {
        name.to_owned()
    }
}

/// The same for names that some file systems hold to be one: those that differ in capitals alone.
#[must_use]
pub fn folded(name: &str) -> String {
    name.to_lowercase().to_uppercase()
}

/// Cut to what file systems take, before the extension.
fn shortened(name: &str) -> String {
    if name.len() <= MAX_BYTES {
        return name.to_owned();
    }
    let (stem, extension) = match name.rfind('.') {
        Some(dot) if dot > 0 && name.len() - dot <= 16 => name.split_at(dot),
        _ => (name, ""),
    };
    let end = stem.floor_char_boundary(MAX_BYTES - extension.len());
    let cut = format!("{}{extension}", &stem[..end]);
    cut.trim_end_matches(['.', ' ']).to_owned()
}
