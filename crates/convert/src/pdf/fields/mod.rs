//! Fields of forms: the values that the widgets of a page show (ISO 32000-1, 12.7).
//!
//! Fields are read from the widgets upwards, not from the form downwards: pages of damaged files have widgets that the
//! form does not list, and a field without a widget shows nothing.

mod field;
#[cfg(test)]
mod tests;
mod value;

use std::collections::HashMap;
use std::rc::Rc;

use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Dict, ObjectIdentifier};
use hayro::hayro_syntax::xref::XRef;

use self::field::Field;
use super::frame::PageFrame;
use super::objects::{catalog, is_name, nonblank_text};
use super::optional_content::OptionalContent;
use crate::layout::Extent;

/// Flags of annotations that are not shown on a screen: Hidden and `NoView`.
pub(in crate::pdf) const HIDDEN_FLAGS: u32 = 1 << 1 | 1 << 5;
/// Widgets of one document that are read, at most.
const MAX_WIDGETS: usize = 100_000;
/// Bytes of the values of all widgets, at most: thousands of widgets may show the value of one field.
const MAX_VALUE_BYTES: usize = 16 << 20;

/// Widget: place on a page where a field shows its value.
///
/// Text, choices and buttons have their text in `value`. If the widget has an appearance and the form does not ask for new
/// ones (`Form::needs_appearances`), the appearance shows the value and is content like any other; else the value is to be
/// put at `extent`. A check box or radio button is to be put there in any case, as `mark`: its appearance is a drawing or
/// a glyph of a font of symbols.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::pdf) struct Widget {
    /// Box in the frame of the page as a viewer shows it.
    pub(in crate::pdf) extent: Extent,
    pub(in crate::pdf) kind: WidgetKind,
    /// Full name of the field in the form, its parts joined by dots.
    pub(in crate::pdf) name: Option<String>,
    /// Name of the field for people.
    pub(in crate::pdf) label: Option<String>,
    /// Value as the widget shows it: for choices the displayed text, for a check box or radio button what it stands for,
    /// for a push button its caption, for a signature its signer. Lines are separated by `\n`. `None` where nothing is
    /// filled in, and for passwords.
    pub(in crate::pdf) value: Option<String>,
    /// Texts that can be chosen, for choices.
    pub(in crate::pdf) options: Rc<[String]>,
    /// Size of its text in points, if the field says one.
    pub(in crate::pdf) text_size: Option<f32>,
    /// Set if it has an appearance for its state.
    pub(in crate::pdf) has_appearance: bool,
    /// Set if its text is a date, by the script that formats it.
    pub(in crate::pdf) is_date: bool,
    /// Set if no viewer shows it.
    pub(in crate::pdf) is_hidden: bool,
}

/// Kind of a widget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::pdf) enum WidgetKind {
    Text,
    Choice,
    Checkbox {
        on: bool,
    },
    Radio {
        on: bool,
    },
    /// Push button, which has no value.
    Button,
    Signature,
}

impl Widget {
    /// Sign of the state of a check box or radio button: the one of task items for both, since the model has no other.
    pub(in crate::pdf) fn mark(&self) -> Option<char> {
        match self.kind {
            WidgetKind::Checkbox { on: true } | WidgetKind::Radio { on: true } => Some('☑'),
            WidgetKind::Checkbox { on: false } | WidgetKind::Radio { on: false } => Some('☐'),
            _ => None,
        }
    }
}

/// Interactive form of a document.
pub(in crate::pdf) struct Form<'a> {
    xref: &'a XRef,
    /// Set if viewers are to draw appearances anew: those in the file may be out of date.
    pub(in crate::pdf) needs_appearances: bool,
    /// Appearance of texts where a field says none.
    appearance: Option<String>,
    /// Fields above widgets that were met, by their objects: a field may have thousands of widgets.
    fields: HashMap<ObjectIdentifier, Rc<Field<'a>>>,
    widgets_left: usize,
    bytes_left: usize,
    /// Number of widgets that were left out because there are too many or their values are too long.
    pub(in crate::pdf) left_out: usize,
}

impl<'a> Form<'a> {
    pub(in crate::pdf) fn new(pdf: &'a Pdf) -> Self {
        let form = catalog(pdf).and_then(|catalog| catalog.get::<Dict<'_>>("AcroForm"));
        let form = form.unwrap_or_default();
        Self {
            xref: pdf.xref(),
            needs_appearances: form.get::<bool>("NeedAppearances").unwrap_or(false),
            appearance: nonblank_text(&form, "DA"),
            fields: HashMap::new(),
            widgets_left: MAX_WIDGETS,
            bytes_left: MAX_VALUE_BYTES,
            left_out: 0,
        }
    }

    /// Reads the widget of an annotation; `None` if it is none, or there are too many.
    pub(in crate::pdf) fn widget(
        &mut self,
        widget: &Dict<'a>,
        frame: PageFrame,
        layers: &OptionalContent,
    ) -> Option<Widget> {
        if !is_name(widget, "Subtype", "Widget") {
            return None;
        }
        let field = self.field_of(widget);
        if !self.has_room_for(&field) {
            self.left_out += 1;
            return None;
        }
        let extent = frame.extent(widget.get("Rect")?)?;
        let (kind, value) = value::of(&field, widget)?;
        let appearance = field.appearance.as_deref().or(self.appearance.as_deref());
        Some(Widget {
            extent,
            kind,
            value,
            name: field.name.clone(),
            label: field.label.clone(),
            options: match kind {
                WidgetKind::Choice => field.options.displayed(),
                _ => Rc::default(),
            },
            text_size: appearance.and_then(text_size),
            has_appearance: value::has_appearance(widget),
            is_date: field.is_date,
            is_hidden: widget.get::<u32>("F").unwrap_or(0) & HIDDEN_FLAGS != 0 || !layers.shows(widget),
        })
    }
}

impl Form<'_> {
    /// Takes the room of one widget of a field, if it is left.
    fn has_room_for(&mut self, field: &Field<'_>) -> bool {
        if self.widgets_left == 0 || field.bytes > self.bytes_left {
            return false;
        }
        self.widgets_left -= 1;
        self.bytes_left -= field.bytes;
        true
    }
}

/// Size in the operator `Tf` of a default appearance; none if the viewer is to choose it.
fn text_size(appearance: &str) -> Option<f32> {
    let mut words = appearance.split_ascii_whitespace().rev();
    words.find(|word| *word == "Tf")?;
    let size: f32 = words.next()?.parse().ok()?;
    (size.is_finite() && size > 0.0).then_some(size)
}
