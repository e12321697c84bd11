use super::line::Line;

/// What a list item begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Label {
    /// A glyph that is used for nothing else.
    Bullet,
    /// A dash or another sign that also begins a line for other reasons.
    Dash,
    /// `3.` or `3)`
    Number(u32, char),
    /// `b)`, `(b)`, `iv.`: the place in its sequence, once read as a letter and once as a Roman number.
    /// Markdown knows no such list; the label stays.
    Letter(u32, Option<u32>),
}

/// The label of a list item at the start of a line.
pub(super) struct Marker {
    pub(super) label: Label,
    /// Bytes of the line's text up to the item's own.
    pub(super) length: usize,
    /// Where the item's own text begins.
    pub(super) content: f32,
}

const BULLETS: &str = "•◦‣▪▫■□●○◆◇❖➢➤►▶▸▹✓✔✗✘☐☑☒∙⁃⦁⮚⚫⚪◾◽❑❒⇒➔➜";
const DASHES: &str = "-–—−*·»›+";
/// Letters that are bullets in a font of symbols.
const SYMBOLS: &str = "lnmouqvwxtyp§ØüÜ·¨à4→⇒";

impl Marker {
    pub(super) fn of(line: &Line) -> Option<Self> {
        let indent = line.text.len() - line.text.trim_start().len();
        let text = &line.text[indent..];
        let (label, length) = bullet(line, text)
            .or_else(|| numbered(text))
            .or_else(|| lettered(text))?;
        let rest = &text[length..];
        let length = indent + length + (rest.len() - rest.trim_start().len());
        let empty = rest.trim().is_empty();
        (!empty || label == Label::Bullet).then(|| Self {
            content: content_start(line, length),
            label,
            length,
        })
    }

    /// Whether `next` is the label that comes after this one in a list.
    pub(super) fn goes_on_as(&self, next: &Self) -> bool {
        match (&self.label, &next.label) {
            (Label::Bullet, Label::Bullet) | (Label::Dash, Label::Dash) => true,
            (Label::Number(a, mark), Label::Number(b, other)) => mark == other && *b == a + 1,
            (Label::Letter(a, roman), Label::Letter(b, other)) => {
                *b == a + 1 || roman.zip(*other).is_some_and(|(roman, other)| other == roman + 1)
            }
            _ => false,
        }
    }

    /// Whether a list can begin with it.
    pub(super) fn is_first(&self) -> bool {
        match self.label {
            Label::Bullet | Label::Dash => true,
            Label::Number(number, _) => number <= 1,
            Label::Letter(letter, roman) => letter == 1 || roman == Some(1),
        }
    }
}

/// Whether a line is a bullet and nothing else.
pub(super) fn is_bare_bullet(line: &Line) -> bool {
    line.text.trim().chars().count() == 1
        && matches!(
            Marker::of(line),
            Some(Marker {
                label: Label::Bullet,
                ..
            })
        )
}

fn bullet(line: &Line, text: &str) -> Option<(Label, usize)> {
    let first = text.chars().next()?;
    let length = first.len_utf8();
    let rest = &text[length..];
    let private = matches!(first, '\u{f000}'..='\u{f0ff}');
    if BULLETS.contains(first) || private {
        return Some((Label::Bullet, length));
    }
    if (SYMBOLS.contains(first) || first == 'o') && drawn_apart(line, first) {
        return Some((Label::Bullet, length));
    }
    let spaced = rest.starts_with(char::is_whitespace);
    let words = rest.trim_start().starts_with(|c: char| !c.is_ascii_digit());
    (DASHES.contains(first) && spaced && words).then_some((Label::Dash, length))
}

/// Whether the first glyph is a run of its own in a font of symbols (or the typewriter's `o`, a habit of word
/// processors) and stands clear of the text.
fn drawn_apart(line: &Line, first: char) -> bool {
    let mut inked = line
        .source
        .spans
        .iter()
        .filter(|span| !span.text.trim().is_empty());
    let Some(glyph) = inked.next() else {
        return false;
    };
    let font = glyph.font_name.to_ascii_lowercase();
    let symbols = ["dingbat", "symbol", "wingding", "webding"]
        .iter()
        .any(|name| font.contains(name));
    let typewriter = first == 'o' && font.contains("courier");
    let alone = glyph.text.trim().chars().count() == 1;
    let other = inked.next().is_none_or(|next| next.font_name != glyph.font_name);
    alone && other && (symbols || typewriter)
}

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

/// `a)`, `(a)`, `(1)`, `iv.`: labels that stay in the text.
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
    let roman = roman(label);
    (letter.is_some() || roman.is_some()).then_some((Label::Letter(letter.unwrap_or(u32::MAX - 1), roman), 0))
}

/// A Roman number of one case up to 39.
fn roman(text: &str) -> Option<u32> {
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

/// Where the text behind the first `length` bytes of a line begins.
fn content_start(line: &Line, length: usize) -> f32 {
    let spans = &line.source.spans;
    let mut first = spans.iter().filter(|span| !span.text.trim().is_empty());
    let (label, next) = (first.next(), first.next());
    match (label, next) {
        (Some(label), Some(next)) if label.text.trim().len() <= line.text[..length].trim().len().max(1) => {
            next.x
        }
        _ => line.left + line.width_of(line.text[..length].chars().count()),
    }
}
