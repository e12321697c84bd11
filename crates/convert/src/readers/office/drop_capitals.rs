//! Large first letters of Word documents, which are paragraphs of their own there: they are put before the paragraph that
//! they begin.

/// Drop capitals that are joined, at most: for each, the tags around it are searched.
const MAX_CAPITALS: usize = 200;

/// Joins the drop capitals of a part with the paragraphs behind them; `None` if it has none.
pub(super) fn joined(part: &str) -> Option<String> {
    let mut out = String::new();
    let mut copied = 0;
    for (at, _) in part.match_indices("w:dropCap=\"").take(MAX_CAPITALS) {
        let kind = part.get(at + "w:dropCap=\"".len()..)?;
        if at < copied || !(kind.starts_with("drop") || kind.starts_with("margin")) {
            continue;
        }
        let Some(join) = Join::at(part, at) else { continue };
        out.push_str(part.get(copied..join.start)?);
        out.push_str(part.get(join.head.0..join.head.1)?);
        out.push_str(part.get(join.letter.0..join.letter.1)?);
        copied = join.head.1;
    }
    if copied == 0 {
        return None;
    }
    out.push_str(part.get(copied..)?);
    Some(out)
}

/// Places in a part at which a drop capital and its paragraph are cut.
struct Join {
    /// Beginning of the drop capital's paragraph.
    start: usize,
    /// Its runs.
    letter: (usize, usize),
    /// Start tag and properties of the paragraph behind it.
    head: (usize, usize),
}

impl Join {
    fn at(part: &str, at: usize) -> Option<Self> {
        let before = part.get(..at)?;
        let start = before.rfind("<w:p>").max(before.rfind("<w:p "))?;
        let runs = at + part.get(at..)?.find("</w:pPr>")? + "</w:pPr>".len();
        let end = runs + part.get(runs..)?.find("</w:p>")?;
        let next = end + "</w:p>".len();
        let head = part.get(next..)?;
        if !(head.starts_with("<w:p>") || head.starts_with("<w:p ")) {
            return None;
        }
        let tag = head.find('>')?;
        if head.get(..tag)?.ends_with('/') {
            return None;
        }
        let inside = head.get(tag + 1..)?;
        let properties = match inside.starts_with("<w:pPr>") {
            true => inside.find("</w:pPr>")? + "</w:pPr>".len(),
            false => 0,
        };
        Some(Self {
            start,
            letter: (runs, end),
            head: (next, next + tag + 1 + properties),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn a_drop_capital_begins_the_next_paragraph() {
        let part = "<w:p>a</w:p><w:p><w:pPr><w:framePr w:dropCap=\"drop\"/></w:pPr><w:r>O</w:r></w:p>\
                    <w:p x=\"1\"><w:pPr><w:b/></w:pPr><w:r>nce</w:r></w:p>";
        assert_eq!(
            joined(part).unwrap(),
            "<w:p>a</w:p><w:p x=\"1\"><w:pPr><w:b/></w:pPr><w:r>O</w:r><w:r>nce</w:r></w:p>"
        );
        assert_eq!(joined("<w:p><w:framePr w:dropCap=\"none\"/></w:p><w:p/>"), None);
    }
}
