//! Formulas of Excel workbooks whose value is not stored, as programs write them that do not calculate: the library
//! takes their cells for empty. They are shown as the formula itself.

/// Writes `=FORMULA` as the value of the cells of a sheet that have a formula alone; `None` if there are none.
pub(super) fn shown(sheet: &str) -> Option<String> {
    let mut out = String::new();
    let mut copied = 0;
    let starts: Vec<usize> = sheet.match_indices("<c ").map(|(at, _)| at).collect();
    let ends = starts.iter().copied().skip(1).chain([sheet.len()]);
    for (&at, end) in starts.iter().zip(ends) {
        let cell = sheet.get(at..end)?;
        let Some((cell, _)) = cell.split_once("</c>") else {
            continue;
        };
        let parts = cell.split_once('>').filter(|(tag, _)| !tag.ends_with('/'));
        let Some((tag, formula)) = parts.and_then(|(tag, inside)| Some((tag, formula(inside)?))) else {
            continue;
        };
        out.push_str(sheet.get(copied..at)?);
        out.push_str(&without_type(tag));
        out.push_str(&format!(" t=\"str\"><f>{formula}</f><v>={formula}</v>"));
        copied = at + cell.len();
    }
    if copied == 0 {
        return None;
    }
    out.push_str(sheet.get(copied..)?);
    Some(out)
}

/// Formula of a cell without a value, as the part has it.
fn formula(cell: &str) -> Option<&str> {
    let (_, formula) = cell.split_once("<f")?;
    let (attributes, formula) = formula.split_once('>')?;
    let (formula, rest) = formula.split_once("</f>")?;
    let is_tag = attributes.is_empty() || attributes.starts_with(char::is_whitespace);
    let value = rest
        .split_once("<v>")
        .and_then(|(_, value)| value.split_once("</v>"));
    let is_empty = value.is_none_or(|(value, _)| value.is_empty());
    (is_tag && !attributes.ends_with('/') && is_empty && !formula.trim().is_empty()).then_some(formula)
}

/// Start tag without the type of the value.
fn without_type(tag: &str) -> String {
    for quote in ['"', '\''] {
        if let Some((before, after)) = tag.split_once(&format!(" t={quote}")) {
            let (_, after) = after.split_once(quote).unwrap_or(("", after));
            return format!("{before}{after}");
        }
    }
    tag.to_owned()
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn only_cells_without_a_value_show_their_formula() {
        let sheet = "<row><c r=\"A1\"><v>1</v></c><c r=\"B1\"/><c r=\"C1\" t=\"n\" s=\"2\"><f>A1&amp;\"x\"</f><v></v></c>\
                     <c r=\"D1\"><f>A1</f><v>1</v></c><c r=\"E1\"><f>B1</f></c></row>";
        assert_eq!(
            shown(sheet).unwrap(),
            "<row><c r=\"A1\"><v>1</v></c><c r=\"B1\"/><c r=\"C1\" s=\"2\" t=\"str\"><f>A1&amp;\"x\"</f><v>=A1&amp;\"x\"</v></c>\
             <c r=\"D1\"><f>A1</f><v>1</v></c><c r=\"E1\" t=\"str\"><f>B1</f><v>=B1</v></c></row>"
        );
        assert_eq!(shown("<row><c r=\"A1\"><v>1</v></c></row>"), None);
    }
}
