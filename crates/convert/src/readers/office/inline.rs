use std::collections::HashMap;

use anydoc::model::{ImageSource, Inline, LinkTarget, Style};

use crate::write::markdown;

/// Context of a run of text, which decides how a line break is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum InlineContext {
    Paragraph,
    Heading,
    Cell,
}

/// Numbers of the notes by their ids in the document.
pub(super) type Notes<'a> = HashMap<&'a str, usize>;

/// Writes text, emphasis, links and images of one paragraph as Markdown.
///
/// Links within the document become their text, and embedded images their description: neither has an address that
/// means anything outside.
pub(super) fn render(inlines: &[Inline], context: InlineContext, notes: &Notes<'_>) -> String {
    let mut out = String::new();
    let mut runs = inlines.iter().peekable();
    while let Some(inline) = runs.next() {
        match inline {
            Inline::Text { text, style } => {
                let mut text = text.clone();
                while let Some(Inline::Text {
                    text: more,
                    style: next,
                }) = runs.peek()
                {
                    // White space between two runs of one style belongs to them.
                    if next != style && !more.trim().is_empty() {
                        break;
                    }
                    text.push_str(more);
                    runs.next();
                }
                push_styled(&text, *style, &mut out);
            }
            Inline::Link { content, target } => push_link(content, target, context, notes, &mut out),
            Inline::Image {
                alt,
                source: ImageSource::External(url),
            } => {
                out.push_str(&format!("![{}]({})", label(alt.trim()), address(url)));
            }
            Inline::Image { alt, .. } => push_apart(&markdown::escape(alt.trim()), &mut out),
            Inline::NoteRef(id) => {
                if let Some(number) = notes.get(id.as_str()) {
                    out.push_str(&format!("[^{number}]"));
                }
            }
            Inline::LineBreak => out.push_str(match context {
                InlineContext::Paragraph => "\\\n",
                InlineContext::Heading => " ",
                InlineContext::Cell => "\n",
            }),
            Inline::Math(tex) if !tex.trim().is_empty() => out.push_str(&math(tex)),
            Inline::Checkbox(checked) => {
                push_apart(if *checked { "[x] " } else { "[ ] " }, &mut out);
            }
            Inline::Math(_) | Inline::Anchor(_) => {}
        }
    }
    out
}

/// Writes an inline formula; a dollar sign inside would end it and is escaped.
fn math(tex: &str) -> String {
    let tex = tex.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("${}$", tex.replace("\\$", "$").replace('$', "\\$"))
}

fn push_apart(text: &str, out: &mut String) {
    if !text.is_empty() && !out.is_empty() && !out.ends_with(char::is_whitespace) {
        out.push(' ');
    }
    out.push_str(text);
}

fn push_styled(text: &str, style: Style, out: &mut String) {
    let core = text.trim();
    let marks = marks(style);
    if core.is_empty() || marks.is_empty() && !style.code {
        out.push_str(&markdown::escape(text));
        return;
    }
    let start = text.len() - text.trim_start().len();
    out.push_str(&text[..start]);
    if style.code {
        out.push_str(&markdown::code_span(core));
    } else {
        out.push_str(&marks);
        out.push_str(&markdown::escape(core));
        out.extend(marks.chars().rev());
    }
    out.push_str(&text[start + core.len()..]);
}

fn marks(style: Style) -> String {
    let marks = [(style.strike, "~~"), (style.bold, "**"), (style.italic, "*")];
    marks
        .iter()
        .filter(|(set, _)| *set)
        .map(|(_, mark)| *mark)
        .collect()
}

fn push_link(
    content: &[Inline],
    target: &LinkTarget,
    context: InlineContext,
    notes: &Notes<'_>,
    out: &mut String,
) {
    let text = render(content, context, notes);
    let url = match target {
        LinkTarget::External(url) | LinkTarget::Relative(url) => url.trim(),
        LinkTarget::Anchor(_) => "",
    };
    if url.is_empty() {
        out.push_str(&text);
    } else if text.trim().is_empty() {
        out.push_str(&format!("[{}]({})", label(url), address(url)));
    } else {
        out.push_str(&format!("[{text}]({})", address(url)));
    }
}

fn label(text: &str) -> String {
    markdown::escape(text)
        .replace('[', "\\[")
        .replace(']', "\\]")
        .replace('\n', " ")
}

/// Escapes an address for a link destination (CommonMark 0.31, section 6.3).
fn address(url: &str) -> String {
    let mut address = String::with_capacity(url.len());
    for c in url.chars() {
        match c {
            '<' => address.push_str("%3C"),
            '>' => address.push_str("%3E"),
            '|' => address.push_str("%7C"),
            '(' => address.push_str("%28"),
            ')' => address.push_str("%29"),
            '\\' => address.push_str("%5C"),
            c if c.is_whitespace() || c.is_control() => address.push_str("%20"),
            c => address.push(c),
        }
    }
    address
}
