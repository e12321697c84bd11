use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Id of a block: its page and its place in the page, both from 1. Written `p3b7`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct BlockId {
    /// 1-based number of the page.
    pub page: u32,
    /// 1-based place among the blocks and list items of the page, in reading order; an outer block is before those
    /// that it holds.
    pub place: u32,
}

impl fmt::Display for BlockId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "p{}b{}", self.page, self.place)
    }
}

impl FromStr for BlockId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = |digits: &str| {
            let plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
            digits.parse().ok().filter(|_| plain)
        };
        text.strip_prefix('p')
            .and_then(|rest| rest.split_once('b'))
            .and_then(|(page, place)| {
                Some(Self {
                    page: number(page)?,
                    place: number(place)?,
                })
            })
            .ok_or_else(|| "takes the id of a block, such as p3b7".into())
    }
}

/// Region of a page: a box, in the unit of the page, from its upper left corner as a viewer shows it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Region {
    /// 1-based number of the page.
    pub page: u32,
    /// Left, top, right and bottom edge.
    pub bbox: [f32; 4],
    /// Degrees by which its text is turned clockwise, if it is.
    pub angle: Option<f32>,
}

impl Region {
    /// Creates a region of upright text.
    #[must_use]
    pub fn new(page: u32, bbox: [f32; 4]) -> Self {
        Self {
            page,
            bbox,
            angle: None,
        }
    }
}

/// Line of the text of a block, as it stands on the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlacedLine {
    /// Box around it.
    pub region: Region,
    /// Its text.
    pub text: String,
    /// Its words, if their boxes are wanted.
    pub words: Vec<PlacedWord>,
}

/// Word as it stands on the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlacedWord {
    /// Its text.
    pub text: String,
    /// Left, top, right and bottom edge.
    pub bbox: [f32; 4],
    /// Confidence in it, 0 to 1, where it was recognized.
    pub confidence: Option<f32>,
}

/// Place of a block in a document without pages of a size.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Place {
    /// Range of cells, such as `Sheet1!B3:D9`.
    Cells(String),
    /// Path in a tree of elements, such as `html/body/div[3]/p[1]`.
    Path(String),
    /// First and last line of a text, from 1.
    Lines(u32, u32),
    /// Message of a mailbox or a conversation, from 1.
    Message(u32),
}
