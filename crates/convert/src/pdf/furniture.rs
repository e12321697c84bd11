use super::layer::Layer;

/// Pages on either side of one that are compared with it.
pub(super) const NEAR: usize = 8;
/// The share of the page's height, at its top and at its bottom, where running lines stand.
const ZONE: f32 = 0.12;
/// A line repeats on so many pages at least.
const LEAST: usize = 3;
/// Lines at one place differ by no more points.
const PLACE: f32 = 3.0;

/// A line near the upper or lower edge of a page.
struct Edge {
    /// Its words, with every number as `#`.
    key: String,
    /// Its only number, less that of the page.
    offset: Option<i64>,
    top: bool,
    /// Distance of its baseline from the edge.
    place: f32,
    size: f32,
    spans: Vec<usize>,
}

/// What stands at the edges of the pages that have been read: running headers and footers, and page numbers.
#[derive(Default)]
pub(super) struct Furniture {
    pages: Vec<Vec<Edge>>,
}

impl Furniture {
    /// Takes notice of the next page.
    pub(super) fn note(&mut self, layer: Option<&Layer>) {
        self.pages.push(layer.map_or_else(Vec::new, edges));
    }

    /// Takes out of the `index`th page what most pages around it have at the same place. Returns whether
    /// there was any. A page that has nothing else keeps it.
    pub(super) fn drop(&self, index: usize, layer: &mut Layer) -> bool {
        let Some(own) = self.pages.get(index) else {
            return false;
        };
        let near = self
            .pages
            .get(index.saturating_sub(NEAR)..self.pages.len().min(index + NEAR + 1))
            .unwrap_or_default();
        let running: Vec<&Edge> = own.iter().filter(|edge| edge.runs_on(near)).collect();
        let apart: Vec<&Edge> = [true, false]
            .into_iter()
            .flat_map(|top| set_apart(&running, layer, top))
            .collect();
        let mut keep = vec![true; layer.spans.len()];
        for &span in apart.iter().flat_map(|edge| &edge.spans) {
            if let Some(keep) = keep.get_mut(span) {
                *keep = false;
            }
        }
        let left = layer.spans.iter().zip(&keep);
        let empty = left
            .filter(|(span, keep)| **keep && !span.text.trim().is_empty())
            .count()
            == 0;
        if apart.is_empty() || empty {
            return false;
        }
        let mut keep = keep.into_iter();
        layer.spans.retain(|_| keep.next().unwrap_or(true));
        true
    }
}

impl Edge {
    /// Whether most of the pages have the line.
    fn runs_on(&self, pages: &[Vec<Self>]) -> bool {
        let count = pages
            .iter()
            .filter(|edges| edges.iter().any(|edge| self.is_again(edge)))
            .count();
        // Left and right pages may have a line each.
        count >= LEAST && 2 * count + 1 >= pages.len()
    }

    fn is_again(&self, other: &Self) -> bool {
        let same = self.key == other.key && self.top == other.top && (self.place - other.place).abs() < PLACE;
        let words = self.key.chars().filter(|c| c.is_alphabetic()).count() > 2;
        same && (words || self.offset.is_some() && self.offset == other.offset)
    }
}

/// The lines of the upper or lower edge that more than a line's pitch parts from the text: the head of a
/// table that is repeated on each page is not among them.
fn set_apart<'a>(running: &[&'a Edge], layer: &Layer, top: bool) -> Vec<&'a Edge> {
    let mut edges: Vec<&Edge> = running.iter().copied().filter(|edge| edge.top == top).collect();
    edges.sort_by(|a, b| b.place.total_cmp(&a.place));
    while let Some(edge) = edges.first() {
        if next_inwards(&edges, layer, edge) - edge.place > 1.7 * edge.size {
            break;
        }
        edges.remove(0);
    }
    edges
}

/// The place of the nearest text on the page's side of the line that is not one of `edges`.
fn next_inwards(edges: &[&Edge], layer: &Layer, edge: &Edge) -> f32 {
    let text = layer.spans.iter().enumerate().filter(|(index, span)| {
        !span.text.trim().is_empty() && !edges.iter().any(|edge| edge.spans.contains(index))
    });
    text.map(|(_, span)| distance(layer, span.y, edge.top))
        .filter(|&place| place > edge.place)
        .fold(f32::INFINITY, f32::min)
}

fn distance(layer: &Layer, y: f32, top: bool) -> f32 {
    if top {
        layer.shown.ury - y
    } else {
        y - layer.shown.lly
    }
}

fn edges(layer: &Layer) -> Vec<Edge> {
    if layer.rotation != 0 {
        return Vec::new();
    }
    let zone = ZONE * layer.shown.height();
    let mut edges: Vec<Edge> = Vec::new();
    for top in [true, false] {
        let mut spans: Vec<(f32, usize)> = layer
            .spans
            .iter()
            .enumerate()
            .filter(|(_, span)| !span.is_rotated() && !span.text.trim().is_empty())
            .map(|(index, span)| (distance(layer, span.y, top), index))
            .filter(|&(place, _)| place < zone)
            .collect();
        spans.sort_by(|a, b| a.0.total_cmp(&b.0));
        for row in spans.chunk_by(|a, b| b.0 - a.0 < 2.0) {
            edges.extend(edge(layer, row, top));
        }
    }
    edges
}

/// The spans of one row as a line.
fn edge(layer: &Layer, row: &[(f32, usize)], top: bool) -> Option<Edge> {
    let mut row: Vec<(f32, usize)> = row.to_vec();
    row.sort_by(|a, b| layer.spans[a.1].x.total_cmp(&layer.spans[b.1].x));
    let place = row.first()?.0;
    let words: Vec<&str> = row
        .iter()
        .map(|&(_, index)| layer.spans[index].text.trim())
        .collect();
    let (key, numbers) = normalized(&words.join(" "));
    let offset = match numbers.as_slice() {
        [number] | [number, _] => Some(number - i64::from(layer.number)),
        _ => None,
    };
    Some(Edge {
        key,
        offset,
        top,
        place,
        size: row
            .iter()
            .map(|&(_, index)| layer.spans[index].font_size)
            .fold(0.0, f32::max),
        spans: row.into_iter().map(|(_, index)| index).collect(),
    })
}

/// The text without white space, numbers as `#`; and the numbers.
fn normalized(text: &str) -> (String, Vec<i64>) {
    let (mut key, mut numbers, mut digits) = (String::new(), Vec::new(), String::new());
    for c in text.chars().chain([' ']) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        if !digits.is_empty() {
            key.push('#');
            numbers.extend(digits.parse::<i64>());
            digits.clear();
        }
        if !c.is_whitespace() {
            key.push(c);
        }
    }
    (key, numbers)
}
