//! Formulas as the library writes them, without what says nothing.

/// Letters upright, by which the library also sets signs and digits that always are.
const UPRIGHT: &str = "\\mathrm{";

/// TeX of a formula: without an environment for several lines around one, and signs and digits not set upright.
pub(super) fn tidy(tex: &str) -> String {
    let tex = tex.trim();
    let inside = tex
        .strip_prefix("\\begin{gathered}")
        .and_then(|tex| tex.strip_suffix("\\end{gathered}"))
        .filter(|inside| !inside.contains("\\\\") && !inside.contains("\\begin"));
    let mut out = String::with_capacity(tex.len());
    let mut rest = inside.unwrap_or(tex).trim();
    while let Some((before, after)) = rest.split_once(UPRIGHT) {
        out.push_str(before);
        match after.split_once('}').filter(|(content, _)| is_upright(content)) {
            Some((content, behind)) => {
                out.push_str(content);
                rest = behind;
                // A name ends where a letter does not follow.
                if content.starts_with('\\') && rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
                    out.push(' ');
                }
            }
            None => {
                out.push_str(UPRIGHT);
                rest = after;
            }
        }
    }
    out.push_str(rest);
    match out.trim().is_empty() {
        true => tex.to_owned(),
        false => out,
    }
}

/// Returns true for signs and digits, and for a single sign by its name.
fn is_upright(content: &str) -> bool {
    match content.strip_prefix('\\') {
        Some(name) => !name.is_empty() && name.chars().all(|c| c.is_ascii_alphabetic()),
        None => !content.contains(['{', '\\']) && !content.chars().any(char::is_alphabetic),
    }
}

#[cfg(test)]
mod tests {
    use super::tidy;

    #[test]
    fn signs_and_digits_need_no_font() {
        for (tex, expected) in [
            (r"x\mathrm{=}\frac{\mathrm{-4}}{\mathrm{2}a}", r"x=\frac{-4}{2a}"),
            (r"b\mathrm{\pm}c", r"b\pm c"),
            (r"\mathrm{sin}x", r"\mathrm{sin}x"),
            (r"\mathrm{\frac{1}{2}}", r"\mathrm{\frac{1}{2}}"),
            (r"\begin{gathered} a=b \end{gathered}", "a=b"),
            (
                r"\begin{gathered} a \\ b \end{gathered}",
                r"\begin{gathered} a \\ b \end{gathered}",
            ),
        ] {
            assert_eq!(tidy(tex), expected, "{tex}");
        }
    }
}
