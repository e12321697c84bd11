//! Reading order of the shapes of a slide. The file lists them from the back to the front, in the order in which they
//! were drawn; readers go from the upper left.
//!
//! ```text
//!  slide ─► its shapes, with their frames (their own, or those of the placeholder in the layout or the master)
//!        ─► A before B where A is above B in the same column, or left of B in the same row
//!        ─► else the order of the file
//! ```

use std::collections::HashMap;

use super::package::Package;
use super::relations;

/// Shapes beside each other that are put in order, at most: each is compared with all others.
const MAX_SHAPES: usize = 100;
/// Groups within each other whose shapes are put in order.
const MAX_GROUPS: usize = 8;
/// Part of the smaller of two shapes by which they are in one row or column.
const MIN_OVERLAP: f64 = 0.5;

/// Frame of a shape.
#[derive(Debug, Clone, Copy)]
struct Frame {
    left: f64,
    top: f64,
    width: f64,
    height: f64,
}

/// Placeholder by which a shape takes its frame from the layout.
#[derive(Debug, PartialEq, Eq)]
struct Placeholder {
    kind: String,
    index: String,
}

/// Orders the shapes of the slides of a presentation, and keeps the layouts that it has read.
#[derive(Debug, Default)]
pub(super) struct SlideOrder {
    /// Placeholders of a layout and its master, with their frames, by the name of the layout.
    layouts: HashMap<String, Vec<(Placeholder, Frame)>>,
}

impl SlideOrder {
    /// Puts the shapes of a slide in reading order; `None` if they are.
    pub(super) fn ordered(&mut self, package: &mut Package<'_>, part: &str) -> Option<String> {
        let text = package.text(part)?;
        if !text.contains("<a:off ") {
            return None;
        }
        let layout = behind(package, part, "slideLayout").unwrap_or_default();
        let placeholders = self
            .layouts
            .entry(layout)
            .or_insert_with_key(|layout| read_layout(package, layout));
        let (before, after) = text.split_once("<p:spTree>")?;
        let (shapes, after) = after.split_once("</p:spTree>")?;
        let sorted = sorted(shapes, placeholders, MAX_GROUPS)?;
        Some(format!("{before}<p:spTree>{sorted}</p:spTree>{after}"))
    }
}

/// Placeholders of a layout and of the master behind it.
fn read_layout(package: &mut Package<'_>, layout: &str) -> Vec<(Placeholder, Frame)> {
    let master = behind(package, layout, "slideMaster");
    let names = [Some(layout.to_owned()), master];
    let texts = names.into_iter().flatten().filter_map(|name| package.text(&name));
    texts.flat_map(|text| placeholders(&text)).collect()
}

/// Placeholders of a layout that have a frame.
fn placeholders(layout: &str) -> Vec<(Placeholder, Frame)> {
    let tree = layout.split_once("<p:spTree>").map_or("", |(_, tree)| tree);
    let tree = tree.split_once("</p:spTree>").map_or("", |(tree, _)| tree);
    let shapes = children(tree).unwrap_or_default();
    let framed = shapes
        .iter()
        .filter_map(|shape| Some((placeholder(shape)?, own_frame(shape)?)));
    framed.take(MAX_SHAPES).collect()
}

/// Name of the part behind another.
fn behind(package: &mut Package<'_>, part: &str, kind: &str) -> Option<String> {
    let related = relations::of(package, part);
    let found = related.into_iter().find(|relation| relation.kind == kind);
    found.map(|relation| relation.target)
}

/// Puts the elements of a tree of shapes in order; `None` if they are.
fn sorted(tree: &str, layouts: &[(Placeholder, Frame)], groups: usize) -> Option<String> {
    let children = children(tree)?;
    if children.len() > MAX_SHAPES {
        return None;
    }
    let mut changed = false;
    let texts: Vec<String> = children
        .iter()
        .map(|child| match inside_group(child).filter(|_| groups > 0) {
            Some((head, inside, end)) => match sorted(inside, layouts, groups - 1) {
                Some(inside) => {
                    changed = true;
                    format!("{head}{inside}{end}")
                }
                None => (*child).to_owned(),
            },
            None => (*child).to_owned(),
        })
        .collect();
    let frames: Vec<Option<Frame>> = children.iter().map(|child| frame(child, layouts)).collect();
    let order = order(&frames);
    changed |= !order.is_sorted();
    changed.then(|| {
        order
            .iter()
            .filter_map(|&index| texts.get(index))
            .cloned()
            .collect()
    })
}

/// Order in which the shapes are read: of those that have nothing unread before them, the first of the file.
fn order(frames: &[Option<Frame>]) -> Vec<usize> {
    let is_before = |a: usize, b: usize| match (frames.get(a), frames.get(b)) {
        (Some(Some(a)), Some(Some(b))) => a.is_before(b),
        _ => false,
    };
    let mut left: Vec<usize> = (0..frames.len()).collect();
    let mut order = Vec::with_capacity(frames.len());
    while !left.is_empty() {
        let free = left
            .iter()
            .position(|&shape| !left.iter().any(|&other| is_before(other, shape)));
        order.push(left.remove(free.unwrap_or(0)));
    }
    order
}

impl Frame {
    fn is_before(&self, other: &Self) -> bool {
        let overlap = |start: f64, length: f64, other_start: f64, other_length: f64| {
            let shared = (start + length).min(other_start + other_length) - start.max(other_start);
            shared > MIN_OVERLAP * length.min(other_length)
        };
        let in_row = overlap(self.top, self.height, other.top, other.height);
        let in_column = overlap(self.left, self.width, other.left, other.width);
        match (in_row, in_column) {
            (false, true) => self.top < other.top,
            (true, false) => self.left < other.left,
            _ => false,
        }
    }
}

/// Frame of a shape, or of the placeholder that it fills.
fn frame(shape: &str, layouts: &[(Placeholder, Frame)]) -> Option<Frame> {
    // Facts about a group are no shape.
    let start = shape.trim_start();
    if start.starts_with("<p:nvGrpSpPr") || start.starts_with("<p:grpSpPr") {
        return None;
    }
    if let Some(own) = own_frame(shape) {
        return Some(own);
    }
    let filled = placeholder(shape)?;
    let mut known = layouts.iter();
    known
        .find(|(known, _)| known.fits(&filled))
        .map(|(_, frame)| *frame)
}

impl Placeholder {
    fn fits(&self, other: &Self) -> bool {
        if self.index == other.index && !self.index.is_empty() {
            return true;
        }
        let class = |kind: &str| match kind {
            "ctrTitle" | "title" => "title",
            "" | "obj" | "body" => "body",
            _ => "other",
        };
        class(&self.kind) == class(&other.kind) && class(&self.kind) != "other"
    }
}

fn own_frame(shape: &str) -> Option<Frame> {
    let number = |tag: &str, name: &str| attribute(tag, name)?.parse::<f64>().ok();
    let offset = tag(shape, "<a:off ")?;
    let extent = tag(shape, "<a:ext cx=").or_else(|| tag(shape, "<a:ext cy="))?;
    Some(Frame {
        left: number(offset, "x")?,
        top: number(offset, "y")?,
        width: number(extent, "cx")?,
        height: number(extent, "cy")?,
    })
}

fn placeholder(shape: &str) -> Option<Placeholder> {
    let tag = tag(shape, "<p:ph")?;
    Some(Placeholder {
        kind: attribute(tag, "type").unwrap_or_default().to_owned(),
        index: attribute(tag, "idx").unwrap_or_default().to_owned(),
    })
}

fn tag<'p>(part: &'p str, begin: &str) -> Option<&'p str> {
    let at = part.find(begin)?;
    let tag = part.get(at..)?;
    tag.get(..=tag.find('>')?)
}

fn attribute<'p>(tag: &'p str, name: &str) -> Option<&'p str> {
    let (_, value) = tag.split_once(&format!(" {name}=\""))?;
    value.split_once('"').map(|(value, _)| value)
}

/// Head, shapes and end of a group.
fn inside_group(element: &str) -> Option<(&str, &str, &str)> {
    const END: &str = "</p:grpSp>";
    if !element.trim_start().starts_with("<p:grpSp>") || !element.ends_with(END) {
        return None;
    }
    let begin = element.find('>')? + 1;
    let end = element.len() - END.len();
    Some((
        element.get(..begin)?,
        element.get(begin..end)?,
        element.get(end..)?,
    ))
}

/// Elements beside each other, each with the white space before it; `None` if tags do not fit.
fn children(tree: &str) -> Option<Vec<&str>> {
    let (mut children, mut depth, mut begin, mut at) = (Vec::new(), 0_usize, 0, 0);
    while let Some(open) = tree.get(at..)?.find('<') {
        let start = at + open;
        let tag = tree.get(start..)?;
        if tag.starts_with("<!") || tag.starts_with("<?") {
            return None;
        }
        let end = start + tag.find('>')? + 1;
        let tag = tree.get(start..end)?;
        if tag.starts_with("</") {
            depth = depth.checked_sub(1)?;
        } else if !tag.ends_with("/>") {
            depth += 1;
        }
        if depth == 0 {
            children.push(tree.get(begin..end)?);
            begin = end;
        }
        at = end;
    }
    (depth == 0).then_some(children)
}

#[cfg(test)]
mod tests {
    use super::{placeholders, sorted};

    fn shape(name: &str, left: u32, top: u32) -> String {
        format!("<p:sp id=\"{name}\"><a:off x=\"{left}\" y=\"{top}\"/><a:ext cx=\"100\" cy=\"50\"/></p:sp>")
    }

    fn names(tree: &str, layout: &str) -> String {
        let sorted = sorted(tree, &placeholders(layout), 8).unwrap_or_else(|| tree.to_owned());
        sorted
            .split(" id=\"")
            .skip(1)
            .filter_map(|rest| rest.get(..1))
            .collect()
    }

    #[test]
    fn shapes_of_a_column_go_down_and_those_of_a_row_to_the_right() {
        let tree = [shape("c", 0, 200), shape("a", 0, 0), shape("b", 0, 100)].concat();
        assert_eq!(names(&tree, ""), "abc");
        let tree = [shape("b", 200, 5), shape("a", 0, 0)].concat();
        assert_eq!(names(&tree, ""), "ab");
        // Two columns stay as the file has them.
        let tree = [
            shape("a", 0, 0),
            shape("b", 0, 100),
            shape("c", 200, 0),
            shape("d", 200, 100),
        ]
        .concat();
        assert_eq!(names(&tree, ""), "abcd");
        let group = format!("<p:grpSp>{}{}</p:grpSp>", shape("b", 0, 100), shape("a", 0, 0));
        assert_eq!(names(&group, ""), "ab");
    }

    #[test]
    fn a_placeholder_has_the_frame_of_the_layout() {
        let title = "<p:sp id=\"t\"><p:ph type=\"title\"/></p:sp>";
        let layout = "<p:spTree><p:sp><p:ph type=\"title\"/><a:off x=\"0\" y=\"0\"/><a:ext cx=\"100\" cy=\"50\"/></p:sp></p:spTree>";
        let tree = format!("{}{title}", shape("a", 0, 100));
        assert_eq!(names(&tree, layout), "ta");
        assert_eq!(names(&tree, ""), "at");
    }
}
