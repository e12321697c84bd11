//! Names of values in JSON. Writer and schema share them.

use crate::ir::{
    Alignment, Direction, FieldKind, FigureKind, GroupKind, HeaderKind, ListStyle, PageKind, Severity, Unit,
    ValueType,
};

/// Declares the names of the values of a type: a function from value to name, and a list of all names.
macro_rules! names {
    ($($function:ident, $all:ident: $type:ident { $($value:ident = $text:literal),* $(,)? })*) => { $(
        pub(super) const $all: &[&str] = &[$($text),*];

        pub(super) fn $function(value: $type) -> &'static str {
            match value {
                $($type::$value => $text),*
            }
        }
    )* };
}

names! {
    alignment, ALIGNMENTS: Alignment { Left = "left", Center = "center", Right = "right" }
    direction, DIRECTIONS: Direction { Ltr = "ltr", Rtl = "rtl" }
    field_kind, FIELD_KINDS: FieldKind {
        Text = "text", Choice = "choice", Checkbox = "checkbox", Radio = "radio", Signature = "signature",
        Date = "date",
    }
    figure_kind, FIGURE_KINDS: FigureKind { Picture = "picture", Chart = "chart", Diagram = "diagram" }
    group_kind, GROUP_KINDS: GroupKind {
        Section = "section", Form = "form", Message = "message", Attachment = "attachment",
    }
    header_kind, HEADER_KINDS: HeaderKind { Column = "column", Row = "row", Section = "section" }
    list_style, LIST_STYLES: ListStyle { Decimal = "decimal", Alpha = "alpha", Roman = "roman" }
    page_kind, PAGE_KINDS: PageKind {
        TextLayer = "text_layer", Ocr = "ocr", Structure = "structure", Empty = "empty",
    }
    severity, SEVERITIES: Severity { Low = "low", Medium = "medium", High = "high" }
    unit, UNITS: Unit { Pt = "pt", Px = "px" }
    value_type, VALUE_TYPES: ValueType {
        Text = "text", Number = "number", Boolean = "boolean", Date = "date", Duration = "duration",
        Error = "error",
    }
}
