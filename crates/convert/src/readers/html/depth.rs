/// Elements without content, and those whose end tag may be left out and which then end by themselves.
const NOT_NESTING: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr", "p", "li", "dt", "dd", "option", "optgroup", "tr", "td", "th", "thead", "tbody", "tfoot",
    "colgroup", "rt", "rp",
];

/// Elements whose content is no markup.
const RAW: &[&str] = &["script", "style"];

/// How deep the elements of a page nest at most, told by its tags alone: cheap, and never less than a parser
/// that recurses would go, but for elements that end by themselves. Tags in comments count as well.
pub(crate) fn deepest(html: &str) -> u32 {
    let (mut depth, mut deepest) = (0_u32, 0);
    for tag in html.split('<').skip(1) {
        let (closes, name) = tag_name(tag);
        if !name.is_empty() && !NOT_NESTING.contains(&name.as_str()) {
            depth = if closes {
                depth.saturating_sub(1)
            } else {
                depth.saturating_add(1)
            };
            deepest = deepest.max(depth);
        }
    }
    deepest
}

/// A page without its comments, scripts and styles, whose text may look like any number of tags.
pub(super) fn without_raw_text(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let (before, tag) = rest.split_at(start);
        out.push_str(before);
        let end = if tag.starts_with("<!--") {
            tag.find("-->").map_or(tag.len(), |end| end + 3)
        } else {
            raw_end(tag).unwrap_or_else(|| {
                out.push('<');
                1
            })
        };
        rest = tag.get(end..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// Where an element without markup ends: before its end tag, or with the page.
fn raw_end(tag: &str) -> Option<usize> {
    let (closes, name) = tag_name(tag.get(1..)?);
    if closes || !RAW.contains(&name.as_str()) {
        return None;
    }
    let is_end = |at: &usize| {
        tag.get(at + 2..at + 2 + name.len())
            .is_some_and(|end| end.eq_ignore_ascii_case(&name))
    };
    Some(
        tag.match_indices("</")
            .map(|(at, _)| at)
            .find(is_end)
            .unwrap_or(tag.len()),
    )
}

fn tag_name(tag: &str) -> (bool, String) {
    let (closes, name) = tag.strip_prefix('/').map_or((false, tag), |name| (true, name));
    let end = name
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '-')
        .unwrap_or(name.len());
    (closes, name.get(..end).unwrap_or_default().to_ascii_lowercase())
}
