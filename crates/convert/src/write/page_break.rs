use crate::ir::{BlockKind, Page, PageKind};
use crate::options::{Hidden, WriteOptions};

/// Comment before what the document hides, if it is kept and marked.
pub(crate) const HIDDEN: &str = "<!-- hidden -->";

/// Returns true if a rule stands between a page with this Markdown and the page before. A slide, a sheet or a chapter
/// that begins with a heading shows its beginning itself.
pub(crate) fn needs_rule(kind: PageKind, markdown: &str) -> bool {
    let text = markdown.strip_prefix(HIDDEN).map_or(markdown, str::trim_start);
    // Escaped otherwise, a number sign at the beginning of a line is that of a heading.
    kind != PageKind::Structure || !text.starts_with('#')
}

/// Returns true if a rule stands between the page and the page before, as [`needs_rule`] says.
pub(crate) fn needs_rule_before(page: &Page) -> bool {
    let mut shown = page.blocks.iter().filter(|block| !block.kind.is_furniture());
    let first = shown.next().map(|block| &block.kind);
    let is_heading = matches!(first, Some(BlockKind::Title(_) | BlockKind::Heading { .. }));
    page.kind != PageKind::Structure || !is_heading
}

/// Returns true if the page is left out, since the document hides it.
pub(crate) fn is_left_out(page: &Page, options: &WriteOptions) -> bool {
    page.hidden && options.hidden == Hidden::Drop
}

/// Returns true if the page is marked as one that the document hides.
pub(crate) fn is_marked(page: &Page, options: &WriteOptions) -> bool {
    page.hidden && options.hidden == Hidden::Mark
}
