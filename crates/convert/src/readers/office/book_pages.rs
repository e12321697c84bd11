//! Pages of books, in which the library drops what some elements mean: raised and lowered text, marks of notes, readings
//! beside characters, and lists of terms. They are written in the form that it reads.
//!
//! ```text
//!   <sub>2</sub>                        ──>  «B»2«E»             B, A, E: signs below, above and behind text
//!   <a epub:type="noteref" …>1</a>      ──>  <a …>«R»1</a>        R: sign of a reference to a note
//!   漢<rp>(</rp><rt>kan</rt><rp>)</rp>  ──>  漢(kan)
//!   <dt>a</dt><dd>b</dd>                ──>  <p><b>a</b></p><div>b</div>
//! ```

use std::collections::BTreeMap;

use super::book_notes::{OpenNote, REFERENCE, is_reference};
use super::package::Package;
use super::signs::{ABOVE, BELOW, END};

/// Pages of a book, at most, that are looked at.
const MAX_PAGES: usize = 10_000;

/// The pages of a book that have such elements, written anew.
pub(super) fn readable(package: &mut Package<'_>) -> BTreeMap<String, String> {
    let mut parts = BTreeMap::new();
    for name in package.book_pages().into_iter().take(MAX_PAGES) {
        let written = package.text(&name).and_then(|text| written(&text));
        parts.extend(written.map(|text| (name, text)));
    }
    parts
}

/// Writes a page anew; `None` if it has no such element.
fn written(page: &str) -> Option<String> {
    let (head, body) = page.split_at_checked(page.find("<body")?)?;
    let mut out = String::with_capacity(page.len() + page.len() / 16);
    out.push_str(head);
    let mut rest = body;
    let mut note = OpenNote::default();
    let mut changed = false;
    while let Some((before, after)) = rest.split_once('<') {
        out.push_str(before);
        let Some((tag, behind)) = after.split_once('>') else {
            out.push('<');
            rest = after;
            break;
        };
        rest = behind;
        if tag.ends_with('/') || tag.starts_with(['!', '?']) {
            out.push_str(&format!("<{tag}>"));
            continue;
        }
        let name = tag.split([' ', '\t', '\n', '\r']).next().unwrap_or_default();
        match note.tag(name, tag).or_else(|| sign(name, tag)) {
            Some(sign) => {
                out.push_str(&sign);
                changed = true;
            }
            None if name == "rp" => {
                let Some((_, after)) = behind.split_once("</rp>") else {
                    break;
                };
                rest = after;
                changed = true;
            }
            None => out.push_str(&format!("<{tag}>")),
        }
    }
    out.push_str(rest);
    changed.then_some(out)
}

/// Text in the place of a tag.
fn sign(name: &str, tag: &str) -> Option<String> {
    let own = match name {
        "sub" => BELOW.to_string(),
        "sup" => ABOVE.to_string(),
        "/sub" | "/sup" => END.to_string(),
        "rt" => "(".to_owned(),
        "/rt" => ")".to_owned(),
        "dl" | "dd" => "<div>".to_owned(),
        "/dl" | "/dd" => "</div>".to_owned(),
        "dt" => "<p><b>".to_owned(),
        "/dt" => "</b></p>".to_owned(),
        "a" if is_reference(tag) => format!("<{tag}>{REFERENCE}"),
        _ => return None,
    };
    Some(own)
}

#[cfg(test)]
mod tests {
    use super::super::signs::{ABOVE, BELOW, END};
    use super::{REFERENCE, written};

    fn body(text: &str) -> Option<String> {
        let written = written(&format!("<html><body>{text}</body></html>"))?;
        let written = written
            .replace(ABOVE, "«A»")
            .replace(REFERENCE, "«R»")
            .replace(BELOW, "«B»")
            .replace(END, "«E»");
        let inside = written
            .strip_prefix("<html><body>")?
            .strip_suffix("</body></html>")?;
        Some(inside.to_owned())
    }

    #[test]
    fn elements_are_written_in_the_form_that_is_read() {
        for (text, expected) in [
            ("H<sub class=\"x\">2</sub>O", Some("H«B»2«E»O")),
            (
                "a<a epub:type=\"noteref\" href=\"#n\">1</a> <a href=\"b\">c</a>",
                Some("a<a epub:type=\"noteref\" href=\"#n\">«R»1</a> <a href=\"b\">c</a>"),
            ),
            ("漢<rp>(</rp><rt>kan</rt><rp>)</rp>", Some("漢(kan)")),
            (
                "<dl><dt>a</dt><dd>b</dd></dl>",
                Some("<div><p><b>a</b></p><div>b</div></div>"),
            ),
            ("<p>a<br/></p><!-- <b -->", None),
        ] {
            assert_eq!(body(text).as_deref(), expected, "{text}");
        }
    }
}
