//! Optional content: the layers of a document that a viewer does not show (ISO 32000-1, 8.11).

mod membership;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Array, Dict, MaybeRef, Name, Object, ObjectIdentifier};

use super::objects::{catalog, is_name, resolve};

/// Layers of a document that its default configuration hides on a screen.
#[derive(Debug, Default)]
pub(super) struct OptionalContent {
    off: HashSet<ObjectIdentifier>,
}

impl OptionalContent {
    /// Reads the default configuration of a document: the state of each group, changed by what the group says of its use
    /// on a screen.
    pub(super) fn read(pdf: &Pdf) -> Self {
        let properties = catalog(pdf).and_then(|catalog| catalog.get::<Dict<'_>>("OCProperties"));
        let Some(properties) = properties else {
            return Self::default();
        };
        let all = references(properties.get("OCGs"));
        let configuration = properties.get::<Dict<'_>>("D").unwrap_or_default();
        let mut off: HashSet<ObjectIdentifier> = match is_name(&configuration, "BaseState", "OFF") {
            true => all.iter().copied().collect(),
            false => HashSet::new(),
        };
        for group in references(configuration.get("ON")) {
            off.remove(&group);
        }
        off.extend(references(configuration.get("OFF")));
        let automatic = automatic_groups(&configuration, pdf);
        for id in all.into_iter().chain(off.clone()) {
            let Some(group) = pdf.xref().get::<Dict<'_>>(id) else {
                continue;
            };
            if !is_for_viewing(&group) {
                off.remove(&id);
                continue;
            }
            let usage = group.get::<Dict<'_>>("Usage").unwrap_or_default();
            let view = usage.get::<Dict<'_>>("View").unwrap_or_default();
            if is_name(&view, "ViewState", "OFF") {
                // Viewers hide it whether or not the configuration sets states automatically.
                off.insert(id);
            } else if is_name(&view, "ViewState", "ON") && automatic.contains(&id) {
                off.remove(&id);
            }
        }
        Self { off }
    }

    /// Returns true if content of a group or membership dictionary is shown. `id` is the number of the object by which
    /// the content refers to it; a dictionary that is part of another object has none, and is no group.
    pub(super) fn is_on(&self, content: &Dict<'_>, id: Option<ObjectIdentifier>) -> bool {
        match is_name(content, "Type", "OCMD") {
            true => membership::is_visible(self, content),
            false => id.is_none_or(|id| self.is_group_on(id)),
        }
    }

    /// Returns true if an annotation or object with this dictionary is shown, as far as its `OC` entry says.
    pub(super) fn shows(&self, object: &Dict<'_>) -> bool {
        match object.get::<Dict<'_>>("OC") {
            Some(content) => self.is_on(&content, object.get_ref("OC").map(ObjectIdentifier::from)),
            None => true,
        }
    }

    fn is_group_on(&self, id: ObjectIdentifier) -> bool {
        !self.off.contains(&id)
    }
}

/// Groups whose state the configuration sets by what they say of their use on a screen.
fn automatic_groups(configuration: &Dict<'_>, pdf: &Pdf) -> HashSet<ObjectIdentifier> {
    let applications = configuration.get::<Array<'_>>("AS").unwrap_or_default();
    applications
        .raw_iter()
        .filter_map(|application| resolve(pdf.xref(), application)?.into_dict())
        .filter(|application| is_name(application, "Event", "View"))
        .flat_map(|application| references(application.get("OCGs")))
        .collect()
}

/// Returns true if hiding the group is meant for a viewer, not for the program that has drawn it.
fn is_for_viewing(group: &Dict<'_>) -> bool {
    let is_view = |name: &Name<'_>| matches!(name.as_ref(), b"View" | b"All");
    match group.get::<Object<'_>>("Intent") {
        Some(Object::Name(intent)) => is_view(&intent),
        Some(Object::Array(intents)) => intents.iter::<Name<'_>>().any(|intent| is_view(&intent)),
        _ => true,
    }
}

/// Numbers of the objects in an array of references.
fn references(objects: Option<Array<'_>>) -> Vec<ObjectIdentifier> {
    let objects = objects.unwrap_or_default();
    let references = objects.raw_iter().filter_map(|object| match object {
        MaybeRef::Ref(reference) => Some(reference.into()),
        MaybeRef::NotRef(_) => None,
    });
    references.collect()
}
