use super::decode::decode;
use super::{Reading, text_code};
use crate::ir::{BlockKind, Builder, Inline, ItemStart, List, ListStyle};
use crate::{ConvertError, Limits};

/// Quotes within quotes that are made; deeper marks stay as text.
const MAX_QUOTES: u32 = 8;
/// Lists within lists that are made; deeper items are items of the innermost one.
const MAX_LISTS: usize = 8;
/// Lines without a blank one between that are read as prose, at most: what has more is a log or data, and stays as it
/// is. Lines that end where they do cost many times their bytes in the model.
const MAX_PROSE_LINES: usize = 10_000;
/// Characters of the longest line of a text that is wrapped, at least.
const MIN_WIDTH: usize = 40;

pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Reading, ConvertError> {
    let mut builder = Builder::new(limits);
    let text = decode(bytes, None);
    let text = text.trim_start_matches('\u{feff}');
    match text_code::language(text) {
        Some(language) => builder
            .add(BlockKind::Code {
                language: language.map(str::to_owned),
                text: text.trim_matches('\n').trim_end().to_owned(),
            })
            .map(drop)?,
        None => read_blocks(text, &mut builder)?,
    }
    Reading::of_one_page(&mut builder)
}

/// Adds the blocks of plain text: paragraphs keep their lines, text aligned by spaces is code, and `- `, `1. ` and `> `
/// begin items and quotes.
pub(super) fn read_blocks(text: &str, builder: &mut Builder<'_>) -> Result<(), ConvertError> {
    // A form feed is a page end of a printer, and ends a paragraph.
    let pages = text.split('\u{c}').flat_map(|page| page.lines().chain([""]));
    let lines: Vec<&str> = pages.map(|line| line.trim_end_matches([' ', '\t'])).collect();
    blocks(&lines, MAX_QUOTES, builder)
}

fn blocks(lines: &[&str], quotes: u32, builder: &mut Builder<'_>) -> Result<(), ConvertError> {
    let mut picture = String::new();
    for paragraph in lines
        .split(|line| line.trim().is_empty())
        .filter(|lines| !lines.is_empty())
    {
        if paragraph.len() > MAX_PROSE_LINES || is_aligned(paragraph) {
            // Aligned paragraphs in a row are one picture; the blank line between them is part of it.
            if !picture.is_empty() {
                picture.push_str("\n\n");
            }
            picture.push_str(&paragraph.join("\n"));
        } else {
            add_code(&mut picture, builder)?;
            prose(paragraph, quotes, builder)?;
        }
    }
    add_code(&mut picture, builder)
}

fn add_code(text: &mut String, builder: &mut Builder<'_>) -> Result<(), ConvertError> {
    if text.is_empty() {
        return Ok(());
    }
    let kind = BlockKind::Code {
        language: None,
        text: std::mem::take(text),
    };
    builder.add(kind).map(drop)
}

/// Returns true if at least two lines, and half of them, have gaps inside or are indented.
fn is_aligned(lines: &[&str]) -> bool {
    let stepped = |line: &&&str| {
        let content = line.trim_start();
        let indent = line.len() - content.len();
        line.starts_with('\t') || indent >= 4 || content.contains("   ") || content.contains('\t')
    };
    let all = lines.iter().filter(stepped).count();
    all >= 2 && all * 2 >= lines.len()
}

/// Kind of a line, by what it begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Plain,
    Quote,
    Bullet,
    /// Number of an ordered item.
    Number(u32),
}

fn prose(lines: &[&str], quotes: u32, builder: &mut Builder<'_>) -> Result<(), ConvertError> {
    let mut prose = Prose {
        depth: builder.depth(),
        builder,
        lists: Vec::new(),
        text: Vec::new(),
    };
    let mut rest = lines;
    while let Some((first, after)) = rest.split_first() {
        let (kind, text) = kind(first.trim(), quotes);
        rest = after;
        let indent = first.len() - first.trim_start().len();
        match kind {
            Kind::Plain => prose.line(indent, text)?,
            Kind::Bullet => prose.item(indent, None, text)?,
            Kind::Number(number) => prose.item(indent, Some(number), text)?,
            Kind::Quote => {
                let mut quoted = vec![text];
                while let Some((line, after)) = rest.split_first()
                    && let (Kind::Quote, text) = self::kind(line.trim(), quotes)
                {
                    quoted.push(text);
                    rest = after;
                }
                prose.end()?;
                prose.builder.open(BlockKind::Quote(Vec::new()))?;
                blocks(&quoted, quotes - 1, prose.builder)?;
                prose.builder.close()?;
            }
        }
    }
    prose.end()
}

/// Paragraph of lines that is being read.
struct Prose<'b, 'l> {
    builder: &'b mut Builder<'l>,
    /// Depth of the builder outside of it.
    depth: usize,
    /// Lists that are open, with an open item each.
    lists: Vec<TextList>,
    /// Lines of the paragraph or item that is being read.
    text: Vec<String>,
}

struct TextList {
    indent: usize,
    /// Number of the next item, of an ordered list.
    next: Option<u32>,
}

impl Prose<'_, '_> {
    fn line(&mut self, indent: usize, text: &str) -> Result<(), ConvertError> {
        // A line that is indented goes on with its item.
        while self.lists.last().is_some_and(|list| indent <= list.indent) {
            self.add_text()?;
            self.close_list()?;
        }
        self.text.push(text.to_owned());
        Ok(())
    }

    fn item(&mut self, indent: usize, number: Option<u32>, text: &str) -> Result<(), ConvertError> {
        self.add_text()?;
        while self.lists.len() > 1 && self.lists.last().is_some_and(|list| indent < list.indent) {
            self.close_list()?;
        }
        let outer = self.lists.last().map(|list| (list.indent, list.next.is_some()));
        match outer {
            Some((at, _)) if indent >= at + 2 && self.lists.len() < MAX_LISTS => {
                self.open_list(indent, number)?
            }
            Some((_, ordered)) if ordered == number.is_some() => self.builder.close()?,
            Some(_) => {
                self.close_list()?;
                self.open_list(indent, number)?;
            }
            None => self.open_list(indent, number)?,
        }
        let mut marker = None;
        if let Some(list) = self.lists.last_mut()
            && let (Some(next), Some(number)) = (&mut list.next, number)
        {
            marker = (*next != number).then(|| format!("{number}."));
            *next = next.saturating_add(1);
        }
        self.builder.open_item(ItemStart {
            marker,
            checked: None,
        })?;
        self.text.push(text.to_owned());
        Ok(())
    }

    fn open_list(&mut self, indent: usize, number: Option<u32>) -> Result<(), ConvertError> {
        self.builder.open(BlockKind::List(List {
            ordered: number.is_some(),
            style: ListStyle::Decimal,
            start: number.unwrap_or(1),
            items: Vec::new(),
        }))?;
        self.lists.push(TextList { indent, next: number });
        Ok(())
    }

    /// Closes the innermost list with its item.
    fn close_list(&mut self) -> Result<(), ConvertError> {
        self.lists.pop();
        self.builder.close()?;
        self.builder.close()
    }

    fn add_text(&mut self) -> Result<(), ConvertError> {
        let lines = std::mem::take(&mut self.text);
        if lines.is_empty() {
            return Ok(());
        }
        let inlines = joined(&lines);
        let kind = if inlines.contains(&Inline::Break) && self.lists.is_empty() {
            BlockKind::LineBlock(inlines)
        } else {
            BlockKind::Paragraph(inlines)
        };
        self.builder.add(kind).map(drop)
    }

    fn end(&mut self) -> Result<(), ConvertError> {
        self.add_text()?;
        self.lists.clear();
        self.builder.close_to(self.depth)
    }
}

/// Lines as one text: where the next word would not have fitted, a line was wrapped and goes on; elsewhere it ends. A
/// single such place behind the end of a sentence is by chance.
fn joined(lines: &[String]) -> Vec<Inline> {
    let length = |line: &str| line.chars().count();
    let width = lines.iter().map(|line| length(line)).max().unwrap_or(0);
    let wraps = |pair: &[String]| match pair {
        [before, after] => {
            let word = after.split_whitespace().next().unwrap_or_default();
            width >= MIN_WIDTH && length(before) + 1 + length(word) > width
        }
        _ => false,
    };
    let wrapped = lines.windows(2).filter(|pair| wraps(pair)).count() > 1;
    let mut inlines = Vec::new();
    let mut text = lines.first().cloned().unwrap_or_default();
    for pair in lines.windows(2) {
        let goes_on = wraps(pair) && (wrapped || !text.ends_with(['.', ':', ';', '!', '?']));
        if goes_on {
            text.push(' ');
        } else {
            inlines.push(Inline::plain(std::mem::take(&mut text)));
            inlines.push(Inline::Break);
        }
        text.push_str(pair.last().map_or("", String::as_str));
    }
    inlines.push(Inline::plain(text));
    inlines
}

/// Kind of a line, and its text behind the marker.
fn kind(line: &str, quotes: u32) -> (Kind, &str) {
    if quotes > 0
        && let Some(rest) = line.strip_prefix('>')
    {
        return (Kind::Quote, rest.strip_prefix(' ').unwrap_or(rest));
    }
    for bullet in ["- ", "* ", "+ "] {
        if let Some(rest) = line.strip_prefix(bullet) {
            return (Kind::Bullet, rest);
        }
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    if (1..=9).contains(&digits)
        && let Some((number, rest)) = line.split_at_checked(digits)
        && let Some(text) = rest
            .strip_prefix(['.', ')'])
            .and_then(|rest| rest.strip_prefix(' '))
        && let Ok(number) = number.parse()
    {
        return (Kind::Number(number), text);
    }
    (Kind::Plain, line)
}
