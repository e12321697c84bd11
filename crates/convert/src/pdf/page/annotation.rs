use hayro::hayro_syntax::object::{Array, Dict, Name, Object, Rect as PdfRect, Stream};
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{Affine, Rect};

use super::content::PaintedWidget;
use super::state::State;
use super::walker::Walker;
use crate::pdf::annotations::text_of;
use crate::pdf::fields::{Widget, WidgetKind};
use crate::pdf::objects::{is_name, name, resolve};

/// Flags of annotations that are not shown: hidden, and not on the screen (ISO 32000-1, table 165).
const NOT_SHOWN: u32 = 1 << 1 | 1 << 5;
/// Annotations of a page, at most.
const MAX_ANNOTATIONS: usize = 20_000;

impl<'a> Walker<'a, '_> {
    /// Runs the appearances of the annotations of a page, form fields among them.
    pub(super) fn annotations(&mut self, page: &Page<'a>, state: &State<'a>) {
        let Some(annotations) = page.raw().get::<Array<'a>>(b"Annots") else {
            return;
        };
        self.in_annotation = true;
        for annotation in annotations.raw_iter().take(MAX_ANNOTATIONS) {
            // One that is missing ends nothing.
            let annotation = resolve(page.xref(), annotation).and_then(Object::into_dict);
            let Some(annotation) = annotation else { continue };
            let is_popup = annotation
                .get::<Name<'_>>(b"Subtype")
                .is_some_and(|kind| kind.as_str() == "Popup");
            let flags = annotation.get::<u32>(b"F").unwrap_or(0);
            if is_popup || flags & NOT_SHOWN != 0 || !self.layers.shows(&annotation) {
                continue;
            }
            let widget = match is_name(&annotation, "Subtype", "Widget") {
                true => self.form.widget(&annotation, self.place, self.layers),
                false => None,
            };
            let first = self.next_order();
            if !self.is_placed(&annotation, widget.as_ref())
                && let Some((appearance, state)) = appearance(&annotation, state)
            {
                self.form(&appearance, page.resources(), &state);
            }
            if let Some(widget) = widget.filter(|widget| widget.kind != WidgetKind::Button) {
                let orders = first..self.next_order();
                self.page.widgets.push(PaintedWidget { orders, widget });
            }
            self.note_stamp(&annotation, first);
        }
        self.in_annotation = false;
    }

    /// Notes what was painted since `first`, if a stamp has painted it.
    fn note_stamp(&mut self, annotation: &Dict<'a>, first: u32) {
        let place = annotation.get::<PdfRect>("Rect");
        let place = place.and_then(|place| self.place.extent(place));
        if let Some(place) = place.filter(|_| is_name(annotation, "Subtype", "Stamp")) {
            let orders = first..self.next_order();
            self.page.stamps.push((orders, place));
        }
    }

    /// Puts the text of a widget or free text at its place, if no appearance shows it.
    fn is_placed(&mut self, annotation: &Dict<'a>, widget: Option<&Widget>) -> bool {
        match name(annotation, "Subtype").as_deref() {
            Some("Widget") => widget.is_some_and(|widget| self.put_widget(widget)),
            Some("FreeText") if !annotation.contains_key("AP") => {
                let place = annotation.get::<PdfRect>("Rect");
                let place = place.and_then(|place| self.place.extent(place));
                let (Some(place), Some(text)) = (place, text_of(annotation)) else {
                    return false;
                };
                self.put_text(&text, place, None);
                true
            }
            _ => false,
        }
    }
}

/// Appearance stream of an annotation, and the state that puts it at its place (ISO 32000-1, 12.5.5).
fn appearance<'a>(annotation: &Dict<'a>, state: &State<'a>) -> Option<(Stream<'a>, State<'a>)> {
    let normal = annotation.get::<Dict<'a>>(b"AP")?.get::<Object<'a>>(b"N")?;
    let stream = match normal {
        Object::Stream(stream) => stream,
        Object::Dict(states) => {
            let current = annotation.get::<Name<'a>>(b"AS")?;
            states.get::<Stream<'a>>(current)?
        }
        _ => return None,
    };
    let place = annotation.get::<PdfRect>(b"Rect")?;
    let bbox = stream.dict().get::<PdfRect>(b"BBox")?;
    let matrix = stream
        .dict()
        .get::<[f64; 6]>(b"Matrix")
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
