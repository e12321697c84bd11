use super::line::Line;

/// Columns by which a line of code is indented, at most.
const MAX_INDENT_COLUMNS: f32 = 256.0;

/// Restores the indents and blank lines of source code from the positions of its lines.
pub(super) fn code_text(lines: &[Line]) -> String {
    let left = lines.iter().map(|line| line.left).fold(f32::INFINITY, f32::min);
    let mut out = String::new();
    let mut above: Option<&Line> = None;
    for line in lines {
        if let Some(above) = above {
            // More than a line pitch of space was a blank line.
            let blank = above.baseline - line.baseline > 2.0 * line.size;
            out.push_str(if blank { "\n\n" } else { "\n" });
        }
        let width = line.width_of(1).max(1.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and 256"
        )]
        let indent = ((line.left - left) / width)
            .round()
            .clamp(0.0, MAX_INDENT_COLUMNS) as usize;
        out.push_str(&" ".repeat(indent));
        out.push_str(line.text.trim());
        above = Some(line);
    }
    out
}
