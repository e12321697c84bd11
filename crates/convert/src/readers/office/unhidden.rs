//! Hidden sheets, rows and columns of Excel workbooks and formulas without a value, which the library leaves out: they
//! are shown to it, and what is hidden is marked in what it returns. Line breaks in cells are marked.

use std::collections::BTreeMap;

use super::package::Package;
use super::workbook::{Sheet, WORKBOOK};
use super::{cell_lines, formulas};

/// The parts of a workbook that hide something or hold formulas alone or line breaks, changed to show it.
pub(super) fn parts(package: &mut Package<'_>, sheets: &[Sheet]) -> BTreeMap<String, String> {
    let mut parts = BTreeMap::new();
    if sheets.iter().any(|sheet| sheet.hidden)
        && let Some(text) = package.text(WORKBOOK)
    {
        parts.insert(WORKBOOK.to_owned(), shown(&text, &["sheet"], "state"));
    }
    if let Some(text) = package
        .text(cell_lines::SHARED)
        .and_then(|text| cell_lines::marked(&text))
    {
        parts.insert(cell_lines::SHARED.to_owned(), text);
    }
    for sheet in sheets {
        let Some(text) = package.text(&sheet.part) else {
            continue;
        };
        let unhidden = text
            .contains(" hidden=")
            .then(|| shown(&text, &["row", "col"], "hidden"));
        let with_formulas = formulas::shown(unhidden.as_ref().unwrap_or(&text));
        let changed = with_formulas.or(unhidden);
        let with_lines = cell_lines::marked(changed.as_ref().unwrap_or(&text));
        if let Some(text) = with_lines.or(changed) {
            parts.insert(sheet.part.clone(), text);
        }
    }
    parts
}

/// Renames an attribute of these elements to one that means nothing.
fn shown(part: &str, elements: &[&str], attribute: &str) -> String {
    let mut out = String::with_capacity(part.len() + 16);
    let (meant, meaningless) = (format!(" {attribute}="), format!(" was-{attribute}="));
    for (index, tag) in part.split('<').enumerate() {
        if index > 0 {
            out.push('<');
        }
        let name = tag
            .split([' ', '>', '/', '\t', '\n', '\r'])
            .next()
            .unwrap_or_default();
        let local = name.rsplit(':').next().unwrap_or_default();
        match tag.split_once('>') {
            Some((tag, text)) if index > 0 && elements.contains(&local) => {
                out.push_str(&tag.replace(&meant, &meaningless));
                out.push('>');
                out.push_str(text);
            }
            _ => out.push_str(tag),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn only_rows_and_columns_are_shown_and_no_text_is_changed() {
        let part = "<cols><col hidden=\"1\" min=\"2\"/></cols><row r=\"1\" hidden=\"1\"><t> hidden=\"1\"</t></row><x hidden=\"1\"/>";
        assert_eq!(
            shown(part, &["row", "col"], "hidden"),
            "<cols><col was-hidden=\"1\" min=\"2\"/></cols><row r=\"1\" was-hidden=\"1\"><t> hidden=\"1\"</t></row><x hidden=\"1\"/>"
        );
    }
}
