//! Comments in the text of OpenDocument files, which the library takes for text: they are taken out before it reads the
//! file, and added as comments.

/// Elements that are a comment, and the sign of where it ends.
const COMMENT: &str = "office:annotation";
const END: &str = "office:annotation-end";

/// Content without its comments; `None` if it has none.
pub(super) fn without(content: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = content;
    while let Some(at) = rest.find("<office:annotation") {
        let (before, tag) = rest.split_at_checked(at)?;
        out.push_str(before);
        let (head, behind) = tag.split_once('>')?;
        let name = head
            .trim_start_matches('<')
            .split([' ', '/', '\t', '\n', '\r'])
            .next()?;
        rest = match (name, head.ends_with('/')) {
            (COMMENT | END, true) => behind,
            (COMMENT, false) => behind.split_once("</office:annotation>")?.1,
            (END, false) => behind.split_once("</office:annotation-end>")?.1,
            _ => {
                out.push_str(head);
                out.push('>');
                behind
            }
        };
    }
    if out.is_empty() {
        return None;
    }
    out.push_str(rest);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::without;

    #[test]
    fn comments_are_taken_out_with_their_ends() {
        let content = "<text:p>a<office:annotation office:name=\"1\"><dc:creator>A</dc:creator><text:p>c</text:p></office:annotation>b\
                       <office:annotation-end office:name=\"1\"/></text:p>";
        assert_eq!(without(content).unwrap(), "<text:p>ab</text:p>");
        assert_eq!(without("<text:p>a</text:p>"), None);
    }
}
