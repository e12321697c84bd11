use hayro::hayro_syntax::object::{Dict, Name, Rect as PdfRect, Stream};
use hayro::hayro_syntax::page::Resources;
use hayro::kurbo::{Affine, Rect};

use super::content::Image;
use super::state::State;
use super::stream::Content;
use super::walker::Walker;

/// Images of a page whose places are kept, at most.
const MAX_IMAGES: usize = 10_000;

impl<'a> Walker<'a, '_> {
    /// Paints an external object: a form or an image.
    pub(super) fn x_object(&mut self, object: &Stream<'a>, resources: &Resources<'a>, state: &State<'a>) {
        let dict = object.dict();
        if !self.layers.shows(dict) {
            return;
        }
        match dict
            .get::<Name<'_>>(b"Subtype")
            .as_ref()
            .map(|name| name.as_str())
        {
            Some("Image") => self.image(state),
            _ => self.form(object, resources, state),
        }
    }

    /// Notes the place of an image, which fills the unit square.
    pub(super) fn image(&mut self, state: &State<'a>) {
        let shown = state
            .ctm
            .transform_rect_bbox(Rect::new(0.0, 0.0, 1.0, 1.0))
            .intersect(state.clip);
        let order = self.next_order();
        if shown.width() > 0.0 && shown.height() > 0.0 && self.page.images.len() < MAX_IMAGES {
            let extent = self.extent(shown);
            self.page.images.push(Image { extent, order });
        }
    }

    /// Runs the content of a form.
    pub(super) fn form(&mut self, form: &Stream<'a>, resources: &Resources<'a>, state: &State<'a>) {
        let dict = form.dict();
        let matrix = dict
            .get::<[f64; 6]>(b"Matrix")
            .map_or(Affine::IDENTITY, Affine::new);
        let own = dict.get::<Dict<'_>>(b"Resources").map(Resources::new);
        let mut state = state.clone();
        state.ctm *= matrix;
        if let Some(bbox) = dict.get::<PdfRect>(b"BBox") {
            let bbox = Rect::new(bbox.x0, bbox.y0, bbox.x1, bbox.y1);
            state.clip = state.clip.intersect(state.ctm.transform_rect_bbox(bbox));
        }
        let mut content = Content::default();
        content.add(form);
        self.page.facts.damaged |= content.damaged;
        self.page.facts.cut_off |= content.cut_off;
        let outer = std::mem::replace(&mut self.current_form, dict.obj_id());
        self.run(&content.bytes, own.as_ref().unwrap_or(resources), state);
        self.current_form = outer;
    }
}
