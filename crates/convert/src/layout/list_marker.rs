use super::line::Line;

/// Label of a list item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Label {
    /// Glyph that is used for nothing else.
    Bullet,
    /// Dash or another sign that also begins lines of plain text.
    Dash,
    /// `3.` or `3)`
    Number(u32, char),
    /// `b)`, `(b)`, `iv.`: position in its sequence, read as a letter and, where possible, as a Roman numeral. Both are
    /// kept because `i)` and `v)` are ambiguous until the next label is known.
    Letter(u32, Option<u32>),
}

/// Marker: the label of a list item at the start of a line.
pub(super) struct ListMarker {
    pub(super) label: Label,
    /// Bytes of the line before the item's own text.
    pub(super) length: usize,
    /// Left edge of the item's own text in points.
    pub(super) content_left: f32,
}

/// Glyphs that serve as bullets and nothing else.
const BULLETS: &str = "•◦‣▪▫■□●○◆◇❖➢➤►▶▸▹✓✔✗✘☐☑☒∙⁃⦁⮚⚫⚪◾◽❏❐❑❒⇒➔➜";
/// Signs that serve as bullets and also begin plain text.
const DASHES: &str = "-–—−*·»›+";
/// Characters under which symbol fonts (Wingdings, ZapfDingbats) have their bullets.
const SYMBOL_FONT_BULLETS: &str = "lnmouqvwxtyp§ØüÜ·¨à4→⇒";

impl ListMarker {
    /// Parses the label that the line begins with. A label without text is a marker only if it is a bullet.
    pub(super) fn parse(line: &Line) -> Option<Self> {
        let indent = line.text.len() - line.text.trim_start().len();
        let text = &line.text[indent..];
        let (label, length) = bullet(line, text)
            .or_else(|| numbered(text))
            .or_else(|| lettered(text))?;
        let rest = &text[length..];
        let length = indent + length + (rest.len() - rest.trim_start().len());
        let empty = rest.trim().is_empty();
        (!empty || label == Label::Bullet).then(|| Self {
            content_left: content_left(line, length),
            label,
            length,
        })
    }

    /// Returns true if `next` is the label that comes after this one in a list.
    pub(super) fn is_followed_by(&self, next: &Self) -> bool {
        match (&self.label, &next.label) {
            (Label::Bullet, Label::Bullet) | (Label::Dash, Label::Dash) => true,
            (Label::Number(a, mark), Label::Number(b, other)) => mark == other && *b == a + 1,
            (Label::Letter(a, roman), Label::Letter(b, other)) => {
                *b == a + 1 || roman.zip(*other).is_some_and(|(roman, other)| other == roman + 1)
            }
            _ => false,
        }
    }

    /// Returns true if a list can begin with it.
    pub(super) fn is_first(&self) -> bool {
        match self.label {
            Label::Bullet | Label::Dash => true,
            Label::Number(number, _) => number <= 1,
            Label::Letter(letter, roman) => letter == 1 || roman == Some(1),
        }
    }
}

fn bullet(line: &Line, text: &str) -> Option<(Label, usize)> {
    let first = text.chars().next()?;
    let length = first.len_utf8();
    let rest = &text[length..];
    // Word processors map symbol fonts into this part of the private use area.
    let private_use = matches!(first, '\u{f000}'..='\u{f0ff}');
    if BULLETS.contains(first) || private_use {
        return Some((Label::Bullet, length));
    }
    if (SYMBOL_FONT_BULLETS.contains(first) || first == 'o') && is_symbol_run(line, first) {
        return Some((Label::Bullet, length));
    }
    let spaced = rest.starts_with(char::is_whitespace);
    // A digit behind a dash is a negative number.
    let words = rest.trim_start().starts_with(|c: char| !c.is_ascii_digit());
    (DASHES.contains(first) && spaced && words).then_some((Label::Dash, length))
}

/// Returns true if the first glyph is a run of its own in a symbol font, or in Courier, whose `o` word processors use
/// for bullets of the second level.
fn is_symbol_run(line: &Line, first: char) -> bool {
    let mut inked = line.runs.iter().filter(|run| !run.text.trim().is_empty());
    let Some(glyph) = inked.next() else {
        return false;
    };
    let font = glyph.font_name.to_ascii_lowercase();
    let symbol_font = ["dingbat", "symbol", "wingding", "webding"]
        .iter()
        .any(|name| font.contains(name));
    let courier = first == 'o' && font.contains("courier");
    let alone = glyph.text.trim().chars().count() == 1;
    let other_font = inked.next().is_none_or(|next| next.font_name != glyph.font_name);
    alone && other_font && (symbol_font || courier)
}

/// Parses `3.` or `3)` with its length. Four digits are a year.
fn numbered(text: &str) -> Option<(Label, usize)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let mark = text[digits..].chars().next()?;
    let spaced = text[digits + mark.len_utf8()..].starts_with(char::is_whitespace);
    if !(1..=3).contains(&digits) || !matches!(mark, '.' | ')') || !spaced {
        return None;
    }
    let number = text[..digits].parse().ok()?;
    Some((Label::Number(number, mark), digits + 1))
}

/// Parses `a)`, `(a)`, `(1)` or `iv.`; the length is 0, since the label stays in the text.
fn lettered(text: &str) -> Option<(Label, usize)> {
    let open = text.starts_with('(');
    let inner = &text[usize::from(open)..];
    let end = inner.find(|c: char| !c.is_ascii_alphanumeric())?;
    let label = &inner[..end];
    let mark = inner[end..].chars().next()?;
    let closed = if open {
        mark == ')'
    } else {
        matches!(mark, '.' | ')')
    };
    if !closed || label.is_empty() || !inner[end + 1..].starts_with(char::is_whitespace) {
        return None;
    }
    let number = label.parse::<u32>().ok().filter(|_| open && label.len() <= 3);
    let letter = match label.as_bytes() {
        [byte] if byte.is_ascii_alphabetic() => Some(u32::from(byte.to_ascii_lowercase() - b'a') + 1),
        _ => number,
    };
    // Both readings are kept: `i)` follows `h)` and begins a list of Roman numerals.
    let roman = roman(label);
    (letter.is_some() || roman.is_some()).then_some((Label::Letter(letter.unwrap_or(u32::MAX - 1), roman), 0))
}

/// Parses a Roman numeral of one case, up to 39.
pub(super) fn roman(text: &str) -> Option<u32> {
    const ONES: [&str; 10] = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"];
    if text.chars().any(char::is_uppercase) && text.chars().any(char::is_lowercase) {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    let ones = lower.trim_start_matches('x');
    let tens = lower.len() - ones.len();
    let (tens, ones) = if tens > 0 && ones.is_empty() || ones.starts_with(['i', 'v']) {
        (tens, ones)
    } else {
        return None;
    };
    let one = ONES.iter().position(|&number| number == ones)?;
    u32::try_from(10 * tens + one)
        .ok()
        .filter(|&number| tens <= 3 && number > 0)
}

/// Left edge, in points, of the text behind the first `length` bytes of a line: the next run where the label is a run
/// of its own, else an estimate by the width of the characters.
fn content_left(line: &Line, length: usize) -> f32 {
    let mut inked = line.runs.iter().filter(|run| !run.text.trim().is_empty());
    let (label, next) = (inked.next(), inked.next());
    match (label, next) {
        (Some(label), Some(next)) if label.text.trim().len() <= line.text[..length].trim().len().max(1) => {
            next.left
        }
        _ => line.left + line.width_of(line.text[..length].chars().count()),
    }
}
