//! Headers, footers and comments of RTF documents, which the library leaves out: their groups are read as documents of
//! their own, with the head of the document in front.
//!
//! ```text
//!   {\rtf1 … {\fonttbl …} … {\header Annual report\par} … {\*\atnauthor A}\chatn {\*\annotation Check this.}
//! ```

use anydoc::model::{Block, CellSlot, inlines_to_plain_text};

use super::running::Running;
use crate::ir::Annotation;
use crate::readers::guard;

/// Bytes of all groups that are read, at most, with the head of the document in front of each.
const MAX_BYTES: usize = 32 << 20;
/// Bytes of a group, at most.
const MAX_GROUP_BYTES: usize = 1 << 20;
/// Bytes at the beginning of a document in which its fonts are listed.
const HEAD_BYTES: usize = 256 << 10;
const HEADERS: [&[u8]; 4] = [b"header", b"headerl", b"headerr", b"headerf"];
const FOOTERS: [&[u8]; 4] = [b"footer", b"footerl", b"footerr", b"footerf"];

/// Texts of a document beside its body.
#[derive(Default)]
pub(super) struct Beside {
    pub(super) running: Running,
    pub(super) comments: Vec<Annotation>,
}

/// Reads the texts beside the body of an RTF document.
pub(super) fn of(bytes: &[u8]) -> Beside {
    let mut beside = Beside::default();
    let (mut author, mut at, mut left) = (None, 0, MAX_BYTES);
    let head = head(bytes);
    while let Some(found) = memchr::memchr2(b'{', b'\\', bytes.get(at..).unwrap_or_default()) {
        at += found;
        if bytes.get(at) == Some(&b'\\') {
            at += step(bytes, at);
            continue;
        }
        at += 1;
        let rest = bytes.get(at..).unwrap_or_default();
        let Some((name, content)) = destination(rest) else {
            continue;
        };
        let is_wanted = HEADERS.contains(&name) || FOOTERS.contains(&name);
        if !(is_wanted || matches!(name, b"annotation" | b"atnauthor")) {
            continue;
        }
        let length = length(content);
        let Some(after) = left.checked_sub(head.len() + length) else {
            break;
        };
        left = after;
        let group = content.get(..length).unwrap_or_default();
        let lines = lines(&head, group);
        match name {
            b"atnauthor" => author = Some(lines.join(" ").trim().to_owned()).filter(|name| !name.is_empty()),
            b"annotation" => beside.comments.extend(comment(author.take(), group, &lines)),
            _ => beside.running.add_lines(HEADERS.contains(&name), &lines),
        }
        at += rest.len() - content.len() + length;
    }
    beside
}

/// Bytes of the control at this place, without its parameter; those of `\bin` are part of it.
fn step(bytes: &[u8], at: usize) -> usize {
    let word = bytes.get(at + 1..).unwrap_or_default();
    let Some(number) = word.strip_prefix(b"bin") else {
        return 2;
    };
    let digits = number.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let count = std::str::from_utf8(number.get(..digits).unwrap_or_default());
    let count = count.unwrap_or_default().parse::<usize>().unwrap_or(0);
    (5 + digits).saturating_add(count)
}

/// Name of the destination that a group is, and what follows it.
fn destination(group: &[u8]) -> Option<(&[u8], &[u8])> {
    let group = group.trim_ascii_start();
    let group = group.strip_prefix(b"\\*").unwrap_or(group).trim_ascii_start();
    let word = group.strip_prefix(b"\\")?;
    let letters = word.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    Some(word.split_at(letters))
}

/// Bytes up to the end of the group, at most those of a group that is read.
fn length(content: &[u8]) -> usize {
    let content = content.get(..MAX_GROUP_BYTES).unwrap_or(content);
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(byte) = content.get(at) {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 0 => return at,
            b'}' => depth -= 1,
            b'\\' => {
                at += step(content, at);
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    content.len()
}

/// The document up to the end of its list of fonts, which says the encodings of its texts.
fn head(bytes: &[u8]) -> Vec<u8> {
    let start = bytes.get(..HEAD_BYTES).unwrap_or(bytes);
    let fonts = memchr::memmem::find(start, b"{\\fonttbl");
    let end = fonts.map(|fonts| fonts + 2 + length(start.get(fonts + 1..).unwrap_or_default()));
    let head = end.and_then(|end| start.get(..end));
    head.unwrap_or(b"{\\rtf1\\ansi").to_vec()
}

/// Lines of the text of a group.
fn lines(head: &[u8], group: &[u8]) -> Vec<String> {
    let document = [head, b"\\pard\\plain ", group, b"\\par}"].concat();
    let read =
        guard::catch_panics(|| anydoc::to_document(&document, anydoc::Format::Rtf).map_err(super::invalid));
    let Ok(document) = read else {
        return Vec::new();
    };
    let mut lines = Vec::new();
    collect(&document.blocks, &mut lines);
    lines
}

fn collect(blocks: &[Block], lines: &mut Vec<String>) {
    for block in blocks {
        match block {
            Block::Paragraph(content) | Block::Heading { content, .. } => {
                lines.push(inlines_to_plain_text(content));
            }
            Block::BlockQuote(blocks) => collect(blocks, lines),
            Block::List(list) => {
                for item in &list.items {
                    collect(&item.blocks, lines);
                }
            }
            Block::Table(table) => {
                for slot in table.grid.iter().flatten() {
                    if let CellSlot::Origin(cell) = slot {
                        collect(&cell.blocks, lines);
                    }
                }
            }
            _ => {}
        }
    }
}

fn comment(author: Option<String>, group: &[u8], lines: &[String]) -> Option<Annotation> {
    let text = lines.join("\n").trim().to_owned();
    let date = memchr::memmem::find(group, b"\\atndate ").and_then(|at| {
        let digits = group.get(at + 9..)?.split(|byte| !byte.is_ascii_digit()).next()?;
        date(std::str::from_utf8(digits).ok()?.parse().ok()?)
    });
    (!text.is_empty()).then_some(Annotation { author, date, text })
}

/// Time of a number whose bits are minute, hour, day, month and year (MS-DOC, section 2.9.70).
fn date(bits: u32) -> Option<String> {
    let part = |from: u32, count: u32| bits >> from & ((1 << count) - 1);
    let (minute, hour, day, month, year) = (
        part(0, 6),
        part(6, 5),
        part(11, 5),
        part(16, 4),
        1900 + part(20, 9),
    );
    let sound = minute < 60 && hour < 24 && (1..=31).contains(&day) && (1..=12).contains(&month);
    sound.then(|| format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:00"))
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn groups_beside_the_body_are_read() {
        let rtf = b"{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}{\\header {\\b Annual} report\\par}{\\footerf Page {\\field{\\*\\fldinst PAGE}{\\fldrslt 1}}}\
                    Body {\\bin9 {\\header x}{\\*\\atnauthor Ann}\\chatn{\\*\\annotation{\\*\\atndate 132328350}Check \\{this\\}.}}";
        let beside = of(rtf);
        assert_eq!(beside.comments.len(), 1);
        assert_eq!(beside.comments[0].text, "Check {this}.");
        assert_eq!(beside.comments[0].author.as_deref(), Some("Ann"));
        assert_eq!(beside.comments[0].date.as_deref(), Some("2026-03-05T14:30:00"));
        assert_eq!(
            format!("{:?}", beside.running),
            "Running { headers: [\"Annual report\"], footers: [\"Page 1\"], watermarks: [] }"
        );
    }

    #[test]
    fn hostile_groups_end() {
        assert!(of(b"{\\header").comments.is_empty());
        assert!(of("{\\header ".repeat(5_000).as_bytes()).comments.is_empty());
        assert_eq!(super::date(0), None);
    }
}
