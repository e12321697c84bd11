/// Characters of an address that are looked at: a scheme and a media type are shorter.
const LOOKED_AT: usize = 256;
/// Media types of `data:` that are no page and hold none.
const HARMLESS_DATA: &[&str] = &[
    "text/plain",
    "text/csv",
    "application/json",
    "application/pdf",
    "application/octet-stream",
];

/// Returns true if following `url` runs a script: `javascript:`, `vbscript:` and similar schemes, or one of these
/// within a `view-source:` or the like. So does a `data:` URL, unless its media type is known to hold no page and no
/// drawing.
pub(super) fn runs_script(url: &str) -> bool {
    let url = plain(url);
    match scheme(&url) {
        Some(("data", rest)) => !is_harmless_data(rest),
        // An address within an address, as `view-source:` has it.
        Some(("view-source" | "feed" | "jar" | "about", rest)) => runs_script(rest),
        Some((scheme, _)) => !scheme.starts_with('`') && (scheme.ends_with("script") || scheme == "mocha"),
        None => false,
    }
}

fn is_harmless_data(rest: &str) -> bool {
    let end = rest.find([',', ';']).unwrap_or(rest.len());
    let kind = rest.get(..end).unwrap_or_default();
    let drawn = kind.contains("svg") || kind.contains("xml") || kind.contains("html");
    let shown = ["image/", "audio/", "video/", "font/"]
        .iter()
        .any(|shown| kind.starts_with(shown));
    kind.is_empty() || shown && !drawn || HARMLESS_DATA.contains(&kind)
}

/// The beginning of an address as browsers read it: without control characters and white space, in small letters.
fn plain(url: &str) -> String {
    url.chars()
        .filter(|c| !c.is_control() && !c.is_whitespace())
        .take(LOOKED_AT)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// The scheme and what is behind its colon. What has a colon before its first slash has a scheme, of whatever
/// characters it is made.
fn scheme(plain: &str) -> Option<(&str, &str)> {
    let end = plain.find([':', '/', '?', '#', '\\'])?;
    let (scheme, rest) = plain.split_at(end);
    rest.strip_prefix(':').map(|rest| (scheme, rest))
}
