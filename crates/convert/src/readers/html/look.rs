use std::rc::Rc;

use super::elements::{Mark, mark};
use super::tree::Element;
use crate::ir::{Direction, Link, Style};

/// Properties of the text that comes next.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Look {
    pub(super) style: Style,
    pub(super) link: Option<Link>,
    /// White space is text.
    pub(super) exact: bool,
    /// Language and direction, where an element below the page's own says them.
    pub(super) lang: Option<Rc<str>>,
    pub(super) dir: Option<Direction>,
}

impl Look {
    /// Takes over what an element says of its text.
    pub(super) fn apply(&mut self, element: &Element) {
        if let Some(mark) = mark(element.name()) {
            set(&mut self.style, mark);
        }
        let lang = element.get("lang").or_else(|| element.get("xml:lang"));
        if let Some(lang) = lang.map(str::trim).filter(|lang| !lang.is_empty()) {
            self.lang = Some(lang.into());
        }
        match element.get("dir").map(str::trim) {
            Some(dir) if dir.eq_ignore_ascii_case("rtl") => self.dir = Some(Direction::Rtl),
            Some(dir) if dir.eq_ignore_ascii_case("ltr") => self.dir = Some(Direction::Ltr),
            _ => {}
        }
        for (key, value) in declarations(element) {
            self.declare(&key, &value);
        }
    }

    fn declare(&mut self, key: &str, value: &str) {
        let style = &mut self.style;
        match key {
            "font-weight" => match value {
                "bold" | "bolder" => style.bold = true,
                "normal" | "lighter" => style.bold = false,
                number => {
                    if let Ok(weight) = number.parse::<u32>() {
                        style.bold = weight >= 600;
                    }
                }
            },
            "font-style" => style.italic = matches!(value, "italic" | "oblique"),
            "font-variant" | "font-variant-caps" if value.contains("small-caps") => style.small_caps = true,
            "text-decoration" | "text-decoration-line" => {
                style.underline |= value.contains("underline") && self.link.is_none();
                style.strike |= value.contains("line-through");
            }
            "vertical-align" => match value {
                "super" => style.superscript = true,
                "sub" => style.subscript = true,
                _ => {}
            },
            "white-space" => self.exact = value.starts_with("pre") && value != "pre-line",
            _ => {}
        }
    }
}

fn set(style: &mut Style, mark: Mark) {
    match mark {
        Mark::Bold => style.bold = true,
        Mark::Italic => style.italic = true,
        Mark::Underline => style.underline = true,
        Mark::Strike => style.strike = true,
        Mark::Code => style.code = true,
        Mark::Superscript => style.superscript = true,
        Mark::Subscript => style.subscript = true,
        Mark::Highlight => style.highlight = true,
    }
}

/// Declarations of the `style` attribute, in lower case.
fn declarations(element: &Element) -> impl Iterator<Item = (String, String)> {
    let style = element.get("style").unwrap_or_default();
    style.split(';').filter_map(|declaration| {
        let (key, value) = declaration.split_once(':')?;
        let value = value.trim().trim_end_matches("!important").trim_end();
        Some((key.trim().to_ascii_lowercase(), value.to_ascii_lowercase()))
    })
}

/// Returns true for an element that the page does not show.
pub(super) fn is_hidden(element: &Element) -> bool {
    let hidden = element
        .get("hidden")
        .is_some_and(|hidden| !hidden.eq_ignore_ascii_case("until-found"));
    let closed = element.name() == "dialog" && element.get("open").is_none();
    hidden
        || closed
        || declarations(element).any(|(key, value)| {
            key == "display" && value == "none" || key == "visibility" && value == "hidden"
        })
}
