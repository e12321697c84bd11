use std::fmt::Write as _;

use crate::ir::BlockId;

/// JSON object that is being written.
pub(in crate::write) struct Object<'a> {
    out: &'a mut String,
    empty: bool,
}

/// Writes an object.
pub(in crate::write) fn object(out: &mut String, fill: impl FnOnce(&mut Object<'_>)) {
    out.push('{');
    fill(&mut Object {
        out: &mut *out,
        empty: true,
    });
    out.push('}');
}

/// Writes an array; `each` writes an item of it.
pub(in crate::write) fn array<T>(
    out: &mut String,
    items: impl IntoIterator<Item = T>,
    mut each: impl FnMut(T, &mut String),
) {
    out.push('[');
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        each(item, out);
    }
    out.push(']');
}

/// Writes a string.
pub(in crate::write) fn string(text: &str, out: &mut String) {
    out.push('"');
    let mut rest = text;
    while let Some(at) = rest
        .bytes()
        .position(|byte| byte < 0x20 || byte == b'"' || byte == b'\\')
    {
        let (plain, special) = rest.split_at(at);
        out.push_str(plain);
        let mut chars = special.chars();
        match chars.next() {
            Some('\n') => out.push_str("\\n"),
            Some('\t') => out.push_str("\\t"),
            Some('"') => out.push_str("\\\""),
            Some('\\') => out.push_str("\\\\"),
            Some(c) => append(out, format_args!("\\u{:04x}", u32::from(c))),
            None => {}
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
    out.push('"');
}

/// Writes a number of two decimals, at most; zero for what is no number.
pub(in crate::write) fn decimal(number: f32, out: &mut String) {
    rounded(number, 100.0, out);
}

/// Writes a whole number.
pub(in crate::write) fn integer(number: impl Into<u64>, out: &mut String) {
    append(out, format_args!("{}", number.into()));
}

fn rounded(number: f32, unit: f64, out: &mut String) {
    let number = if number.is_finite() {
        f64::from(number)
    } else {
        0.0
    };
    // The sum makes a plain zero of a negative one.
    append(out, format_args!("{}", (number * unit).round() / unit + 0.0));
}

fn append(out: &mut String, text: std::fmt::Arguments<'_>) {
    // A string takes everything.
    let _ = out.write_fmt(text);
}

impl Object<'_> {
    /// Writes the name of a field, and returns the place of its value.
    pub(in crate::write) fn key(&mut self, name: &str) -> &mut String {
        if !std::mem::take(&mut self.empty) {
            self.out.push(',');
        }
        self.out.push('"');
        self.out.push_str(name);
        self.out.push_str("\":");
        self.out
    }

    pub(in crate::write) fn text(&mut self, name: &str, text: &str) {
        string(text, self.key(name));
    }

    pub(in crate::write) fn text_if(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.text(name, text);
        }
    }

    /// Writes a field that is absent if false.
    pub(in crate::write) fn flag(&mut self, name: &str, set: bool) {
        if set {
            self.boolean(name, true);
        }
    }

    pub(in crate::write) fn boolean(&mut self, name: &str, value: bool) {
        let value = if value { "true" } else { "false" };
        self.key(name).push_str(value);
    }

    pub(in crate::write) fn integer(&mut self, name: &str, number: impl Into<u64>) {
        integer(number, self.key(name));
    }

    pub(in crate::write) fn decimal(&mut self, name: &str, number: f32) {
        decimal(number, self.key(name));
    }

    pub(in crate::write) fn decimal_if(&mut self, name: &str, number: Option<f32>) {
        if let Some(number) = number {
            self.decimal(name, number);
        }
    }

    /// Writes a part of a whole, which may be small.
    pub(in crate::write) fn share(&mut self, name: &str, number: f32) {
        rounded(number, 10_000.0, self.key(name));
    }

    pub(in crate::write) fn id(&mut self, name: &str, id: BlockId) {
        append(self.key(name), format_args!("\"{id}\""));
    }

    pub(in crate::write) fn id_if(&mut self, name: &str, id: Option<BlockId>) {
        if let Some(id) = id {
            self.id(name, id);
        }
    }

    pub(in crate::write) fn object(&mut self, name: &str, fill: impl FnOnce(&mut Object<'_>)) {
        object(self.key(name), fill);
    }

    pub(in crate::write) fn array<T>(
        &mut self,
        name: &str,
        items: impl IntoIterator<Item = T>,
        each: impl FnMut(T, &mut String),
    ) {
        array(self.key(name), items, each);
    }

    /// Writes an array of whole numbers that is absent if it is empty.
    pub(in crate::write) fn integers_if(&mut self, name: &str, numbers: &[u32]) {
        if !numbers.is_empty() {
            self.array(name, numbers.iter().copied(), integer);
        }
    }
}
