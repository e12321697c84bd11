use hayro::hayro_syntax::object::{Array, Dict, MaybeRef, Object, ObjectIdentifier};

use super::{OptionalContent, references};
use crate::pdf::objects::name;

/// Depth to which expressions may nest; viewers read no deeper.
const MAX_DEPTH: usize = 32;
/// Operands of one expression that are looked at, nested ones included.
const MAX_OPERANDS: usize = 10_000;

/// Returns true if the content of a membership dictionary is shown: by its expression, else by the states of its groups
/// (ISO 32000-1, 8.11.2.2). A dictionary that makes no sense hides nothing.
pub(super) fn is_visible(content: &OptionalContent, membership: &Dict<'_>) -> bool {
    if let Some(expression) = membership.get::<Array<'_>>("VE") {
        let mut left = MAX_OPERANDS;
        if let Some(visible) = value(content, &expression, 0, &mut left) {
            return visible;
        }
    }
    let groups = groups(membership);
    if groups.is_empty() {
        return true;
    }
    let mut states = groups.iter().map(|group| content.is_group_on(*group));
    match name(membership, "P").as_deref() {
        Some("AllOn") => states.all(|on| on),
        Some("AnyOff") => states.any(|on| !on),
        Some("AllOff") => states.all(|on| !on),
        _ => states.any(|on| on),
    }
}

/// Groups of a membership dictionary: one or an array of them.
fn groups(membership: &Dict<'_>) -> Vec<ObjectIdentifier> {
    match membership.get::<Object<'_>>("OCGs") {
        Some(Object::Array(groups)) => references(Some(groups)),
        Some(Object::Dict(_)) => membership.get_ref("OCGs").into_iter().map(Into::into).collect(),
        _ => Vec::new(),
    }
}

/// Value of a visibility expression; `None` if it is malformed or too large.
fn value(content: &OptionalContent, expression: &Array<'_>, depth: usize, left: &mut usize) -> Option<bool> {
    if depth > MAX_DEPTH {
        return None;
    }
    let mut resolved = expression.iter::<Object<'_>>();
    let operator = resolved.next()?.into_name()?;
    let mut operands = expression.raw_iter().skip(1).map(|raw| {
        *left = left.checked_sub(1)?;
        match (raw, resolved.next()?) {
            (_, Object::Array(inner)) => value(content, &inner, depth + 1, left),
            (MaybeRef::Ref(reference), Object::Dict(_)) => Some(content.is_group_on(reference.into())),
            _ => None,
        }
    });
    match operator.as_ref() {
        b"Not" => Some(!operands.next()??),
        b"And" => operands.try_fold(true, |all, operand| Some(all & operand?)),
        b"Or" => operands.try_fold(false, |any, operand| Some(any | operand?)),
        _ => None,
    }
}
