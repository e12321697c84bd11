//! Pages of fixtures as pictures, and what is read of them.

use std::collections::HashMap;

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};
use ilios_convert::{Input, Limits, NoOcr, Options, convert};
use image::GrayImage;

use crate::fixture::fixture;

/// Pixels of a point: 150 to an inch, to keep the tests fast.
const SCALE: f32 = 150.0 / 72.0;

/// First page of a document.
pub(crate) fn rendered(name: &str) -> GrayImage {
    let pdf = Pdf::new(fixture(name)).unwrap();
    let settings = PixmapSettings {
        x_scale: SCALE,
        y_scale: SCALE,
        bg_color: WHITE,
    };
    let pixels = render(
        &pdf.pages()[0],
        &RenderCache::new(),
        &InterpreterSettings::default(),
        &RenderSettings::default(),
        &settings,
    );
    let gray = pixels.data().iter().map(|pixel| pixel.g).collect();
    GrayImage::from_raw(u32::from(pixels.width()), u32::from(pixels.height()), gray).unwrap()
}

/// Share of the words of the text layer of the first page of `name` that are in the text.
pub(crate) fn recall(name: &str, text: &str) -> f32 {
    let options = Options {
        pages: Some("1".parse().unwrap()),
        ..Options::default()
    };
    let bytes = fixture(name);
    let input = Input { bytes: &bytes, name };
    let expected = convert(input, &options, &Limits::default(), &mut NoOcr);
    let expected = expected.unwrap().markdown();
    let words = |text: &str| -> Vec<String> {
        let letters = |c: char| !c.is_alphanumeric();
        let words = text.split(letters).filter(|word| !word.is_empty());
        words.map(str::to_owned).collect()
    };
    let mut found: HashMap<String, usize> = HashMap::new();
    for word in words(text) {
        *found.entry(word).or_default() += 1;
    }
    let expected = words(&expected);
    let hits = expected.iter().filter(|word| match found.get_mut(*word) {
        Some(count) if *count > 0 => {
            *count -= 1;
            true
        }
        _ => false,
    });
    hits.count() as f32 / expected.len() as f32
}
