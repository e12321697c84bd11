//! Raised and lowered text of Word documents, which the library takes for plain text: it is marked before the library
//! reads it.

use super::signs::{ABOVE, BELOW, END};

/// Marks the raised and lowered text in a part of a Word document; `None` if it has none.
pub(super) fn marked(part: &str) -> Option<String> {
    if !part.contains("w:vertAlign") {
        return None;
    }
    let mut out = String::with_capacity(part.len() + part.len() / 8);
    let mut sign = None;
    let mut rest = part;
    while let Some(start) = rest.find('<') {
        let Some(length) = rest.get(start..).and_then(|tag| tag.find('>')) else {
            break;
        };
        let (before, tag) = (rest.get(..start)?, rest.get(start..=start + length)?);
        rest = rest.get(start + length + 1..)?;
        out.push_str(before);
        let name = tag
            .trim_start_matches('<')
            .split([' ', '>', '/', '\t', '\n', '\r']);
        match name.into_iter().next() {
            Some("w:r") => sign = None,
            Some("w:vertAlign") if tag.contains("superscript") => sign = Some(ABOVE),
            Some("w:vertAlign") if tag.contains("subscript") => sign = Some(BELOW),
            Some("w:t") if !tag.ends_with("/>") => {
                out.push_str(tag);
                out.extend(sign);
                continue;
            }
            _ if tag.starts_with("</w:t>") => out.extend(sign.map(|_| END)),
            _ if tag.starts_with("</w:r>") || tag.starts_with("</w:pPr>") => sign = None,
            _ => {}
        }
        out.push_str(tag);
    }
    out.push_str(rest);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::marked;

    #[test]
    fn only_the_text_of_a_raised_run_is_marked() {
        let part = "<w:p><w:pPr><w:rPr><w:vertAlign w:val=\"superscript\"/></w:rPr></w:pPr><w:r><w:t>m</w:t></w:r>\
            <w:r><w:rPr><w:vertAlign w:val=\"superscript\"/></w:rPr><w:t xml:space=\"preserve\">2</w:t></w:r><w:r><w:t>.</w:t></w:r></w:p>";
        let marked = marked(part).unwrap();
        assert_eq!(marked.replace(['\u{fdd0}', '\u{fdd2}'], ""), part);
        assert!(marked.contains(">\u{fdd0}2\u{fdd2}<"));
    }

    #[test]
    fn a_part_without_raised_text_stays_as_it_is() {
        assert_eq!(marked("<w:r><w:t>m2</w:t></w:r>"), None);
    }
}
