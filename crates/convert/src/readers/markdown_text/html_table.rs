use crate::ir::Table;
use crate::markup::{Token, Tokens};
use crate::readers::html::push_alignment;

/// Number of the rows that begin in `html`.
pub(super) fn count_rows(html: &str) -> u32 {
    let begins = |at: usize| {
        html.get(at + 1..at + 3)
            .is_some_and(|name| name.eq_ignore_ascii_case("tr"))
    };
    let found = memchr::memchr_iter(b'<', html.as_bytes()).filter(|at| begins(*at));
    u32::try_from(found.count()).unwrap_or(u32::MAX)
}

/// Reads how a table begins whose content is `rest`: the alignment of its columns, which the cells of its first row say.
pub(super) fn start(rest: &str) -> Table {
    let mut align = Vec::new();
    let mut rows = 0;
    for (_, token) in Tokens::of(rest) {
        let Token::Start(tag) = token else {
            match token {
                Token::End(name) if name.eq_ignore_ascii_case("table") => break,
                _ => continue,
            }
        };
        match tag.name.to_ascii_lowercase().as_str() {
            "table" => break,
            "tr" => rows += 1,
            "td" | "th" => push_alignment(&mut align, &tag),
            _ => {}
        }
        if rows > 1 {
            break;
        }
    }
    if align.iter().all(Option::is_none) {
        align.clear();
    }
    Table {
        align,
        ..Table::default()
    }
}
