//! Readings beside the characters of Word documents (`w:ruby`), which the library leaves out with the characters: both
//! are written as runs, the reading in parentheses, before the library reads the document.

/// Writes the readings of a part as text; `None` if it has none.
pub(super) fn spelled(part: &str) -> Option<String> {
    let mut out = String::with_capacity(part.len());
    let mut rest = part;
    while let Some((before, ruby, after)) = element(rest, "w:ruby") {
        out.push_str(before);
        let runs = |name| element(ruby, name).map_or("", |(_, runs, _)| runs);
        let (base, reading) = (runs("w:rubyBase"), runs("w:rt"));
        // A run holds the element, and ends before the runs that stand in its place.
        out.push_str("</w:r>");
        out.push_str(base);
        if reading.contains("<w:t") {
            out.push_str("<w:r><w:t>(</w:t></w:r>");
            out.push_str(reading);
            out.push_str("<w:r><w:t>)</w:t></w:r>");
        }
        out.push_str("<w:r>");
        rest = after;
    }
    if out.is_empty() {
        return None;
    }
    out.push_str(rest);
    Some(out)
}

/// Splits at the first element of this name: what is before it, in it, and behind it.
fn element<'p>(part: &'p str, name: &str) -> Option<(&'p str, &'p str, &'p str)> {
    let (before, inside) = part.split_once(&format!("<{name}>"))?;
    let (inside, after) = inside.split_once(&format!("</{name}>"))?;
    Some((before, inside, after))
}

#[cfg(test)]
mod tests {
    use super::spelled;

    #[test]
    fn characters_and_their_reading_are_runs() {
        let part = "<w:p><w:r><w:ruby><w:rubyPr/><w:rt><w:r><w:t>kan</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>漢</w:t></w:r>\
                    </w:rubyBase></w:ruby></w:r></w:p>";
        assert_eq!(
            spelled(part).unwrap(),
            "<w:p><w:r></w:r><w:r><w:t>漢</w:t></w:r><w:r><w:t>(</w:t></w:r><w:r><w:t>kan</w:t></w:r><w:r><w:t>)</w:t></w:r><w:r></w:r></w:p>"
        );
        assert_eq!(spelled("<w:p/>"), None);
    }
}
