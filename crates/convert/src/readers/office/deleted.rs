//! Text of Word documents whose deletion is tracked, which the library leaves out: it is shown to the library, and marked
//! as deleted.

use super::signs::{DELETED, KEPT};

/// Shows and marks the deleted text in a part of a Word document; `None` if it has none.
pub(super) fn marked(part: &str) -> Option<String> {
    if !part.contains("<w:delText") {
        return None;
    }
    let mut out = String::with_capacity(part.len() + part.len() / 8);
    let mut rest = part;
    while let Some((before, after)) = rest.split_once('<') {
        let (tag, behind) = after.split_once('>').unwrap_or((after, ""));
        out.push_str(before);
        rest = behind;
        let (end, name) = match tag.strip_prefix('/') {
            Some(name) => ("/", name),
            None => ("", tag),
        };
        let length = name.find([' ', '/', '\t', '\n', '\r']).unwrap_or(name.len());
        let (name, attributes) = name.split_at(length);
        match name {
            // A deletion without content is that of a paragraph's end or of a row.
            "w:del" if !attributes.ends_with('/') => out.push_str(&format!("<{end}w:ins{attributes}>")),
            "w:delText" if end.is_empty() && !attributes.ends_with('/') => {
                out.push_str(&format!("<w:t{attributes}>{DELETED}"));
            }
            "w:delText" if !end.is_empty() => out.push_str(&format!("{KEPT}</w:t>")),
            _ => out.push_str(&format!("<{tag}>")),
        }
    }
    out.push_str(rest);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::marked;

    #[test]
    fn deleted_text_is_shown_between_signs() {
        let part = "<w:p><w:pPr><w:rPr><w:del w:id=\"1\"/></w:rPr></w:pPr><w:del w:id=\"2\"><w:r>\
            <w:delText xml:space=\"preserve\">ten </w:delText></w:r></w:del><w:r><w:t>coins</w:t></w:r></w:p>";
        assert_eq!(
            marked(part).unwrap(),
            "<w:p><w:pPr><w:rPr><w:del w:id=\"1\"/></w:rPr></w:pPr><w:ins w:id=\"2\"><w:r>\
            <w:t xml:space=\"preserve\">\u{fdd4}ten \u{fdd5}</w:t></w:r></w:ins><w:r><w:t>coins</w:t></w:r></w:p>"
        );
    }

    #[test]
    fn a_part_without_deletions_stays_as_it_is() {
        assert_eq!(marked("<w:r><w:t>ten</w:t></w:r>"), None);
    }
}
