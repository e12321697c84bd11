use crate::heights::{self, Heights};
use crate::line::ReadLine;
use crate::picture::Picture;
use crate::rect::Point;
use crate::rules::Rule;

/// Confidence of a line, at least; below it, a picture or dirt was taken for text.
const MIN_CONFIDENCE: f32 = 0.5;

/// Text of a page.
pub struct Reading {
    /// Its lines, in no order.
    pub lines: Vec<TextLine>,
    /// Lines that are drawn on the page, level like the text.
    pub rules: Vec<Rule>,
    /// Stretches that look like text and could not be read.
    pub unread: usize,
    /// Size of the upright page in pixels.
    pub width: f32,
    /// Height likewise.
    pub height: f32,
    /// Degrees clockwise by which the text is turned in the picture: 0, 90, 180 or 270.
    pub turn: u16,
    /// The small turn beside that, in radians clockwise.
    pub skew: f32,
}

/// Line of a page that has been turned until its lines are level. Pixels to the right and downwards.
pub struct TextLine {
    /// Words from the first to the last.
    pub words: Vec<TextWord>,
    /// Height of its baseline; of a line that runs up or down, where it begins.
    pub baseline: f32,
    /// Text size in pixels.
    pub size: f32,
    /// Width of the strokes in multiples of the text size.
    pub stroke: f32,
    /// Direction in which it reads, as a vector of length 1; upwards is positive.
    pub direction: [f32; 2],
}

/// Word of a line. A word of a line that runs up or down has the edges of the whole line.
pub struct TextWord {
    /// Signs without white space.
    pub text: String,
    /// Left edge.
    pub left: f32,
    /// Right edge.
    pub right: f32,
    /// Confidence, 0 to 1.
    pub confidence: f32,
}

/// Turns the lines of a page level.
pub(crate) fn of_lines(lines: Vec<ReadLine>, axis: Point, (width, height): (u32, u32), turn: u16) -> Reading {
    let all = lines.len();
    let (width, height) = (width as f32, height as f32);
    let level = Level {
        center: [width / 2.0, height / 2.0],
        axis,
    };
    let lines: Vec<ReadLine> = lines
        .into_iter()
        .filter(|line| line.confidence >= MIN_CONFIDENCE && !line.words.is_empty())
        .collect();
    let heights: Vec<&Heights> = lines.iter().map(|line| &line.heights).collect();
    let lines: Vec<TextLine> = lines
        .iter()
        .zip(heights::sizes(&heights))
        .map(|(line, size)| level.line(line, size))
        .collect();
    Reading {
        unread: all - lines.len(),
        lines,
        rules: Vec::new(),
        width,
        height,
        turn: turn % 360,
        skew: axis[1].atan2(axis[0]),
    }
}

/// Turn of a page about its centre.
pub(crate) struct Level {
    center: Point,
    axis: Point,
}

impl Level {
    pub(crate) fn of(picture: Picture<'_>, axis: Point) -> Self {
        Self {
            center: [picture.width as f32 / 2.0, picture.height as f32 / 2.0],
            axis,
        }
    }

    /// Place in the picture of a place of the level page.
    pub(crate) fn back(&self, point: Point) -> Point {
        let (dx, dy) = (point[0] - self.center[0], point[1] - self.center[1]);
        let [cos, sin] = self.axis;
        [
            self.center[0] + dx * cos - dy * sin,
            self.center[1] + dx * sin + dy * cos,
        ]
    }

    fn place(&self, point: Point) -> Point {
        let (dx, dy) = (point[0] - self.center[0], point[1] - self.center[1]);
        let [cos, sin] = self.axis;
        [
            self.center[0] + dx * cos + dy * sin,
            self.center[1] - dx * sin + dy * cos,
        ]
    }

    fn line(&self, line: &ReadLine, size: f32) -> TextLine {
        let [x, y] = line.rect.axis;
        let [cos, sin] = self.axis;
        // Along the page, and upwards.
        let direction = [x * cos + y * sin, x * sin - y * cos];
        let upright = direction[0] > std::f32::consts::FRAC_1_SQRT_2;
        let place = |along: f32| self.place(line.rect.place(along, line.baseline));
        let middle = place(0.0);
        let ends = [-0.5, 0.5].map(|part| place(part * line.rect.width));
        let words = line.words.iter().map(|word| {
            let edges = match upright {
                true => [word.left, word.right].map(|column| place(line.along(column))[0]),
                false => [middle[0] - size, middle[0]],
            };
            TextWord {
                text: word.text.clone(),
                left: edges[0].min(edges[1]),
                right: edges[0].max(edges[1]),
                confidence: word.confidence,
            }
        });
        TextLine {
            words: words.collect(),
            baseline: if upright { middle[1] } else { ends[0][1] },
            size,
            stroke: line.stroke / size,
            direction: if upright {
                [1.0, 0.0]
            } else {
                [0.0, direction[1].signum()]
            },
        }
    }
}
