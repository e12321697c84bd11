//! Dialect of delimited values: their delimiter, quotes and escapes.
//!
//! ```text
//!  text ─► line `sep=;` or a guess of the delimiter
//!       ─► `'…'` in place of `"…"`? `\"` in place of `""`? an end within quotes?
//!       ─► blanks before quotes taken out: `1, "a, b"` ─► `1,"a, b"`
//! ```

use std::borrow::Cow;

/// Delimiters, the most telling ones first: a tab in a value is rare, a comma is not.
const DELIMITERS: [u8; 4] = *b"\t;|,";
/// Records that are examined to find the delimiter.
const SAMPLE_RECORDS: usize = 100;
/// Bytes that are examined to find quotes and escapes.
const SAMPLE_BYTES: usize = 64 << 10;

/// Notation of the values of a text: separator, quotes, escapes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dialect {
    delimiter: u8,
    quote: u8,
    /// A backslash escapes a quote.
    escapes: bool,
    /// Quotes mean something.
    quotes: bool,
}

impl Dialect {
    /// Finds the dialect, and returns it with the text as its reader takes it.
    pub(super) fn of(text: &str) -> (Self, Cow<'_, str>) {
        let (text, declared) = declared_delimiter(text);
        let mut dialect = Self {
            delimiter: declared.unwrap_or(b','),
            quote: b'"',
            escapes: false,
            quotes: true,
        };
        let sample = sample(text);
        if declared.is_none() {
            dialect.delimiter = sniffed_delimiter(text, dialect.delimiter);
        }
        if has_single_quotes(sample, dialect.delimiter) {
            dialect.quote = b'\'';
            if declared.is_none() {
                dialect.delimiter = dialect.delimiter_between_single_quotes(text);
            }
        }
        dialect.escapes = has_escapes(sample, &dialect);
        let text = dialect.without_blanks(text);
        dialect.quotes = !dialect.ends_within_quotes(&text);
        (dialect, text)
    }

    /// Reader of the values.
    pub(super) fn reader(self, text: &str) -> csv::Reader<&[u8]> {
        csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(self.delimiter)
            .quote(self.quote)
            .quoting(self.quotes)
            .escape(self.escapes.then_some(b'\\'))
            .from_reader(text.as_bytes())
    }

    fn delimiter_between_single_quotes(self, text: &str) -> u8 {
        let with = |delimiter| Self { delimiter, ..self };
        best_delimiter(text, with).unwrap_or(self.delimiter)
    }

    /// Takes out the blanks before quotes that begin a value.
    fn without_blanks(self, text: &str) -> Cow<'_, str> {
        let mark = [self.delimiter, b' ', self.quote];
        let several = [self.delimiter, b' ', b' '];
        let bytes = text.as_bytes();
        if memchr::memmem::find(bytes, &mark).is_none() && memchr::memmem::find(bytes, &several).is_none() {
            return Cow::Borrowed(text);
        }
        let mut out = String::with_capacity(text.len());
        let mut copied = 0;
        let mut state = State::Start(0);
        for (at, &byte) in bytes.iter().enumerate() {
            if let (State::Start(begin), true) = (state, byte == self.quote) {
                out.push_str(text.get(copied..begin).unwrap_or_default());
                copied = at;
            }
            state = self.next(state, byte, at);
        }
        out.push_str(text.get(copied..).unwrap_or_default());
        Cow::Owned(out)
    }

    fn ends_within_quotes(self, text: &str) -> bool {
        let bytes = text.bytes().enumerate();
        let last = bytes.fold(State::Start(0), |state, (at, byte)| self.next(state, byte, at));
        matches!(last, State::Quoted | State::Escaped)
    }

    fn next(self, state: State, byte: u8, at: usize) -> State {
        let is_end = byte == self.delimiter || byte == b'\n';
        match state {
            State::Escaped => State::Quoted,
            State::Quoted if self.escapes && byte == b'\\' => State::Escaped,
            State::Quoted if byte == self.quote => State::Closed,
            State::Quoted => State::Quoted,
            // A doubled quote is one within the value.
            State::Closed if byte == self.quote => State::Quoted,
            _ if is_end => State::Start(at + 1),
            State::Start(begin) if byte == b' ' => State::Start(begin),
            State::Start(_) if byte == self.quote => State::Quoted,
            _ => State::Plain,
        }
    }
}

/// Place in a value.
#[derive(Debug, Clone, Copy)]
enum State {
    /// Before it, from this byte on.
    Start(usize),
    Plain,
    Quoted,
    Escaped,
    Closed,
}

fn sample(text: &str) -> &str {
    let mut end = SAMPLE_BYTES.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or(text)
}

/// Returns true if values stand in single quotes, and none in double ones.
fn has_single_quotes(sample: &str, delimiter: u8) -> bool {
    let mut quoted = 0_usize;
    for line in sample.lines() {
        if line.contains('"') {
            return false;
        }
        let mut values = line.split(char::from(delimiter)).map(str::trim);
        quoted += usize::from(
            values.any(|value| value.starts_with('\'')) && line.matches('\'').count().is_multiple_of(2),
        );
    }
    quoted >= 2
}

/// Returns true if backslashes stand before quotes within values, and no quote is doubled.
fn has_escapes(sample: &str, dialect: &Dialect) -> bool {
    let quote = char::from(dialect.quote);
    let escape = format!("\\{quote}");
    let ends = [char::from(dialect.delimiter), '\n', '\r'];
    let within = |at: usize| {
        let rest = sample.get(at + escape.len()..).unwrap_or_default();
        rest.chars().next().is_some_and(|next| !ends.contains(&next))
    };
    let doubled = format!("{quote}{quote}");
    !sample.contains(&doubled) && sample.match_indices(&escape).any(|(at, _)| within(at))
}

/// Splits off the line `sep=;`, by which spreadsheets declare the delimiter.
fn declared_delimiter(text: &str) -> (&str, Option<u8>) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    match first
        .trim_end_matches('\r')
        .strip_prefix("sep=")
        .map(str::as_bytes)
    {
        Some([delimiter]) => (rest, Some(*delimiter)),
        _ => (text, None),
    }
}

fn sniffed_delimiter(text: &str, usual: u8) -> u8 {
    let dialect = |delimiter| Dialect {
        delimiter,
        quote: b'"',
        escapes: false,
        quotes: true,
    };
    best_delimiter(text, dialect).unwrap_or(usual)
}

/// Guesses the delimiter: the one that splits most records into the same number of fields, two or more; of equals the
/// one that makes more fields.
fn best_delimiter(text: &str, dialect: impl Fn(u8) -> Dialect) -> Option<u8> {
    let score = |delimiter: u8| {
        let widths: Vec<usize> = dialect(delimiter)
            .reader(text)
            .records()
            .take(SAMPLE_RECORDS)
            .filter_map(Result::ok)
            .map(|record| record.len())
            .collect();
        let usual = widths
            .iter()
            .copied()
            .filter(|&width| width > 1)
            .max_by_key(|&width| widths.iter().filter(|&&other| other == width).count());
        usual.map_or((0, 0), |usual| {
            let alike = widths.iter().filter(|&&width| width == usual).count();
            (alike * 20 / widths.len().max(1), usual)
        })
    };
    let mut best = (None, (0, 0));
    for delimiter in DELIMITERS {
        let score = score(delimiter);
        if score > best.1 {
            best = (Some(delimiter), score);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::Dialect;

    fn records(text: &str) -> Vec<Vec<String>> {
        let (dialect, text) = Dialect::of(text);
        let records = dialect.reader(&text).into_records().map(Result::unwrap);
        records
            .map(|record| record.iter().map(str::to_owned).collect())
            .collect()
    }

    #[test]
    fn values_are_read_in_each_dialect() {
        for (text, last) in [
            ("a, b, c\n1,  \"x, y\", 3\n", vec!["1", "x, y", " 3"]),
            ("a,b\n'x, y',2\n'z, 1',3\n", vec!["z, 1", "3"]),
            ("a,b\n\"x \\\"q\\\" y\",2\n", vec!["x \"q\" y", "2"]),
            ("a,b\n\"C:\\dir\\\",2\n", vec!["C:\\dir\\", "2"]),
            ("a;b\n\"1,5\";\"say \"\"x\"\"\"\n", vec!["1,5", "say \"x\""]),
            ("a,b\n1,\"open\n2,x\n", vec!["2", "x"]),
            ("sep=|\na|b\nit's|'n'\n", vec!["it's", "'n'"]),
        ] {
            assert_eq!(records(text).last().unwrap(), &last, "{text}");
        }
    }
}
