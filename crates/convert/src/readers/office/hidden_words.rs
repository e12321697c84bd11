//! Hidden text of Word documents, which the library takes for text: it is marked before the library reads it.
//!
//! ```text
//!   <w:r><w:rPr><w:vanish/></w:rPr><w:t>ten</w:t></w:r>  ──>  … <w:t>«H»ten«E»</w:t>    H, E: signs before and behind it
//!
//!   Only properties at the beginning of a run are its own: those of a paragraph's end (w:pPr), of a tracked change
//!   (w:rPrChange) and of a text box within the run are not.
//! ```

use super::signs::{HIDDEN, SHOWN};

/// Marks the hidden text in a part of a Word document; `None` if it has none.
pub(super) fn marked(part: &str) -> Option<String> {
    if !part.contains("<w:vanish") {
        return None;
    }
    let mut out = String::with_capacity(part.len() + part.len() / 8);
    let mut runs = Runs::default();
    let mut rest = part;
    while let Some((before, after)) = rest.split_once('<') {
        let Some((tag, behind)) = after.split_once('>') else {
            break;
        };
        out.push_str(before);
        rest = behind;
        let is_text = runs.is_hidden() && !tag.ends_with('/');
        if is_text && name_of(tag) == "/w:t" {
            out.push(SHOWN);
        }
        out.push('<');
        out.push_str(tag);
        out.push('>');
        if is_text && name_of(tag) == "w:t" {
            out.push(HIDDEN);
        }
        runs.take(tag);
    }
    out.push_str(rest);
    Some(out)
}

/// Runs that are open, within each other.
#[derive(Debug, Default)]
struct Runs {
    /// True for a hidden one.
    open: Vec<bool>,
    /// The last tag has begun a run.
    begins: bool,
    /// The properties of the innermost run are open.
    in_properties: bool,
}

impl Runs {
    fn is_hidden(&self) -> bool {
        self.open.last() == Some(&true)
    }

    fn take(&mut self, tag: &str) {
        let begins = std::mem::take(&mut self.begins);
        match name_of(tag) {
            "w:r" if !tag.ends_with('/') => {
                self.open.push(false);
                self.begins = true;
            }
            "/w:r" => {
                self.open.pop();
            }
            "w:rPr" => self.in_properties = begins && !tag.ends_with('/'),
            "/w:rPr" | "w:rPrChange" => self.in_properties = false,
            "w:vanish" if self.in_properties => {
                if let Some(hidden) = self.open.last_mut() {
                    *hidden = holds(tag);
                }
            }
            _ => {}
        }
    }
}

/// Returns true for a property that is not switched off.
fn holds(tag: &str) -> bool {
    let off = ["0", "false", "off"];
    !off.iter()
        .any(|off| tag.contains(&format!("w:val=\"{off}\"")) || tag.contains(&format!("w:val='{off}'")))
}

fn name_of(tag: &str) -> &str {
    let end = |c: char| c.is_ascii_whitespace();
    let name = tag.split(end).next().unwrap_or_default();
    name.trim_end_matches('/')
}

#[cfg(test)]
mod tests {
    use super::marked;

    fn run(properties: &str, content: &str) -> String {
        format!("<w:r><w:rPr>{properties}</w:rPr>{content}</w:r>")
    }

    #[test]
    fn text_of_hidden_runs_stands_between_signs() {
        for (properties, is_hidden) in [
            ("<w:vanish/>", true),
            ("<w:b/><w:vanish w:val=\"true\"/>", true),
            ("<w:vanish w:val=\"0\"/>", false),
            (
                "<w:webHidden/><w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange>",
                false,
            ),
        ] {
            let part = run(properties, "<w:t>ten</w:t><w:t/>") + &run("", "<w:vanish-like/><w:t>coins</w:t>");
            let expected = match is_hidden {
                true => part.replace("ten", "\u{fdda}ten\u{fddb}"),
                false => part.clone(),
            };
            assert_eq!(marked(&part).unwrap(), expected, "{properties}");
        }
    }

    #[test]
    fn a_hidden_end_of_a_paragraph_hides_no_run() {
        let paragraph = format!(
            "<w:p><w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr>{}</w:p>",
            run("", "<w:t>x</w:t>")
        );
        let boxed = format!("<w:r><w:pict>{paragraph}</w:pict><w:t>y</w:t></w:r>");
        assert_eq!(marked(&paragraph).unwrap(), paragraph);
        assert_eq!(marked(&boxed).unwrap(), boxed);
        assert_eq!(marked(&boxed.replace("vanish", "b")), None);
    }
}
