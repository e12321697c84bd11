use std::rc::Rc;

use hayro::hayro_syntax::content::TypedIter;
use hayro::hayro_syntax::content::ops::TypedInstruction as Op;
use hayro::hayro_syntax::object::{Array, Dict, Name, Number, Object, ObjectIdentifier};
use hayro::hayro_syntax::page::{Page, Resources, Rotation};
use hayro::kurbo::{Affine, Point, Rect};
use rustc_hash::FxHashMap;

use super::colors::Space;
use super::content::{Glyph, PageContent};
use super::fonts::{Fonts, LoadedFont};
use super::open_marks::Marks;
use super::path_parts::Path;
use super::state::State;
use super::stream::Content;
use crate::pdf::fields::Form;
use crate::pdf::frame::PageFrame;
use crate::pdf::optional_content::OptionalContent;

/// Operators of a page with all its forms, at most.
const MAX_OPERATORS: u32 = 4_000_000;
/// Glyphs of a page, at most.
pub(super) const MAX_GLYPHS: usize = 2_000_000;
/// Graphics states that are saved, at most.
const MAX_SAVED_STATES: usize = 512;
/// Forms within forms, at most.
const MAX_DEPTH: u32 = 16;

/// Walks the operators of one page.
pub(super) struct Walker<'a, 'w> {
    pub(super) fonts: &'w mut Fonts<'a>,
    pub(super) layers: &'w OptionalContent,
    pub(super) form: &'w mut Form<'a>,
    /// Frame of the page.
    pub(super) place: PageFrame,
    pub(super) page: PageContent,
    pub(super) marks: Marks,
    /// Form whose content is run; `None` for the content of the page itself.
    pub(super) current_form: Option<ObjectIdentifier>,
    /// Set inside the appearance of an annotation.
    pub(super) in_annotation: bool,
    /// Number of the next thing that is painted.
    pub(super) order: u32,
    operators_left: u32,
    depth: u32,
}

/// Reads a page. `glyphs` is empty, and what its glyphs are put into.
pub(super) fn read_page<'a>(
    page: &Page<'a>,
    glyphs: Vec<Glyph>,
    fonts: &mut Fonts<'a>,
    form: &mut Form<'a>,
    layers: &OptionalContent,
) -> PageContent {
    let (width, height) = page.render_dimensions();
    let rotation = match page.rotation() {
        Rotation::None => 0,
        Rotation::Horizontal => 90,
        Rotation::Flipped => 180,
        Rotation::FlippedHorizontal => 270,
    };
    let content = Content::of_page(page);
    let mut walker = Walker {
        fonts,
        layers,
        form,
        place: PageFrame::of(page),
        page: PageContent {
            width,
            height,
            rotation,
            glyphs,
            ..PageContent::default()
        },
        marks: Marks::default(),
        current_form: None,
        in_annotation: false,
        order: 0,
        operators_left: MAX_OPERATORS,
        depth: 0,
    };
    walker.page.facts.damaged = content.damaged;
    walker.page.facts.cut_off = content.cut_off;
    let shown = Rect::new(0.0, 0.0, width.into(), height.into());
    let ctm = Affine::new(page.initial_transform(true).as_coeffs());
    let state = State::new(ctm, shown);
    walker.run(&content.bytes, page.resources(), state.clone());
    walker.annotations(page, &state);
    walker.page.facts.cut_off |= walker.form.left_out > 0;
    walker.page
}

impl<'a> Walker<'a, '_> {
    /// Position in the order of painting, a new one each time.
    pub(super) fn next_order(&mut self) -> u32 {
        self.order = self.order.saturating_add(1);
        self.order
    }

    /// Runs the operators of a content stream.
    pub(super) fn run(&mut self, content: &[u8], resources: &Resources<'a>, state: State<'a>) {
        if self.depth >= MAX_DEPTH {
            self.page.facts.cut_off = true;
            return;
        }
        self.depth += 1;
        let outer = self.marks.depth();
        let mut frame = Frame {
            state,
            saved: Vec::new(),
            unsaved: 0,
            path: Path::default(),
            fonts: FxHashMap::default(),
            resources,
        };
        let mut operators = TypedIter::new(content);
        while let Some(operator) = operators.next() {
            if self.operators_left == 0 || self.page.glyphs.len() >= MAX_GLYPHS {
                self.page.facts.cut_off = true;
                break;
            }
            self.operators_left -= 1;
            self.operator(operator, &mut frame, outer);
        }
        self.close_marks(outer);
        self.depth -= 1;
    }

    fn operator(&mut self, operator: Op<'_, '_>, frame: &mut Frame<'a, '_>, outer: usize) {
        match operator {
            Op::XObject(name) if self.marks.visible() => {
                if let Some(object) = frame.resources.get_x_object(name.0) {
                    self.x_object(&object, frame.resources, &frame.state);
                }
            }
            Op::InlineImage(_) if self.marks.visible() => self.image(&frame.state),
            Op::BeginMarkedContent(begin) => self.begin_mark(begin.0, None, frame.resources),
            Op::BeginMarkedContentWithProperties(begin) => {
                self.begin_mark(begin.0, Some(begin.1), frame.resources);
            }
            Op::EndMarkedContent(_) if self.marks.depth() > outer => self.end_mark(),
            operator => {
                if let Some(operator) = self.text_operator(operator, frame)
                    && let Some(operator) = frame.state_operator(operator)
                {
                    self.path_operator(&operator, frame);
                }
            }
        }
    }

    /// Runs an operator of text; gives back any other.
    fn text_operator<'b, 'o>(
        &mut self,
        operator: Op<'b, 'o>,
        frame: &mut Frame<'a, '_>,
    ) -> Option<Op<'b, 'o>> {
        match operator {
            Op::TextFont(font) => {
                frame.state.text.size = font.1.as_f64();
                frame.state.text.font = frame.font(font.0, self.fonts);
            }
            Op::SetGraphicsState(name) => self.set_graphics_state(name.0, frame),
            Op::ShowText(text) => self.show(&mut frame.state, text.0.as_bytes()),
            Op::ShowTexts(texts) => self.show_all(&mut frame.state, texts.0),
            Op::NextLineAndShowText(text) => {
                frame.state.text.next_line_by_leading();
                self.show(&mut frame.state, text.0.as_bytes());
            }
            Op::ShowTextWithParameters(text) => {
                frame.state.text.word_spacing = text.0.as_f64();
                frame.state.text.character_spacing = text.1.as_f64();
                frame.state.text.next_line_by_leading();
                self.show(&mut frame.state, text.2.as_bytes());
            }
            other => return Some(other),
        }
        None
    }

    fn show_all(&mut self, state: &mut State<'a>, texts: &Array<'_>) {
        for entry in texts.iter::<Object<'_>>() {
            match entry {
                Object::Number(amount) => state.text.adjust(amount.as_f64()),
                Object::String(text) => self.show(state, text.as_bytes()),
                _ => {}
            }
        }
    }

    fn set_graphics_state(&mut self, name: &Name<'_>, frame: &mut Frame<'a, '_>) {
        let Some(dict) = frame.resources.get_ext_g_state(name) else {
            return;
        };
        if let Some(width) = dict.get::<f64>(b"LW") {
            frame.state.line_width = width;
        }
        if let Some(font) = dict.get::<Array<'a>>(b"Font") {
            let mut entries = font.flex_iter();
            if let (Some(font), Some(size)) = (entries.next::<Dict<'a>>(), entries.next::<Number>()) {
                frame.state.text.font = self.fonts.load(&font);
                frame.state.text.size = size.as_f64();
            }
        }
    }
}

/// Content stream that is being run.
pub(super) struct Frame<'a, 'r> {
    pub(super) state: State<'a>,
    saved: Vec<State<'a>>,
    /// States beyond the limit, which nothing restores.
    unsaved: u32,
    pub(super) path: Path,
    /// Fonts by their names in the resources.
    fonts: FxHashMap<Vec<u8>, Option<Rc<LoadedFont<'a>>>>,
    pub(super) resources: &'r Resources<'a>,
}

impl<'a> Frame<'a, '_> {
    fn font(&mut self, name: &Name<'_>, fonts: &mut Fonts<'a>) -> Option<Rc<LoadedFont<'a>>> {
        if let Some(known) = self.fonts.get(name.as_ref() as &[u8]) {
            return known.clone();
        }
        let font = match self.resources.get_font(name) {
            Some(dict) => fonts.load(&dict),
            None => fonts.missing(),
        };
        self.fonts.insert(name.as_ref().to_vec(), font.clone());
        font
    }

    /// Runs an operator that changes the state alone; gives back any other.
    fn state_operator<'b, 'o>(&mut self, operator: Op<'b, 'o>) -> Option<Op<'b, 'o>> {
        let state = &mut self.state;
        match operator {
            Op::SaveState(_) => match self.saved.len() < MAX_SAVED_STATES {
                true => self.saved.push(state.clone()),
                false => self.unsaved += 1,
            },
            Op::RestoreState(_) if self.unsaved > 0 => self.unsaved -= 1,
            Op::RestoreState(_) => {
                if let Some(saved) = self.saved.pop() {
                    // Text matrices belong to the text object, which states do not save.
                    let (matrix, line_matrix) = (state.text.matrix, state.text.line_matrix);
                    *state = saved;
                    (state.text.matrix, state.text.line_matrix) = (matrix, line_matrix);
                }
            }
            Op::Transform(t) => state.ctm *= affine([&t.0, &t.1, &t.2, &t.3, &t.4, &t.5]),
            Op::LineWidth(width) => state.line_width = width.0.as_f64(),
            Op::BeginText(_) => state.text.begin(),
            Op::SetTextMatrix(t) => {
                state
                    .text
                    .set_matrix(affine([&t.0, &t.1, &t.2, &t.3, &t.4, &t.5]));
            }
            Op::CharacterSpacing(spacing) => state.text.character_spacing = spacing.0.as_f64(),
            Op::WordSpacing(spacing) => state.text.word_spacing = spacing.0.as_f64(),
            Op::HorizontalScaling(scaling) => state.text.scaling = scaling.0.as_f64() / 100.0,
            Op::TextLeading(leading) => state.text.leading = leading.0.as_f64(),
            Op::TextRise(rise) => state.text.rise = rise.0.as_f64(),
            Op::TextRenderingMode(mode) => state.text.mode = mode.0.as_i64(),
            Op::NextLine(by) => state.text.next_line(by.0.as_f64(), by.1.as_f64()),
            Op::NextLineAndSetLeading(by) => {
                state.text.leading = -by.1.as_f64();
                state.text.next_line(by.0.as_f64(), by.1.as_f64());
            }
            Op::NextLineUsingLeading(_) => state.text.next_line_by_leading(),
            other => return self.color_operator(other),
        }
        None
    }

    /// Runs an operator of the colour of fillings; gives back any other.
    fn color_operator<'b, 'o>(&mut self, operator: Op<'b, 'o>) -> Option<Op<'b, 'o>> {
        let state = &mut self.state;
        let mut set = |space: Space, components: &[Number]| {
            state.fill_space = space;
            state.fill = space.color(components);
        };
        match operator {
            Op::NonStrokeColorDeviceGray(gray) => set(Space::Gray, &[gray.0]),
            Op::NonStrokeColorDeviceRgb(rgb) => set(Space::Rgb, &[rgb.0, rgb.1, rgb.2]),
            Op::NonStrokeColorCmyk(cmyk) => set(Space::Cmyk, &[cmyk.0, cmyk.1, cmyk.2, cmyk.3]),
            Op::ColorSpaceNonStroke(name) => {
                state.fill_space = Space::named(name.0, self.resources);
                state.fill = state.fill_space.initial();
            }
            Op::NonStrokeColor(color) => state.fill = state.fill_space.color(&color.0),
            Op::NonStrokeColorNamed(color) => state.fill = state.fill_space.color(&color.0),
            other => return Some(other),
        }
        None
    }
}

fn affine(numbers: [&Number; 6]) -> Affine {
    Affine::new(numbers.map(Number::as_f64))
}

/// Point of two operands on the shown page.
pub(super) fn point(state: &State<'_>, x: &Number, y: &Number) -> Point {
    state.ctm * Point::new(x.as_f64(), y.as_f64())
}
