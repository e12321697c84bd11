//! Reports about the delivery of a message (RFC 3464, RFC 8098): groups of fields, one for each recipient.

use super::list::{add_field, open_list};
use crate::ConvertError;
use crate::ir::Builder;

/// Adds the fields of a report, as a list for each group.
pub(super) fn add(report: &str, builder: &mut Builder<'_>) -> Result<(), ConvertError> {
    for group in groups(report) {
        open_list(builder)?;
        for (name, value) in group {
            add_field(&name, &value, builder)?;
        }
        builder.close()?;
    }
    Ok(())
}

/// Fields of each group. A line that begins with white space goes on with the field before it, as does one without a name.
fn groups(report: &str) -> Vec<Vec<(String, String)>> {
    let mut groups: Vec<Vec<(String, String)>> = Vec::new();
    let mut is_new = true;
    for line in report.lines() {
        if line.trim().is_empty() {
            is_new = true;
            continue;
        }
        if std::mem::take(&mut is_new) {
            groups.push(Vec::new());
        }
        let Some(group) = groups.last_mut() else { continue };
        let goes_on = line.starts_with(char::is_whitespace);
        match line.split_once(':').filter(|_| !goes_on) {
            Some((name, value)) => group.push((name.trim().to_owned(), value.trim().to_owned())),
            None => match group.last_mut() {
                Some((_, value)) => {
                    value.push(' ');
                    value.push_str(line.trim());
                }
                None => group.push((String::new(), line.trim().to_owned())),
            },
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::groups;

    #[test]
    fn groups_have_their_fields() {
        let report =
            "Reporting-MTA: dns; a\r\n\r\nAction: failed\r\nDiagnostic-Code: smtp; 550\r\n no user\r\n";
        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            groups(report),
            [
                vec![field("Reporting-MTA", "dns; a")],
                vec![
                    field("Action", "failed"),
                    field("Diagnostic-Code", "smtp; 550 no user")
                ]
            ]
        );
    }
}
