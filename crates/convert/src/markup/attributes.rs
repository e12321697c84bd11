/// An attribute of a start tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Attribute<'a> {
    /// The name as written.
    pub(crate) name: &'a str,
    /// The value without its quotes, with its character references as written; empty where there is none.
    pub(crate) value: &'a str,
    /// Name, equals sign and value with its quotes.
    pub(crate) source: &'a str,
}

/// The attributes of a start tag, in order (WHATWG HTML, sections 13.2.5.32 to 13.2.5.39).
pub(crate) struct Attributes<'a> {
    rest: &'a str,
}

impl<'a> Attributes<'a> {
    pub(super) fn of(rest: &'a str) -> Self {
        Self { rest }
    }

    fn value(&mut self) -> &'a str {
        let after = self.rest.trim_start_matches(is_blank);
        let Some(value) = after.strip_prefix('=') else {
            return "";
        };
        let value = value.trim_start_matches(is_blank);
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, rest) = match quote {
            Some(quote) => {
                let inner = value.get(1..).unwrap_or_default();
                inner.split_once(quote).unwrap_or((inner, ""))
            }
            None => value.split_at(value.find(is_blank).unwrap_or(value.len())),
        };
        self.rest = rest;
        value
    }
}

impl<'a> Iterator for Attributes<'a> {
    type Item = Attribute<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        let text = self.rest.trim_start_matches(|c| is_blank(c) || c == '/');
        let first = text.chars().next()?.len_utf8();
        let more = text.get(first..).unwrap_or_default();
        let end = more
            .find(|c| is_blank(c) || matches!(c, '/' | '='))
            .map_or(text.len(), |end| first + end);
        let (name, rest) = text.split_at(end);
        self.rest = rest;
        let value = self.value();
        let source = text
            .get(..text.len() - self.rest.len())
            .unwrap_or_default()
            .trim_end_matches(is_blank);
        Some(Attribute { name, value, source })
    }
}

fn is_blank(c: char) -> bool {
    c.is_ascii_whitespace()
}
