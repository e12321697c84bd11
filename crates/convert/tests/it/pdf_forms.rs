//! Values of forms beside their labels, in the forms of `fixtures/pdf-forms`.

use std::collections::BTreeMap;
use std::fs;

use ilios_convert::ir::{Block, BlockKind, FieldKind};
use ilios_convert::{Conversion, Input, Limits, NoOcr, Options, convert};
use serde_json::Value;

const FORMS: &str = "tests/fixtures/pdf-forms";

fn form(name: &str) -> Conversion {
    let bytes = fs::read(format!("{FORMS}/{name}.pdf")).unwrap();
    let input = Input {
        bytes: &bytes,
        name: "form.pdf",
    };
    convert(input, &Options::default(), &Limits::default(), &mut NoOcr).unwrap()
}

/// Markdown without markup, on one line.
fn flat(markdown: &str) -> String {
    let plain: String = markdown.chars().filter(|c| !"|*\\".contains(*c)).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns true if the value stands beside its label: behind it, or as the box of it.
fn is_beside(text: &str, label: &str, value: &Value) -> bool {
    match value {
        Value::Bool(true) => text.contains(&format!("[x] {label}")),
        Value::Bool(_) => text.contains(&format!("[ ] {label}")),
        value => {
            let (label, value) = (label.trim_end_matches(':'), flat(value.as_str().unwrap()));
            [": ", " "]
                .iter()
                .any(|between| text.contains(&format!("{label}{between}{value}")))
        }
    }
}

#[test]
fn values_stand_beside_their_labels() {
    let values = fs::read_to_string(format!("{FORMS}/values.json")).unwrap();
    let forms: BTreeMap<String, Vec<(String, Value)>> = serde_json::from_str(&values).unwrap();
    let (mut all, mut missing) = (0, Vec::new());
    for (name, values) in &forms {
        let text = flat(&form(name).markdown());
        all += values.len();
        for (label, value) in values
            .iter()
            .filter(|(label, value)| !is_beside(&text, label, value))
        {
            missing.push(format!("{name}: {label} {value} in {text}"));
        }
    }
    assert!(forms.len() > 20 && all > 50);
    assert_eq!(missing, [""; 0], "of {all}");
}

/// Fields of a form: kind, label and value.
fn fields(name: &str) -> Vec<(FieldKind, String, String)> {
    fn collect(blocks: &[Block], fields: &mut Vec<(FieldKind, String, String)>) {
        for block in blocks {
            if let BlockKind::Field(field) = &block.kind {
                let label = field.label.clone().unwrap_or_default();
                fields.push((field.kind, label, field.value.clone()));
            }
            for part in block.parts() {
                collect(part, fields);
            }
        }
    }
    let mut found = Vec::new();
    for page in form(name).pages {
        collect(&page.blocks, &mut found);
    }
    found
}

#[test]
fn fields_have_their_kinds_and_values_as_they_are_stored() {
    let field = |kind, label: &str, value: &str| (kind, label.to_owned(), value.to_owned());
    assert_eq!(
        fields("comb-with-appearance"),
        [
            field(FieldKind::Text, "Account:", "40921377"),
            field(FieldKind::Text, "Code:", "ZX81")
        ]
    );
    assert_eq!(
        fields("choices"),
        [
            field(FieldKind::Choice, "Quay:", "South quay"),
            field(FieldKind::Choice, "Also possible:", "North quay\nEast mole"),
            field(FieldKind::Choice, "Flag:", "Sweden"),
        ]
    );
    assert_eq!(
        fields("date-and-signature"),
        [
            field(FieldKind::Date, "Date:", "2031-05-02"),
            field(FieldKind::Signature, "Signature:", "Eva Holm")
        ]
    );
    assert_eq!(
        fields("labels-above")[..2],
        [
            field(FieldKind::Text, "First name", "Ann"),
            field(FieldKind::Text, "Last name", "Lindqvist")
        ]
    );
}

#[test]
fn what_no_viewer_shows_is_left_out() {
    let text = form("hidden-and-secret").markdown();
    assert!(text.contains("User: holm"), "{text}");
    assert!(!text.contains("secret") && !text.contains("unseen"), "{text}");
    let text = form("out-of-date-appearances").markdown();
    assert!(!text.contains("Gannet") && !text.contains("Per Dahl"), "{text}");
}
