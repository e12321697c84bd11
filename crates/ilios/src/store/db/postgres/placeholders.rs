/// Rewrites `?1`, `?2`, … to `$1`, `$2`, …, but not within quotes.
pub(super) fn numbered(sql: &str) -> String {
    let mut quote = None;
    let rewrite = |c: char| match (quote, c) {
        (None, '\'' | '"') => {
            quote = Some(c);
            c
        }
        (Some(open), _) if c == open => {
            // A doubled quote closes and opens again.
            quote = None;
            c
        }
        (None, '?') => '$',
        _ => c,
    };
    sql.chars().map(rewrite).collect()
}

#[cfg(test)]
mod tests {
    use super::numbered;

    #[test]
    fn placeholders_are_rewritten_outside_of_quotes_alone() {
        assert_eq!(
            numbered("UPDATE a SET b = ?1, c = 'why?', \"d?\" = 'it''s ?2' WHERE e = ?12"),
            "UPDATE a SET b = $1, c = 'why?', \"d?\" = 'it''s ?2' WHERE e = $12"
        );
    }
}
