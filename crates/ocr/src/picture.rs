use image::GrayImage;

/// Scale from which on a picture that shrinks is averaged rather than sampled.
const AVERAGING_SCALE: f32 = 1.3;
/// Samples of one pixel along one axis, at most.
const MAX_SAMPLES: usize = 16;

/// Grey picture that can be looked at between its pixels.
#[derive(Clone, Copy)]
pub(crate) struct Picture<'a> {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pixels: &'a [u8],
}

impl<'a> Picture<'a> {
    /// Creates a view of an image; `None` for one without pixels.
    pub(crate) fn new(image: &'a GrayImage) -> Option<Self> {
        let (width, height) = (image.width() as usize, image.height() as usize);
        let pixels = image.as_raw().as_slice();
        (width > 0 && height > 0 && pixels.len() == width * height).then_some(Self {
            width,
            height,
            pixels,
        })
    }

    /// Grey at a place, between the four pixels around it; beyond the edge as at the edge.
    pub(crate) fn at(self, x: f32, y: f32) -> f32 {
        let x = x.clamp(0.0, (self.width - 1) as f32);
        let y = y.clamp(0.0, (self.height - 1) as f32);
        let (left, top) = (x as usize, y as usize);
        let (right, bottom) = ((left + 1).min(self.width - 1), (top + 1).min(self.height - 1));
        let (part_x, part_y) = (x - left as f32, y - top as f32);
        let row = |y: usize| {
            let gray = |x: usize| {
                self.pixels
                    .get(y * self.width + x)
                    .map_or(255.0, |&gray| f32::from(gray))
            };
            gray(left) * (1.0 - part_x) + gray(right) * part_x
        };
        row(top) * (1.0 - part_y) + row(bottom) * part_y
    }

    /// Grey of the pixel at a place; `None` beyond the edge.
    pub(crate) fn nearest(self, x: f32, y: f32) -> Option<u8> {
        let inside = x >= 0.0 && y >= 0.0 && x < self.width as f32 && y < self.height as f32;
        let index = y as usize * self.width + x as usize;
        self.pixels.get(index).copied().filter(|_| inside)
    }

    /// Grey of which so many percent of the pixels are darker.
    pub(crate) fn percentile(self, percent: usize) -> u8 {
        let mut counts = [0_usize; 256];
        for &gray in self.pixels {
            if let Some(count) = counts.get_mut(usize::from(gray)) {
                *count += 1;
            }
        }
        let mut rest = self.pixels.len() * percent / 100;
        for (gray, count) in (0..=u8::MAX).zip(counts) {
            if rest < count {
                return gray;
            }
            rest -= count;
        }
        u8::MAX
    }

    /// Grey values, row by row, of the picture at another size.
    pub(crate) fn resized(self, width: usize, height: usize) -> Vec<f32> {
        let scale_x = self.width as f32 / width.max(1) as f32;
        let scale_y = self.height as f32 / height.max(1) as f32;
        let grid = Grid::of(scale_x, scale_y);
        let mut resized = Vec::with_capacity(width * height);
        for y in 0..height {
            for x in 0..width {
                resized.push(grid.mean(|part_x, part_y| {
                    self.at(
                        (x as f32 + part_x) * scale_x - 0.5,
                        (y as f32 + part_y) * scale_y - 0.5,
                    )
                }));
            }
        }
        resized
    }
}

/// Places within one pixel of the result of which the mean is taken.
#[derive(Clone, Copy)]
pub(crate) struct Grid {
    across: usize,
    down: usize,
}

impl Grid {
    /// Creates the grid for pixels that are so many pixels of the source wide and high.
    pub(crate) fn of(scale_x: f32, scale_y: f32) -> Self {
        let samples = |scale: f32| match scale > AVERAGING_SCALE {
            true => (scale.ceil() as usize).clamp(2, MAX_SAMPLES),
            false => 1,
        };
        Self {
            across: samples(scale_x),
            down: samples(scale_y),
        }
    }

    /// Mean of a function of places, 0 to 1 across and down the pixel.
    pub(crate) fn mean(self, value: impl Fn(f32, f32) -> f32) -> f32 {
        let part = |index: usize, all: usize| (index as f32 + 0.5) / all as f32;
        let mut sum = 0.0;
        for down in 0..self.down {
            for across in 0..self.across {
                sum += value(part(across, self.across), part(down, self.down));
            }
        }
        sum / (self.across * self.down) as f32
    }
}
