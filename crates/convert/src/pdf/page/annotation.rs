use hayro::hayro_syntax::object::{Array, Dict, Name, Object, Rect as PdfRect, Stream};
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{Affine, Rect};

use super::state::State;
use super::walker::Walker;
use crate::pdf::fields::HIDDEN_FLAGS;
use crate::pdf::objects::{is_name, resolve};

/// Annotations of a page, at most.
const MAX_ANNOTATIONS: usize = 20_000;
/// Fields above a widget, at most.
const MAX_FIELD_DEPTH: usize = 16;

impl<'a> Walker<'a, '_> {
    /// Runs the appearances of the annotations of a page, form fields among them.
    pub(super) fn annotations(&mut self, page: &Page<'a>, state: &State<'a>) {
        let Some(annotations) = page.raw().get::<Array<'a>>("Annots") else {
            return;
        };
        self.in_annotation = true;
        for annotation in annotations.raw_iter().take(MAX_ANNOTATIONS) {
            // One that is missing ends nothing.
            let annotation = resolve(page.xref(), annotation).and_then(Object::into_dict);
            let Some(annotation) = annotation else { continue };
            let flags = annotation.get::<u32>("F").unwrap_or(0);
            let skipped = is_name(&annotation, "Subtype", "Popup") || self.is_told_by_form(&annotation);
            if skipped || flags & HIDDEN_FLAGS != 0 || !self.layers.shows(&annotation) {
                continue;
            }
            if let Some((appearance, state)) = appearance(&annotation, state) {
                self.form(&appearance, page.resources(), &state);
            }
        }
        self.in_annotation = false;
    }

    /// Returns true for a form field whose value the form tells: the mark of a check box is a drawing, and appearances
    /// may be out of date.
    fn is_told_by_form(&self, annotation: &Dict<'a>) -> bool {
        if !is_name(annotation, "Subtype", "Widget") {
            return false;
        }
        let normal = annotation
            .get::<Dict<'_>>("AP")
            .and_then(|appearances| appearances.get::<Object<'_>>("N"));
        match field_type(annotation).as_deref() {
            Some("Tx" | "Ch") => self.values_by_form,
            Some("Btn") => matches!(normal, Some(Object::Dict(_))),
            _ => false,
        }
    }
}

/// Type of the field of a widget, which may be that of a field above it.
fn field_type(widget: &Dict<'_>) -> Option<String> {
    let mut field = widget.clone();
    for _ in 0..MAX_FIELD_DEPTH {
        if let Some(kind) = field.get::<Name<'_>>("FT") {
            return Some(kind.as_str().to_owned());
        }
        field = field.get::<Dict<'_>>("Parent")?;
    }
    None
}

/// Appearance stream of an annotation, and the state that puts it at its place (ISO 32000-1, 12.5.5).
fn appearance<'a>(annotation: &Dict<'a>, state: &State<'a>) -> Option<(Stream<'a>, State<'a>)> {
    let normal = annotation.get::<Dict<'a>>("AP")?.get::<Object<'a>>("N")?;
    let stream = match normal {
        Object::Stream(stream) => stream,
        Object::Dict(states) => {
            let current = annotation.get::<Name<'a>>("AS")?;
            states.get::<Stream<'a>>(current)?
        }
        _ => return None,
    };
    let place = annotation.get::<PdfRect>("Rect")?;
    let bbox = stream.dict().get::<PdfRect>("BBox")?;
    let matrix = stream
        .dict()
        .get::<[f64; 6]>("Matrix")
        .map_or(Affine::IDENTITY, Affine::new);
    let own = matrix.transform_rect_bbox(Rect::new(bbox.x0, bbox.y0, bbox.x1, bbox.y1));
    if own.width() <= 0.0 || own.height() <= 0.0 {
        return None;
    }
    let (x, y) = (
        (place.x1 - place.x0) / own.width(),
        (place.y1 - place.y0) / own.height(),
    );
    let mut state = state.clone();
    state.ctm *= Affine::new([x, 0.0, 0.0, y, place.x0 - x * own.x0, place.y0 - y * own.y0]);
    Some((stream, state))
}
