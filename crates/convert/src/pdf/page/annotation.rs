use std::rc::Rc;

use hayro::hayro_syntax::object::{Array, Dict, Name, Object, Rect as PdfRect, Stream, String as PdfString};
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{Affine, Point, Rect};

use super::content::LinkArea;
use super::state::State;
use super::walker::Walker;
use crate::pdf::text_string::text_string;

/// Flags of annotations that are not shown: hidden, and not on the screen (ISO 32000-1, table 165).
const NOT_SHOWN: u32 = 1 << 1 | 1 << 5;
/// Annotations of a page, at most.
const MAX_ANNOTATIONS: usize = 20_000;
/// Areas of one link, at most.
const MAX_QUADS: usize = 200;

impl<'a> Walker<'a, '_> {
    /// Runs the appearances of the annotations of a page, form fields among them.
    pub(super) fn annotations(&mut self, page: &Page<'a>, state: &State<'a>) {
        let Some(annotations) = page.raw().get::<Array<'a>>(b"Annots") else {
            return;
        };
        self.in_annotation = true;
        for annotation in annotations.iter::<Dict<'a>>().take(MAX_ANNOTATIONS) {
            let is_popup = annotation
                .get::<Name<'_>>(b"Subtype")
                .is_some_and(|kind| kind.as_str() == "Popup");
            let flags = annotation.get::<u32>(b"F").unwrap_or(0);
            if is_popup || flags & NOT_SHOWN != 0 || self.is_switched_off(&annotation) {
                continue;
            }
            self.link(&annotation, state);
            if let Some((appearance, state)) = appearance(&annotation, state) {
                self.form(&appearance, page.resources(), &state);
            }
        }
        self.in_annotation = false;
    }

    /// Notes the areas of a link to an address.
    fn link(&mut self, annotation: &Dict<'a>, state: &State<'a>) {
        let is_link = annotation
            .get::<Name<'_>>(b"Subtype")
            .is_some_and(|kind| kind.as_str() == "Link");
        let uri = annotation
            .get::<Dict<'_>>(b"A")
            .and_then(|action| action.get::<PdfString<'_>>(b"URI"));
        let (Some(uri), true) = (uri, is_link) else {
            return;
        };
        let uri: Rc<str> = text_string(&uri).trim().into();
        let quads = annotation.get::<Array<'_>>(b"QuadPoints").map(|points| {
            let points: Vec<f64> = points.iter::<f64>().take(8 * MAX_QUADS).collect();
            let quads = points.as_chunks::<8>().0.iter();
            quads
                .map(|[x0, y0, x1, y1, x2, y2, x3, y3]| {
                    let corner = |a: f64, b: f64| Rect::from_points(Point::new(a, b), Point::new(a, b));
                    corner(*x0, *y0)
                        .union(corner(*x1, *y1))
                        .union(corner(*x2, *y2))
                        .union(corner(*x3, *y3))
                })
                .collect::<Vec<_>>()
        });
        let place = annotation
            .get::<PdfRect>(b"Rect")
            .map(|place| Rect::new(place.x0, place.y0, place.x1, place.y1));
        let areas = quads
            .filter(|quads| !quads.is_empty())
            .unwrap_or_else(|| place.into_iter().collect());
        for area in areas {
            let extent = self.extent(state.ctm.transform_rect_bbox(area));
            self.page.links.push(LinkArea {
                extent,
                uri: uri.clone(),
            });
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
