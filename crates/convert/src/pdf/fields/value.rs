use hayro::hayro_syntax::object::{Dict, Name, Object, String as PdfString};

use super::WidgetKind;
use super::field::Field;
use crate::pdf::objects::{name_text, nonblank_text};
use crate::pdf::text_string::text_string;

/// Flags of fields (ISO 32000-1, 12.7.4).
const PASSWORD: u32 = 1 << 13;
const RADIO: u32 = 1 << 15;
const PUSH_BUTTON: u32 = 1 << 16;
/// State of a check box or radio button that is not chosen.
const OFF: &[u8] = b"Off";

/// Kind of a widget and its value as text; `None` for a widget of no known kind.
pub(super) fn of(field: &Field<'_>, widget: &Dict<'_>) -> Option<(WidgetKind, Option<String>)> {
    Some(match field.kind.as_deref()? {
        b"Tx" => {
            let shown = field.flags & PASSWORD == 0;
            let texts: &[String] = if shown { &field.texts } else { &[] };
            (WidgetKind::Text, joined(texts))
        }
        b"Ch" => (WidgetKind::Choice, joined(&chosen(field))),
        b"Btn" if field.flags & PUSH_BUTTON != 0 => {
            let look = widget.get::<Dict<'_>>("MK").unwrap_or_default();
            (WidgetKind::Button, nonblank_text(&look, "CA"))
        }
        b"Btn" => {
            let on = is_on(field, widget);
            let kind = match field.flags & RADIO != 0 {
                true => WidgetKind::Radio { on },
                false => WidgetKind::Checkbox { on },
            };
            (kind, meaning(field, widget))
        }
        b"Sig" => (WidgetKind::Signature, signer(field)),
        _ => return None,
    })
}

/// Returns true if a widget has an appearance for its state.
pub(super) fn has_appearance(widget: &Dict<'_>) -> bool {
    let appearances = widget.get::<Dict<'_>>("AP").unwrap_or_default();
    match appearances.get::<Object<'_>>("N") {
        Some(Object::Stream(_)) => true,
        Some(Object::Dict(states)) => widget
            .get::<Name<'_>>("AS")
            .is_some_and(|state| states.contains_key(&state)),
        _ => false,
    }
}

/// Texts of the chosen options. Where both are there, the values count, not the indices, which viewers only use for
/// options of the same value.
fn chosen<'t>(field: &'t Field<'_>) -> Vec<&'t str> {
    if field.texts.is_empty() {
        let chosen = field.chosen.iter();
        return chosen.filter_map(|index| field.options.at(*index)).collect();
    }
    let texts = field.texts.iter();
    texts.map(|value| field.options.text_of(value)).collect()
}

/// Name of the state in which a check box or radio button is on, from its appearances.
fn on_state<'a>(widget: &Dict<'a>) -> Option<Name<'a>> {
    let appearances = widget.get::<Dict<'a>>("AP")?;
    ["N", "D"].into_iter().find_map(|key| {
        let states = match appearances.get::<Object<'a>>(key)? {
            Object::Dict(states) => states,
            _ => return None,
        };
        // The first by its name, since the entries of a dictionary have no order.
        states.keys().filter(|state| state.as_ref() != OFF).min()
    })
}

fn is_on(field: &Field<'_>, widget: &Dict<'_>) -> bool {
    if let Some(state) = widget.get::<Name<'_>>("AS") {
        return state.as_ref() != OFF;
    }
    let value = match &field.value {
        Some(Object::Name(value)) => value.to_vec(),
        Some(Object::String(value)) => value.as_bytes().to_vec(),
        _ => return false,
    };
    // Without appearances nothing tells the widgets of a field apart.
    value != OFF && on_state(widget).is_none_or(|state| state.as_ref() == value.as_slice())
}

/// Text that a check box or radio button stands for: its option, else the name of its state. Names that only say that it
/// is on are none.
fn meaning(field: &Field<'_>, widget: &Dict<'_>) -> Option<String> {
    let state = name_text(&on_state(widget)?);
    let option = state.parse().ok().and_then(|index| field.options.at(index));
    let text = option.unwrap_or(&state).trim();
    let says_nothing = ["Yes", "On", "1"].contains(&text) && option.is_none();
    (!text.is_empty() && !says_nothing).then(|| text.to_owned())
}

fn signer(field: &Field<'_>) -> Option<String> {
    let Some(Object::Dict(signature)) = &field.value else {
        return None;
    };
    let name = signature.get::<PdfString<'_>>("Name")?;
    joined(&[text_string(name.as_bytes())])
}

/// Texts on lines of their own; `None` if they are blank.
fn joined<T: AsRef<str>>(texts: &[T]) -> Option<String> {
    let texts: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
    let text = texts.join("\n").replace("\r\n", "\n").replace('\r', "\n");
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    (!text.is_empty()).then(|| text.to_owned())
}
