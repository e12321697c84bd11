//! Content controls of Word documents around rows and cells of tables, which the library leaves out with all that they
//! hold: the rows and cells are taken out of them before the library reads the document.

/// Elements of a control that hold none of its content.
const FACTS: [&str; 2] = ["w:sdtPr", "w:sdtEndPr"];
/// Elements of a control that hold its content.
const AROUND: [&str; 2] = ["w:sdt", "w:sdtContent"];

/// Takes the content of a part of a Word document out of its controls; `None` if none holds rows or cells.
pub(super) fn opened(part: &str) -> Option<String> {
    let around = part.split("<w:sdtContent>").skip(1).map(str::trim_start);
    let mut rows = around.filter(|content| {
        ["<w:tr>", "<w:tr ", "<w:tc>"]
            .iter()
            .any(|tag| content.starts_with(tag))
    });
    rows.next()?;
    let mut out = String::with_capacity(part.len());
    let mut rest = part;
    // Facts of the control that is being left out.
    let mut facts: Option<&str> = None;
    while let Some((before, after)) = rest.split_once('<') {
        let (tag, behind) = after.split_once('>').unwrap_or((after, ""));
        rest = behind;
        if facts.is_none() {
            out.push_str(before);
        }
        let name = tag.trim_start_matches('/').split([' ', '/', '\t', '\n', '\r']);
        let name = name.into_iter().next().unwrap_or_default();
        if let Some(open) = facts {
            if tag.starts_with('/') && name == open {
                facts = None;
            }
        } else if FACTS.contains(&name) {
            facts = Some(name).filter(|_| !tag.ends_with('/'));
        } else if !AROUND.contains(&name) {
            out.push('<');
            out.push_str(tag);
            out.push('>');
        }
    }
    if facts.is_none() {
        out.push_str(rest);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_cells_stand_without_their_controls() {
        for (part, expected) in [
            (
                "<w:tbl><w:sdt><w:sdtPr><w:alias w:val=\"x\"/></w:sdtPr><w:sdtContent><w:tr>a</w:tr></w:sdtContent></w:sdt></w:tbl>",
                "<w:tbl><w:tr>a</w:tr></w:tbl>",
            ),
            (
                "<w:tr><w:sdt><w:sdtPr/><w:sdtEndPr/><w:sdtContent>\n<w:tc>a</w:tc></w:sdtContent></w:sdt></w:tr>",
                "<w:tr>\n<w:tc>a</w:tc></w:tr>",
            ),
        ] {
            assert_eq!(opened(part).as_deref(), Some(expected));
        }
        assert_eq!(opened("<w:sdt><w:sdtContent><w:p/></w:sdtContent></w:sdt>"), None);
    }
}
