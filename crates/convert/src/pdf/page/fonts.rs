use std::cell::OnceCell;
use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::rc::Rc;

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::object::{Array, Dict, Name, ObjectIdentifier, Rect};
use hayro_font::{Font, FontCache, FontGlyph, OutlineGlyph};
use rustc_hash::FxHashMap;

use super::plain_font::{PlainFont, may_be_fixed_pitch};
use super::program_map;
use super::simple_font::SimpleFont;
use super::unicode::{Fallbacks, Known};
use crate::layout::extent::LetterHeights;

/// Flags of a font descriptor (ISO 32000-1, table 123).
const FIXED_PITCH: u32 = 1;
const ITALIC: u32 = 1 << 6;
const FORCE_BOLD: u32 = 1 << 18;
/// Weight from which on a font is bold.
const BOLD_WEIGHT: f32 = 600.0;
/// Texts of glyphs, at most: a font can name each of its glyphs with a long one.
const MAX_TEXTS: usize = 1 << 20;

/// Fonts of a document, and the texts of their glyphs.
pub(super) struct Fonts<'a> {
    cache: FontCache<'a>,
    settings: InterpreterSettings,
    /// By id and place in the file: the id of a dictionary within another is that of the outer one.
    known: HashMap<(ObjectIdentifier, usize), Option<Rc<LoadedFont<'a>>>>,
    looks: Vec<FontLook>,
    texts: Vec<Box<str>>,
    /// For each text, whether it is white space alone.
    blanks: Vec<bool>,
    numbers: FxHashMap<Box<str>, u32>,
    /// Font in place of those that are no dictionary.
    missing: Option<Rc<LoadedFont<'a>>>,
}

/// Ascents that letters have, in multiples of the text size.
const LETTER_ASCENTS: RangeInclusive<f32> = 0.4..=1.5;
/// Their descents.
const LETTER_DESCENTS: RangeInclusive<f32> = 0.0..=0.8;

/// Look of a font.
#[derive(Debug, Clone)]
pub(super) struct FontLook {
    pub(super) name: Rc<str>,
    pub(super) bold: bool,
    pub(super) italic: bool,
    pub(super) monospace: bool,
    pub(super) heights: LetterHeights,
}

/// Font that glyphs are shown in.
pub(super) struct LoadedFont<'a> {
    dict: Dict<'a>,
    /// Texts and widths of its dictionary, if it is a simple font that has them.
    simple: Option<SimpleFont>,
    /// Program; that of a simple font is loaded when it is first asked.
    program: OnceCell<Program<'a>>,
    /// Number of its look.
    pub(super) number: u32,
    pub(super) horizontal: bool,
    /// Height of its em in multiples of the size that text is set in; 1 for all but Type 3 fonts.
    pub(super) em: f64,
    /// Its program is in the document.
    embedded: bool,
    /// The document lacks it: the texts of its codes are guesses.
    pub(super) guessed: bool,
    fallbacks: Fallbacks<'a>,
    /// Characters by glyphs, of its program.
    characters: OnceCell<FxHashMap<u32, char>>,
    codes: std::cell::RefCell<FxHashMap<u32, Code>>,
}

/// Source of the widths and texts of a font.
enum Program<'a> {
    Known(Font<'a>),
    /// No program is known for it.
    Plain(Box<PlainFont>),
}

impl LoadedFont<'_> {
    /// Character of a glyph by the program of the font: its own table of characters, or a glyph without an outline.
    fn by_glyph(&self, glyph: &OutlineGlyph) -> Option<char> {
        // The program in place of one that is not embedded has other glyphs.
        if !self.embedded {
            return None;
        }
        let characters = self.characters.get_or_init(|| {
            glyph
                .font_data()
                .map(|font| program_map::characters((*font.data).as_ref()))
                .unwrap_or_default()
        });
        let known = characters.get(&glyph.glyph_id().to_u32()).copied();
        known.or_else(|| glyph.outline().elements().is_empty().then_some(' '))
    }

    /// Next code of a string and its length in bytes.
    pub(super) fn read_code(&self, string: &[u8], at: usize) -> (u32, usize) {
        match self.program.get() {
            Some(Program::Known(font)) => font.read_code(string, at),
            Some(Program::Plain(font)) => font.read_code(string, at),
            None => (string.get(at).copied().unwrap_or(0).into(), 1),
        }
    }
}

/// Code of a font.
#[derive(Debug, Clone, Copy)]
pub(super) struct Code {
    /// Number of its text.
    pub(super) text: u32,
    pub(super) known: bool,
    /// Set if its text is white space.
    pub(super) blank: bool,
    /// Advance in thousandths of the em, along the line.
    pub(super) advance: f64,
    /// Displacement of the origin, in thousandths of the em.
    pub(super) displacement: [f64; 2],
}

impl Default for Fonts<'_> {
    fn default() -> Self {
        Self {
            cache: FontCache::new(),
            settings: InterpreterSettings::default(),
            known: HashMap::new(),
            looks: Vec::new(),
            texts: vec!["".into()],
            blanks: vec![true],
            numbers: std::iter::once(("".into(), 0)).collect(),
            missing: None,
        }
    }
}

impl<'a> Fonts<'a> {
    /// Loads the font of a dictionary; `None` if it cannot be used.
    pub(super) fn load(&mut self, dict: &Dict<'a>) -> Option<Rc<LoadedFont<'a>>> {
        let key = dict.obj_id().map(|id| (id, dict.data().as_ptr() as usize));
        if let Some(known) = key.and_then(|key| self.known.get(&key)) {
            return known.clone();
        }
        let font = self.make(dict).map(Rc::new);
        if let Some(key) = key {
            self.known.insert(key, font.clone());
        }
        font
    }

    /// Font for text whose own is no dictionary: its codes are those of most fonts.
    pub(super) fn missing(&mut self) -> Option<Rc<LoadedFont<'a>>> {
        if self.missing.is_none() {
            let font = self.make(&Dict::default())?;
            self.missing = Some(Rc::new(LoadedFont {
                guessed: true,
                ..font
            }));
        }
        self.missing.clone()
    }

    fn make(&mut self, dict: &Dict<'a>) -> Option<LoadedFont<'a>> {
        let descendant = descendant(dict);
        let descriptor = descendant
            .as_ref()
            .unwrap_or(dict)
            .get::<Dict<'_>>(b"FontDescriptor")
            .unwrap_or_default();
        let number = u32::try_from(self.looks.len()).ok()?;
        self.looks
            .push(FontLook::of(dict, descendant.as_ref(), &descriptor));
        let resolver = &self.settings.cmap_resolver;
        let simple = SimpleFont::of(dict, resolver);
        let program = match simple {
            Some(_) => OnceCell::new(),
            None => OnceCell::from(self.program(dict)),
        };
        Some(LoadedFont {
            dict: dict.clone(),
            simple,
            number,
            horizontal: match program.get() {
                Some(Program::Known(font)) => font.is_horizontal(),
                Some(Program::Plain(_)) | None => true,
            },
            em: em(dict),
            embedded: ["FontFile", "FontFile2", "FontFile3"]
                .iter()
                .any(|key| descriptor.contains_key(key)),
            guessed: false,
            fallbacks: Fallbacks::of(dict, descendant.as_ref(), resolver),
            characters: OnceCell::new(),
            codes: std::cell::RefCell::default(),
            program,
        })
    }

    fn program(&self, dict: &Dict<'a>) -> Program<'a> {
        let (fonts, maps) = (&self.settings.font_resolver, &self.settings.cmap_resolver);
        match self.cache.font(dict, fonts, maps) {
            Some(font) => Program::Known(font),
            None => Program::Plain(Box::new(PlainFont::of(dict, descendant(dict).as_ref(), maps))),
        }
    }

    /// Code of a font, looked up once.
    pub(super) fn code(&mut self, font: &LoadedFont<'a>, code: u32) -> Code {
        if let Some(known) = font.codes.borrow().get(&code) {
            return *known;
        }
        let found = self.look_up(font, code);
        font.codes.borrow_mut().insert(code, found);
        found
    }

    fn look_up(&mut self, font: &LoadedFont<'a>, code: u32) -> Code {
        if let Some((text, advance)) = font.simple.as_ref().and_then(|simple| simple.code(code)) {
            let number = self.number_of(&text);
            return Code {
                blank: text.chars().all(char::is_whitespace),
                text: number,
                known: number != 0,
                advance,
                displacement: [0.0; 2],
            };
        }
        let own = match font.program.get_or_init(|| self.program(&font.dict)) {
            Program::Known(own) => own,
            Program::Plain(plain) => {
                let Known { text, known } = font.fallbacks.text(code, plain.text(code), || None);
                return Code {
                    blank: known && text.chars().all(char::is_whitespace),
                    text: self.number_of(&text),
                    known,
                    advance: plain.advance(code),
                    displacement: [0.0; 2],
                };
            }
        };
        let glyph = own.glyph(own.map_code(code), code);
        let mapped = match &glyph {
            FontGlyph::Outline(glyph) => glyph.as_unicode(),
            FontGlyph::Type3(glyph) => glyph.as_unicode(),
        };
        let Known { text, known } = font.fallbacks.text(code, mapped, || match &glyph {
            FontGlyph::Outline(glyph) => font.by_glyph(glyph),
            FontGlyph::Type3(_) => None,
        });
        let advance = own.code_advance(code);
        let displacement = own.origin_displacement(code);
        let number = self.number_of(&text);
        Code {
            blank: known && text.chars().all(char::is_whitespace),
            text: number,
            // Beyond the limit of texts a glyph has none.
            known: known && (number != 0 || text.is_empty()),
            advance: if font.horizontal { advance.x } else { advance.y },
            displacement: [displacement.x, displacement.y],
        }
    }

    /// Number of a text.
    pub(super) fn number_of(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        if self.texts.len() >= MAX_TEXTS {
            return 0;
        }
        let number = u32::try_from(self.texts.len()).unwrap_or(0);
        self.texts.push(text.into());
        self.blanks.push(text.chars().all(char::is_whitespace));
        self.numbers.insert(text.into(), number);
        number
    }

    pub(super) fn text(&self, number: u32) -> &str {
        self.texts.get(number as usize).map_or("", |text| text)
    }

    /// Returns true for a text of white space alone, and for none.
    pub(super) fn is_blank(&self, number: u32) -> bool {
        self.blanks.get(number as usize).copied().unwrap_or(true)
    }

    pub(super) fn look(&self, number: u32) -> Option<&FontLook> {
        self.looks.get(number as usize)
    }
}

impl FontLook {
    fn of(dict: &Dict<'_>, descendant: Option<&Dict<'_>>, descriptor: &Dict<'_>) -> Self {
        let name = dict.get::<Name<'_>>(b"BaseFont");
        let name = name.as_ref().map_or("", |name| name.as_str());
        let name = match name.split_once('+') {
            Some((prefix, rest)) if prefix.len() == 6 => rest,
            _ => name,
        };
        let flags = descriptor.get::<u32>(b"Flags").unwrap_or(0);
        let weight = descriptor.get::<f32>(b"FontWeight").unwrap_or(0.0);
        let angle = descriptor.get::<f32>(b"ItalicAngle").unwrap_or(0.0);
        let lower = name.to_ascii_lowercase();
        let names = |words: &[&str]| words.iter().any(|word| lower.contains(word));
        let light = names(&["semilight", "demilight"]);
        Self {
            bold: !light
                && names(&[
                    "bold", "black", "heavy", "demi", "semibd", "-bd", "cmbx", "sfbx", "extrabd",
                ])
                || weight >= BOLD_WEIGHT
                || flags & FORCE_BOLD != 0,
            italic: names(&[
                "italic", "oblique", "cmti", "cmmi", "sfti", "slanted", "kursiv", "-it",
            ]) || flags & ITALIC != 0
                || angle != 0.0 && angle.abs() < 45.0,
            monospace: flags & FIXED_PITCH != 0 && may_be_fixed_pitch(dict, descendant)
                || names(&[
                    "courier",
                    "mono",
                    "consolas",
                    "menlo",
                    "typewriter",
                    "cmtt",
                    "sftt",
                    "inconsolata",
                    "code",
                ]),
            name: name.into(),
            heights: letter_heights(descriptor),
        }
    }
}

/// Heights that the descriptor of a font says, if letters can have them.
fn letter_heights(descriptor: &Dict<'_>) -> LetterHeights {
    let height = |key: &[u8]| descriptor.get::<f32>(key).map(|height| height / 1000.0);
    let said = height(b"Ascent").zip(height(b"Descent"));
    // Below the baseline is negative; some programs write it without the sign.
    let said = said.map(|(ascent, descent)| LetterHeights {
        ascent,
        descent: descent.abs(),
    });
    said.filter(|said| LETTER_ASCENTS.contains(&said.ascent) && LETTER_DESCENTS.contains(&said.descent))
        .unwrap_or_default()
}

/// Font within a composite one.
fn descendant<'a>(font: &Dict<'a>) -> Option<Dict<'a>> {
    let fonts = font.get::<Array<'a>>(b"DescendantFonts")?;
    fonts.iter::<Dict<'a>>().next()
}

/// Height of the em of a font in multiples of its size. The glyph space of a Type 3 font is its own, so that text may
/// be set in size 1 and ten points high.
fn em(dict: &Dict<'_>) -> f64 {
    if dict
        .get::<Name<'_>>(b"Subtype")
        .is_none_or(|name| name.as_str() != "Type3")
    {
        return 1.0;
    }
    let scale = dict
        .get::<[f64; 6]>(b"FontMatrix")
        .map_or(0.001, |matrix| matrix[2].hypot(matrix[3]));
    if (0.0005..0.002).contains(&scale) {
        return 1.0;
    }
    let height = dict
        .get::<Rect>(b"FontBBox")
        .map_or(0.0, |bbox| (bbox.y1 - bbox.y0).abs());
    let em = if height > 0.0 {
        height * scale
    } else {
        1000.0 * scale
    };
    if em.is_finite() && em > 0.0 { em } else { 1.0 }
}
