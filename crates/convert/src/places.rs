//! Boxes of lines and words: each word of a page is given to the block in whose region it stands.
//!
//! ```text
//!   words of the page ──> the smallest region that holds the middle of each ──> block
//!                                                     │
//!                          lines: words of one height, from the left; a wide gap begins another one
//! ```
//!
//! Regions are looked up in bands across the page, so that the time is linear for any page that is meant to be read.

use crate::ConvertError;
use crate::ir::{Block, BlockKind, Builder, PlacedLine, PlacedWord, Region};
use crate::layout::direction::is_right_to_left;
use crate::options::Places;

/// Bands into which a page is divided.
const BANDS: usize = 256;
/// Regions of one band that are looked at, at most.
const MAX_REGIONS: usize = 1_000;
/// Gap from which on words are on lines of their own, in multiples of their height.
const COLUMN_GAP: f32 = 2.0;

/// Word of a page before it is given to a block.
#[derive(Debug, Clone)]
pub(crate) struct WordBox {
    pub(crate) text: String,
    pub(crate) region: Region,
    pub(crate) confidence: Option<f32>,
}

/// Gives words to the blocks of their page.
///
/// # Errors
/// `LimitExceeded`.
pub(crate) fn give(
    words: &[WordBox],
    blocks: &mut [Block],
    builder: &mut Builder<'_>,
) -> Result<(), ConvertError> {
    let places = builder.places();
    if places == Places::Block || words.is_empty() {
        return Ok(());
    }
    builder.spend_inlines(words.len() as u64)?;
    let mut owners = Owners::default();
    let mut count = 0;
    for block in &mut *blocks {
        block.visit(&mut |block| {
            if holds_words(block) {
                owners
                    .regions
                    .extend(block.regions.iter().map(|region| (count, *region)));
            }
            count += 1;
        });
    }
    owners.fill_bands();
    let mut of_blocks: Vec<Vec<(usize, &WordBox)>> = vec![Vec::new(); count];
    for word in words {
        if let Some((owner, place)) = owners.of(&word.region)
            && let Some(own) = of_blocks.get_mut(owner)
        {
            own.push((place, word));
        }
    }
    let mut of_blocks = of_blocks.into_iter();
    for block in blocks {
        block.visit_mut(&mut |block| {
            block.lines = lines(of_blocks.next().unwrap_or_default(), places);
        });
    }
    Ok(())
}

/// Returns true for a block whose words are its own, and not those of blocks inside.
fn holds_words(block: &Block) -> bool {
    matches!(block.kind, BlockKind::Table(_)) || block.parts().iter().all(|blocks| blocks.is_empty())
}

/// Regions by the number of their block.
#[derive(Default)]
struct Owners {
    regions: Vec<(usize, Region)>,
    /// Places in `regions` of those that reach into each band.
    bands: Vec<Vec<usize>>,
    height: f32,
}

impl Owners {
    fn fill_bands(&mut self) {
        let bottoms = self.regions.iter().map(|(_, region)| region.bbox[3]);
        self.height = bottoms.fold(1.0, f32::max);
        self.bands = vec![Vec::new(); BANDS];
        for (place, (_, region)) in self.regions.iter().enumerate() {
            let (first, last) = (self.band(region.bbox[1]), self.band(region.bbox[3]));
            for band in self.bands.iter_mut().take(last + 1).skip(first) {
                if band.len() < MAX_REGIONS {
                    band.push(place);
                }
            }
        }
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "the number of a band"
    )]
    fn band(&self, y: f32) -> usize {
        let band = (y / self.height * BANDS as f32).clamp(0.0, (BANDS - 1) as f32);
        band as usize
    }

    /// Number of the block that a word belongs to, and the place of its region.
    fn of(&self, word: &Region) -> Option<(usize, usize)> {
        let [left, top, right, bottom] = word.bbox;
        let (x, y) = (left.midpoint(right), top.midpoint(bottom));
        let places = self.bands.get(self.band(y))?.iter();
        let regions = places.filter_map(|place| Some((*place, self.regions.get(*place)?)));
        let holding = regions.filter(|(_, (_, region))| {
            let [left, top, right, bottom] = region.bbox;
            (left..=right).contains(&x) && (top..=bottom).contains(&y)
        });
        let area = |region: &Region| {
            let [left, top, right, bottom] = region.bbox;
            (right - left) * (bottom - top)
        };
        let smallest = holding.min_by(|(_, (_, a)), (_, (_, b))| area(a).total_cmp(&area(b)));
        smallest.map(|(place, (owner, _))| (*owner, place))
    }
}

/// Lines of the words of a block, each with the place of its region, in the order in which they are read.
fn lines(words: Vec<(usize, &WordBox)>, places: Places) -> Vec<PlacedLine> {
    let mut levels: Vec<Level<'_>> = words
        .into_iter()
        .map(|(place, word)| Level::of(place, word))
        .collect();
    levels.sort_by(|a, b| {
        let order = (a.place, a.turn).cmp(&(b.place, b.turn));
        order.then(a.middle().total_cmp(&b.middle()))
    });
    let mut rows: Vec<Vec<Level<'_>>> = Vec::new();
    for level in levels {
        match rows.last_mut() {
            Some(row) if row.first().is_some_and(|first| first.is_beside(&level)) => row.push(level),
            _ => rows.push(vec![level]),
        }
    }
    let mut lines = Vec::new();
    for mut row in rows {
        row.sort_by(|a, b| a.bbox[0].total_cmp(&b.bbox[0]));
        let apart =
            |a: &Level<'_>, b: &Level<'_>| b.bbox[0] - a.bbox[2] <= COLUMN_GAP * a.height().max(b.height());
        lines.extend(row.chunk_by(apart).filter_map(|words| line(words, places)));
    }
    lines
}

/// Word with its box turned so that its line is level.
struct Level<'w> {
    /// Place of the region that it is in.
    place: usize,
    /// Quarters of a turn.
    turn: u8,
    bbox: [f32; 4],
    word: &'w WordBox,
}

impl<'w> Level<'w> {
    fn of(place: usize, word: &'w WordBox) -> Self {
        let [left, top, right, bottom] = word.region.bbox;
        let (turn, bbox) = match word.region.angle.unwrap_or_default().rem_euclid(360.0) {
            45.0..135.0 => (1, [top, -right, bottom, -left]),
            135.0..225.0 => (2, [-right, -bottom, -left, -top]),
            225.0..315.0 => (3, [-bottom, left, -top, right]),
            _ => (0, [left, top, right, bottom]),
        };
        Self {
            place,
            turn,
            bbox,
            word,
        }
    }

    fn middle(&self) -> f32 {
        self.bbox[1].midpoint(self.bbox[3])
    }

    fn height(&self) -> f32 {
        self.bbox[3] - self.bbox[1]
    }

    /// Returns true if both are on one level.
    fn is_beside(&self, other: &Self) -> bool {
        let reach = 0.5 * self.height().max(other.height());
        (self.place, self.turn) == (other.place, other.turn) && (self.middle() - other.middle()).abs() < reach
    }
}

fn line(words: &[Level<'_>], places: Places) -> Option<PlacedLine> {
    let texts = || words.iter().map(|level| level.word.text.as_str());
    let right_to_left = is_right_to_left(&texts().collect::<String>());
    let ordered: Vec<&WordBox> = match right_to_left {
        true => words.iter().rev().map(|level| level.word).collect(),
        false => words.iter().map(|level| level.word).collect(),
    };
    let around = |a: [f32; 4], b: [f32; 4]| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])];
    let bbox = ordered.iter().map(|word| word.region.bbox).reduce(around)?;
    let first = ordered.first()?.region;
    let placed = |word: &&WordBox| PlacedWord {
        text: word.text.clone(),
        bbox: word.region.bbox,
        confidence: word.confidence,
    };
    Some(PlacedLine {
        region: Region { bbox, ..first },
        text: ordered
            .iter()
            .map(|word| word.text.as_str())
            .collect::<Vec<_>>()
            .join(" "),
        words: match places {
            Places::Word => ordered.iter().map(placed).collect(),
            Places::Block | Places::Line => Vec::new(),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::{WordBox, give};
    use crate::Limits;
    use crate::ir::{BlockKind, Builder, Inline, Origin, Region};
    use crate::options::Places;

    fn word(text: &str, bbox: [f32; 4], angle: Option<f32>) -> WordBox {
        WordBox {
            text: text.into(),
            region: Region {
                angle,
                ..Region::new(1, bbox)
            },
            confidence: None,
        }
    }

    fn lines_of(regions: &[[f32; 4]], words: &[WordBox], places: Places) -> Vec<Vec<String>> {
        let limits = Limits::default();
        let mut builder = Builder::new(&limits).with_places(places);
        for bbox in regions {
            let origin = Origin {
                regions: vec![Region::new(1, *bbox)],
                ..Origin::default()
            };
            let text = BlockKind::Paragraph(vec![Inline::plain("x")]);
            builder.add_from(text, origin).unwrap();
        }
        let (mut blocks, _) = builder.finish_page().unwrap();
        give(words, &mut blocks, &mut builder).unwrap();
        let texts = |lines: &[crate::ir::PlacedLine]| {
            let words: usize = lines.iter().map(|line| line.words.len()).sum();
            assert_eq!(words > 0, places == Places::Word && !lines.is_empty());
            lines.iter().map(|line| line.text.clone()).collect()
        };
        blocks.iter().map(|block| texts(&block.lines)).collect()
    }

    #[test]
    fn words_are_in_the_lines_of_the_smallest_block_around_them() {
        let words = [
            word("two", [30.0, 10.0, 48.0, 20.0], None),
            word("one", [10.0, 11.0, 28.0, 21.0], None),
            word("below", [10.0, 30.0, 40.0, 40.0], None),
            word("inner", [110.0, 110.0, 140.0, 120.0], None),
            word("nowhere", [500.0, 500.0, 540.0, 510.0], None),
        ];
        let regions = [[0.0, 0.0, 200.0, 200.0], [100.0, 100.0, 150.0, 150.0]];
        for places in [Places::Line, Places::Word] {
            assert_eq!(
                lines_of(&regions, &words, places),
                [
                    vec!["one two".to_owned(), "below".to_owned()],
                    vec!["inner".to_owned()]
                ]
            );
        }
        assert!(lines_of(&regions, &words, Places::Block).concat().is_empty());
    }

    #[test]
    fn turned_and_right_to_left_words_are_read_along_their_line() {
        let down = [
            word("second", [10.0, 50.0, 20.0, 80.0], Some(90.0)),
            word("first", [10.0, 10.0, 20.0, 40.0], Some(90.0)),
        ];
        let page = [[0.0, 0.0, 200.0, 200.0]];
        assert_eq!(lines_of(&page, &down, Places::Line), [["first second"]]);
        let hebrew = [
            word("עולם", [10.0, 10.0, 30.0, 20.0], None),
            word("שלום", [35.0, 10.0, 60.0, 20.0], None),
        ];
        assert_eq!(lines_of(&page, &hebrew, Places::Line), [["שלום עולם"]]);
    }

    #[test]
    fn a_wide_gap_begins_another_line() {
        let words = [
            word("left", [10.0, 10.0, 30.0, 20.0], None),
            word("right", [100.0, 10.0, 130.0, 20.0], None),
        ];
        assert_eq!(
            lines_of(&[[0.0, 0.0, 200.0, 200.0]], &words, Places::Line),
            [["left", "right"]]
        );
    }
}
