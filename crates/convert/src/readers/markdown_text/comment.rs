/// Alternative text of the picture in whose place an HTML comment stands: `<!-- image: a tower -->`, `<!-- image -->`.
/// `None` for any other comment.
pub(super) fn image_alt(comment: &str) -> Option<&str> {
    let inner = comment.strip_prefix("<!--")?.strip_suffix("-->")?.trim();
    let rest = inner.strip_prefix("image")?;
    match rest.strip_prefix(':') {
        Some(alt) => Some(alt.trim()),
        None => rest.is_empty().then_some(""),
    }
}
