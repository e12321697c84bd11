use hayro::hayro_syntax::object::Dict;

use super::{DecodeError, Layer};

/// Predictor behind Flate or LZW (ISO 32000-1, 7.4.4.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Predictor {
    None,
    Png(Row),
    Tiff(Row),
}

/// Rows of samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Row {
    /// Bytes of a row, at least one.
    bytes: usize,
    /// Bytes from a sample to that of the same colour beside it, at least one.
    step: usize,
    bits: usize,
}

impl Predictor {
    /// Reads the parameters of a filter.
    pub(super) fn of(parameters: &Dict<'_>) -> Self {
        let number = |key: &str, usual: usize| {
            let number = parameters.get::<i32>(key);
            number.map_or(usual, |number| usize::try_from(number).unwrap_or(usual).max(1))
        };
        let kind = parameters.get::<i32>("Predictor").unwrap_or(1);
        if kind < 2 {
            return Self::None;
        }
        let (colors, bits) = (number("Colors", 1), number("BitsPerComponent", 8));
        let sample = colors.saturating_mul(bits);
        let row = Row {
            bytes: sample.saturating_mul(number("Columns", 1)).div_ceil(8),
            step: sample.div_ceil(8),
            bits,
        };
        match kind {
            2 => Self::Tiff(row),
            _ => Self::Png(row),
        }
    }

    /// Turns differences into samples. The last row may be short.
    pub(super) fn undo(self, layer: Layer) -> Result<Layer, DecodeError> {
        let bytes = match self {
            Self::None => layer.bytes,
            Self::Png(row) => row.undo_png(&layer.bytes),
            Self::Tiff(row) => row.undo_tiff(layer.bytes)?,
        };
        Ok(Layer { bytes, ..layer })
    }
}

impl Row {
    fn undo_png(self, data: &[u8]) -> Vec<u8> {
        let mut bytes: Vec<u8> = Vec::with_capacity(data.len());
        for coded in data.chunks(self.bytes.saturating_add(1)) {
            let [kind, coded @ ..] = coded else { continue };
            let start = bytes.len();
            for (index, byte) in coded.iter().enumerate() {
                let at = start + index;
                let sample = |at: Option<usize>| at.and_then(|at| bytes.get(at)).copied().unwrap_or(0);
                let beside = index >= self.step;
                let left = sample(at.checked_sub(self.step).filter(|_| beside));
                let above = sample(at.checked_sub(self.bytes));
                let corner = sample(
                    at.checked_sub(self.bytes.saturating_add(self.step))
                        .filter(|_| beside),
                );
                let predicted = match kind {
                    1 => left,
                    2 => above,
                    3 => u8::midpoint(left, above),
                    4 => paeth(left, above, corner),
                    _ => 0,
                };
                bytes.push(byte.wrapping_add(predicted));
            }
        }
        bytes
    }

    fn undo_tiff(self, mut bytes: Vec<u8>) -> Result<Vec<u8>, DecodeError> {
        for row in bytes.chunks_mut(self.bytes.max(1)) {
            for at in self.step..row.len() {
                let before = at - self.step;
                match self.bits {
                    8 => row[at] = row[at].wrapping_add(row[before]),
                    16 if (at - self.step).is_multiple_of(2) && at + 1 < row.len() => {
                        let sum = u16::from_be_bytes([row[at], row[at + 1]])
                            .wrapping_add(u16::from_be_bytes([row[before], row[before + 1]]));
                        row[at..at + 2].copy_from_slice(&sum.to_be_bytes());
                    }
                    16 => {}
                    // Only images have smaller samples, and these are decoded elsewhere.
                    _ => return Err(DecodeError::Unreadable),
                }
            }
        }
        Ok(bytes)
    }
}

/// Sample that the Paeth filter predicts (PNG specification, 9.4).
fn paeth(left: u8, above: u8, corner: u8) -> u8 {
    let estimate = i16::from(left) + i16::from(above) - i16::from(corner);
    let distance = |sample: u8| (estimate - i16::from(sample)).abs();
    let (to_left, to_above, to_corner) = (distance(left), distance(above), distance(corner));
    if to_left <= to_above && to_left <= to_corner {
        left
    } else if to_above <= to_corner {
        above
    } else {
        corner
    }
}
