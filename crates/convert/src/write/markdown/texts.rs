//! Text of blocks that Markdown has no form for.

use crate::ir::{Annotation, Field, FieldKind, Inline, Run, Style};

/// Text of a field: its label and value, or the state of its box and its label.
pub(super) fn field_text(field: &Field) -> String {
    let label = field.label.as_deref().or(field.name.as_deref());
    let (label, value) = (label.unwrap_or_default().trim(), field.value.trim());
    if matches!(field.kind, FieldKind::Checkbox | FieldKind::Radio) {
        let sign = if field.checked == Some(true) { "[x]" } else { "[ ]" };
        let label = if label.is_empty() { value } else { label };
        return format!("{sign} {label}");
    }
    match (label.is_empty(), value) {
        (true, value) => value.to_owned(),
        (false, "") => format!("{}:", label.trim_end_matches(':')),
        (false, value) => format!("{}: {value}", label.trim_end_matches(':')),
    }
}

/// Text of a comment behind its author and date.
pub(super) fn comment_text(note: &Annotation) -> String {
    let about = match (&note.author, &note.date) {
        (Some(author), Some(date)) => format!("{author} ({date}): "),
        (Some(about), None) | (None, Some(about)) => format!("{about}: "),
        (None, None) => String::new(),
    };
    format!("{about}{}", note.text)
}

/// Name of an attachment, and what else is known of it.
pub(super) fn attachment_text(name: &str, mime_type: Option<&str>, size: Option<u64>) -> String {
    let size = size.map(|size| format!("{size} bytes"));
    let facts: Vec<&str> = mime_type.into_iter().chain(size.as_deref()).collect();
    if facts.is_empty() {
        name.to_owned()
    } else {
        format!("{name} ({})", facts.join(", "))
    }
}

/// Inlines of a heading behind its number.
pub(super) fn numbered(number: Option<&str>, inlines: &[Inline]) -> Vec<Inline> {
    let number = number.map(|number| Inline::plain(format!("{number} ")));
    number.into_iter().chain(inlines.iter().cloned()).collect()
}

/// Inlines of text; its line ends are breaks.
pub(super) fn text_inlines(text: &str) -> Vec<Inline> {
    let mut inlines = Vec::new();
    for line in text.split('\n') {
        if !inlines.is_empty() {
            inlines.push(Inline::Break);
        }
        inlines.push(Inline::plain(line));
    }
    inlines
}

/// Inlines, all of them bold.
pub(super) fn bold(inlines: &[Inline]) -> Vec<Inline> {
    let bold = inlines.iter().map(|inline| match inline {
        Inline::Run(run) => Inline::Run(Run {
            style: Style {
                bold: true,
                ..run.style
            },
            ..run.clone()
        }),
        Inline::Break => Inline::Break,
    });
    bold.collect()
}
