//! Pictures to lines of words by neural networks, for Latin scripts and Chinese, without a setting of the language. Pure
//! and synchronous: it opens no file, and a page is the work of one thread.
//!
//! ```text
//!   picture    detector       likelihood of text for each pixel, at a small scale
//!      │
//!      │       components     connected pixels; rect: the smallest rectangle around each, at any angle
//!      │       orientation    which way up the page is, and how far it is turned
//!      │       neighbours     margins that reach into the stretch beside
//!      │
//!      │       crop           each rectangle, turned upright, at one height
//!      │       ctc            signs with places, by the recognizer
//!      │       ink            columns without ink, height of the letters, width of their strokes
//!      │       heights        text sizes, by comparing the lines of the page
//!      │       words          parted at spaces, and at gaps that are as wide
//!      │       typography     signs that the recognizer does not know
//!      │       rules          lines that are drawn along the text or across it
//!      ▼
//!   Reading    lines of words with places and confidence, in the coordinates of the upright page
//! ```

mod components;
mod crop;
mod ctc;
mod detector;
mod engine;
mod heights;
mod ink;
mod line;
mod neighbours;
mod network;
mod onnx;
mod orientation;
mod picture;
mod reading;
mod rect;
mod rules;
mod typography;
mod weights;
mod words;

use image::{GrayImage, imageops};

use self::detector::Region;
use self::engine::{Engine, engine};
use self::line::ReadLine;
use self::picture::Picture;
use self::reading::Level;
pub use self::reading::{Reading, TextLine, TextWord};
use self::rect::Rect;
pub use self::rules::Rule;
pub use self::weights::LICENSE;

/// Confidence of the lines that are tried first from which on the page needs no other try.
const SURE: f32 = 0.93;
/// Height of a stretch of text, in multiples of its width, from which on it is read upwards.
const UPWARDS_RATIO: f32 = 1.5;
/// The same in multiples of the usual height of a line: a single digit is higher than it is wide, too.
const UPWARDS_HEIGHTS: f32 = 2.0;

/// Returns true if this build has the networks.
#[must_use]
pub fn is_available() -> bool {
    engine().is_some()
}

/// Reads the text of a page by the networks of this build.
///
/// # Errors
/// Reason, in words.
pub fn read(image: &GrayImage) -> Result<Reading, String> {
    read_by(
        engine().ok_or("the program was built without the networks")?,
        image,
    )
}

/// Networks beside those of the build: slower, and surer.
pub struct Networks(Engine);

impl Networks {
    /// Loads a detector and a recognizer of the ONNX format.
    ///
    /// # Errors
    /// Reason, in words.
    pub fn load(detector: Vec<u8>, recognizer: Vec<u8>) -> Result<Self, String> {
        Engine::load(detector, recognizer).map(Self)
    }

    /// Reads the text of a page.
    ///
    /// # Errors
    /// Reason, in words.
    pub fn read(&self, image: &GrayImage) -> Result<Reading, String> {
        read_by(&self.0, image)
    }
}

fn read_by(engine: &Engine, image: &GrayImage) -> Result<Reading, String> {
    let mut image = std::borrow::Cow::Borrowed(image);
    let mut page = Page::find(engine, &image)?;
    let mut turn = 0;
    if orientation::is_sideways(&page.regions) {
        // Text that runs down, until it is known better.
        turn = 90;
        image = std::borrow::Cow::Owned(imageops::rotate270(image.as_ref()));
        page = Page::find(engine, &image)?;
    }
    let upright = page.try_lines(engine, &image, false)?;
    let mut known = upright;
    if confidence(&known) < SURE {
        let reversed = page.try_lines(engine, &image, true)?;
        if confidence(&reversed) > confidence(&known) {
            turn += 180;
            image = std::borrow::Cow::Owned(imageops::rotate180(image.as_ref()));
            page = Page::find(engine, &image)?;
            known = Vec::new();
        }
    }
    let lines = page.read(engine, &image, known)?;
    let rules = Picture::new(&image).map_or_else(Vec::new, |picture| page.rules(picture));
    Ok(Reading {
        rules,
        ..reading::of_lines(lines, page.axis, (image.width(), image.height()), turn)
    })
}

/// Stretches of text of an upright page.
struct Page {
    regions: Vec<Region>,
    axis: rect::Point,
    usual_height: f32,
}

/// Lines by the indexes of their regions.
type Known = Vec<(usize, ReadLine)>;

impl Page {
    fn find(engine: &Engine, image: &GrayImage) -> Result<Self, String> {
        let picture = Picture::new(image).ok_or("the picture is empty")?;
        let mut regions = detector::find(&engine.detector, picture)?;
        let axis = orientation::axis(&regions);
        orientation::straighten(&mut regions, axis);
        neighbours::part(&mut regions);
        let mut heights: Vec<f32> = regions
            .iter()
            .map(|region| region.rect.width.min(region.rect.height))
            .collect();
        heights.sort_by(f32::total_cmp);
        let usual_height = heights.get(heights.len() / 2).copied().unwrap_or_default();
        Ok(Self {
            regions,
            axis,
            usual_height,
        })
    }

    /// Reads some lines, or what they would be if the page were upside down.
    fn try_lines(&self, engine: &Engine, image: &GrayImage, reversed: bool) -> Result<Known, String> {
        let picture = Picture::new(image).ok_or("the picture is empty")?;
        let read = |index: usize| {
            let rect = self.regions.get(index)?.rect;
            let rect = if reversed { rect.reversed() } else { rect };
            Some(line::read(engine, picture, rect).map(|line| (index, line)))
        };
        orientation::samples(&self.regions)
            .into_iter()
            .filter_map(read)
            .collect()
    }

    /// Reads all lines but those that are known.
    fn read(&self, engine: &Engine, image: &GrayImage, known: Known) -> Result<Vec<ReadLine>, String> {
        let picture = Picture::new(image).ok_or("the picture is empty")?;
        let mut lines: Vec<Option<ReadLine>> = self.regions.iter().map(|_| None).collect();
        for (index, line) in known {
            if let Some(place) = lines.get_mut(index) {
                *place = Some(line);
            }
        }
        let mut read = Vec::with_capacity(lines.len());
        for (region, line) in self.regions.iter().zip(lines) {
            read.push(match line {
                Some(line) => line,
                None if self.runs_upwards(&region.rect) => read_turned(engine, picture, region.rect)?,
                None => line::read(engine, picture, region.rect)?,
            });
        }
        Ok(read)
    }

    /// Rules of the page, but for rows of letters that run into each other.
    fn rules(&self, picture: Picture<'_>) -> Vec<Rule> {
        let level = Level::of(picture, self.axis);
        let is_text = |rule: &Rule| {
            let middle = level.back(rule.middle());
            rule.is_level()
                && self
                    .regions
                    .iter()
                    .any(|region| region.rect.has_in_its_core(middle))
        };
        let mut rules = rules::find(picture, self.axis, self.usual_height);
        rules.retain(|rule| !is_text(rule));
        rules
    }

    fn runs_upwards(&self, rect: &Rect) -> bool {
        rect.height > UPWARDS_RATIO * rect.width && rect.height > UPWARDS_HEIGHTS * self.usual_height
    }
}

/// Reads a line that runs up or down, as it is read with more confidence.
fn read_turned(engine: &Engine, picture: Picture<'_>, rect: Rect) -> Result<ReadLine, String> {
    let upwards = line::read(engine, picture, rect.upwards())?;
    if upwards.confidence >= SURE {
        return Ok(upwards);
    }
    let downwards = line::read(engine, picture, rect.upwards().reversed())?;
    Ok(if downwards.confidence > upwards.confidence {
        downwards
    } else {
        upwards
    })
}

/// Mean confidence, by the signs of each line.
fn confidence(lines: &Known) -> f32 {
    let signs = |line: &ReadLine| line.signs() as f32;
    let all: f32 = lines.iter().map(|(_, line)| signs(line)).sum();
    let sum: f32 = lines.iter().map(|(_, line)| line.confidence * signs(line)).sum();
    sum / all.max(1.0)
}
