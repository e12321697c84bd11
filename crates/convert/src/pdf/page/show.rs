use hayro::kurbo::{Affine, Point, Rect};

use super::content::{Flags, Glyph};
use super::state::{State, TextState, narrow};
use super::walker::{MAX_GLYPHS, Walker};

/// Rendering modes without ink (ISO 32000-1, table 106).
const INVISIBLE_MODES: [i64; 2] = [3, 7];
/// Height of letters above the baseline and their depth below it, in multiples of the text size.
const ASCENT_EM: f64 = 0.9;
const DESCENT_EM: f64 = 0.25;

impl<'a> Walker<'a, '_> {
    /// Shows a string.
    pub(super) fn show(&mut self, state: &mut State<'a>, string: &[u8]) {
        let Some(font) = state.text.font.clone().or_else(|| self.fonts.missing()) else {
            return;
        };
        let order = self.next_order();
        let visible = self.marks.visible();
        let flags = Flags::default()
            .with(Flags::INVISIBLE, INVISIBLE_MODES.contains(&state.text.mode))
            .with(Flags::ARTIFACT, self.marks.in_artifact())
            .with(Flags::ANNOTATION, self.in_annotation)
            .with(Flags::VERTICAL, !font.horizontal);
        let ink = if state.text.mode == 1 { None } else { state.fill };
        // Only the place changes from one glyph to the next.
        let geometry = Geometry::of(em_frame(state), font.horizontal);
        let scale = (state.text.size * state.text.scaling)
            .abs()
            .max(f64::MIN_POSITIVE);
        let spacing = state.text.character_spacing * state.text.scaling / scale * geometry.along;
        let mut at = 0;
        while at < string.len() && self.page.glyphs.len() < MAX_GLYPHS {
            let (code, length) = font.read_code(string, at);
            at += length.max(1);
            let found = self.fonts.code(&font, code);
            if visible {
                let [x, y] = found.displacement;
                let frame = em_frame(state);
                let origin = frame * Point::new(x / 1000.0, y / 1000.0);
                let clipped = !self.in_annotation
                    && !state.clip.contains(origin)
                    && is_outside(frame, found.advance / 1000.0, font.horizontal, state.clip);
                self.add_glyph(
                    Glyph {
                        origin: [narrow(origin.x), self.page.height - narrow(origin.y)],
                        direction: geometry.direction,
                        advance: narrow(found.advance.abs() / 1000.0 * geometry.along),
                        spacing: narrow(spacing),
                        size: narrow(geometry.across * font.em),
                        ink,
                        text: found.text,
                        font: font.number,
                        order,
                        flags: flags
                            .with(Flags::UNKNOWN, !found.known)
                            .with(Flags::CLIPPED, clipped),
                    },
                    found.blank,
                );
                self.page.facts.guessed += u32::from(font.guessed && !found.blank);
            } else {
                self.page.facts.switched_off += 1;
            }
            let step = step(&state.text, found.advance, code == 32 && length == 1);
            state.text.matrix *= Affine::translate(step);
        }
    }

    fn add_glyph(&mut self, mut glyph: Glyph, blank: bool) {
        let finite = glyph.origin.iter().all(|part| part.is_finite())
            && glyph.advance.is_finite()
            && glyph.size.is_finite();
        if !finite {
            return;
        }
        if let Some(text) = self.marks.replacement() {
            glyph.text = text;
            glyph.flags = glyph.flags.without(Flags::UNKNOWN);
        }
        if !blank {
            self.page.facts.glyphs += 1;
            self.page.facts.unknown += u32::from(glyph.flags.contains(Flags::UNKNOWN));
        }
        self.page.glyphs.push(glyph);
    }
}

/// Step from a glyph to the next one.
fn step(text: &TextState<'_>, advance: f64, is_space: bool) -> (f64, f64) {
    let space = if is_space { text.word_spacing } else { 0.0 };
    let (advance, spacing) = (advance / 1000.0 * text.size, text.character_spacing + space);
    match text.font.as_ref().is_none_or(|font| font.horizontal) {
        true => ((advance + spacing) * text.scaling, 0.0),
        false => (0.0, advance - spacing),
    }
}

/// Returns true if the box of a glyph is wholly outside the clip.
fn is_outside(frame: Affine, advance: f64, horizontal: bool, clip: Rect) -> bool {
    let em = match horizontal {
        true => Rect::new(0.0, -DESCENT_EM, advance, ASCENT_EM),
        false => Rect::new(-0.5, -advance.abs(), 0.5, 0.0),
    };
    let shown = frame.transform_rect_bbox(em.abs());
    shown.x1 < clip.x0 || shown.x0 > clip.x1 || shown.y1 < clip.y0 || shown.y0 > clip.y1
}

/// Frame of the em square at the place of the next glyph.
fn em_frame(state: &State<'_>) -> Affine {
    let text = &state.text;
    state.ctm * text.matrix * Affine::new([text.size * text.scaling, 0.0, 0.0, text.size, 0.0, text.rise])
}

/// Directions and lengths of an em square on the shown page.
struct Geometry {
    direction: [f32; 2],
    /// Length of the em along the line in points.
    along: f64,
    /// Height of the em in points.
    across: f64,
}

impl Geometry {
    fn of(frame: Affine, horizontal: bool) -> Self {
        let [a, b, c, d, _, _] = frame.as_coeffs();
        let (along, across) = (a.hypot(b), c.hypot(d));
        // Written downwards, against the upright axis of the em. The shown page has y downwards, lines have it upwards.
        let (x, y, length) = match horizontal {
            true => (a, -b, along),
            false => (-c, d, across),
        };
        let direction = if length > 1e-9 {
            [narrow(x / length), narrow(y / length)]
        } else {
            [1.0, 0.0]
        };
        Self {
            direction,
            along: length,
            across,
        }
    }
}
