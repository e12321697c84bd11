//! Drawings of an Excel sheet, which the library leaves out: text boxes and pictures (DrawingML, ISO/IEC 29500-1,
//! section 20.5).

use super::cell_names;
use super::chart::ChartData;
use super::mapping::Mapper;
use super::package::{MAX_XML_DEPTH, Package};
use super::relations;
use crate::ConvertError;
use crate::ir::{BlockKind, Figure, Inline, Origin, Place, Run, Style};
use crate::pictures::Taken;
use crate::xml::{Element, XmlEvent, XmlReader};

/// Objects of the drawings of a sheet, at most.
const MAX_OBJECTS: usize = 10_000;

/// Object of a drawing.
#[derive(Debug, Default)]
pub(super) struct Object {
    /// Cells under it, such as `B2:E6`.
    cells: Option<String>,
    /// Paragraphs of its text.
    paragraphs: Vec<Vec<Inline>>,
    picture: Option<Picture>,
    /// Row and column of the cell under its upper left corner.
    corner: Option<(u32, u32)>,
    /// Part of the chart that it is.
    chart_part: String,
    chart: Option<ChartData>,
}

impl Object {
    /// Place by which the objects of a sheet are read among its tables; one without a place comes last.
    pub(super) fn corner(&self) -> (u32, u32) {
        self.corner.unwrap_or((u32::MAX, u32::MAX))
    }

    /// Takes its chart out of those of the sheet; false if it is a chart that cannot be read.
    pub(super) fn take_chart(&mut self, charts: &mut Vec<(String, ChartData)>) -> bool {
        if self.chart_part.is_empty() {
            return true;
        }
        let found = charts.iter().position(|(part, _)| *part == self.chart_part);
        self.chart = found.map(|index| charts.remove(index).1);
        self.chart.is_some()
    }
}

#[derive(Debug, Default)]
struct Picture {
    /// Part of the package.
    part: String,
    alt: String,
}

/// Reads the text boxes and pictures in the drawings of a sheet, in their order.
pub(super) fn of_sheet(package: &mut Package<'_>, sheet: &str) -> Vec<Object> {
    let related = relations::of(package, sheet);
    let mut objects = Vec::new();
    for drawing in related.into_iter().filter(|relation| relation.kind == "drawing") {
        let Some(text) = package.text(&drawing.target) else {
            continue;
        };
        let parts = relations::of(package, &drawing.target);
        let part_of = |id: &str| {
            let part = parts.iter().find(|relation| relation.id == id);
            part.map(|part| part.target.clone())
        };
        read(&text, &part_of, &mut objects);
    }
    objects
}

/// Adds the objects to the sheet of this name.
pub(super) fn add(
    objects: &[Object],
    sheet: &str,
    package: &mut Package<'_>,
    mapper: &mut Mapper<'_, '_>,
) -> Result<(), ConvertError> {
    for object in objects {
        let origin = || Origin {
            at: object
                .cells
                .as_ref()
                .map(|cells| Place::Cells(format!("{sheet}!{cells}"))),
            ..Origin::default()
        };
        if let Some(chart) = &object.chart {
            chart.add(mapper)?;
        }
        for paragraph in &object.paragraphs {
            mapper.ledger.found(1);
            mapper.ledger.placed();
            let kind = BlockKind::Paragraph(paragraph.clone());
            mapper.builder.add_from(kind, origin())?;
        }
        let Some(picture) = &object.picture else { continue };
        let taken = match mapper.builder.pictures().are_wanted() {
            true => match package.bytes(&picture.part) {
                Some(bytes) => mapper.builder.picture(&bytes),
                None => Taken::LeftOut,
            },
            false => Taken::LeftOut,
        };
        let alt = Some(picture.alt.trim()).filter(|alt| !alt.is_empty());
        if alt.is_none() && taken == Taken::Decoration {
            continue;
        }
        mapper.ledger.found(u64::from(alt.is_some()));
        if alt.is_some() {
            mapper.ledger.placed();
        }
        let figure = Figure {
            image: taken.name(),
            alt: alt.map(str::to_owned),
            ..Figure::default()
        };
        mapper.builder.add_from(BlockKind::Figure(figure), origin())?;
    }
    Ok(())
}

fn read(text: &str, part_of: &dyn Fn(&str) -> Option<String>, objects: &mut Vec<Object>) {
    let mut scan = Scan {
        part_of,
        objects,
        object: Object::default(),
        corners: Vec::new(),
        paragraph: Vec::new(),
        style: Style::default(),
        leaf: Leaf::Other,
        fallback: 0,
    };
    let mut reader = XmlReader::new(text, MAX_XML_DEPTH);
    while let Ok(Some(event)) = reader.next() {
        match event {
            XmlEvent::Start(tag) => scan.start(&tag),
            XmlEvent::End { name } => scan.end(crate::xml::local(&name)),
            XmlEvent::Text(text) => scan.text(&text),
        }
    }
}

struct Scan<'a> {
    part_of: &'a dyn Fn(&str) -> Option<String>,
    objects: &'a mut Vec<Object>,
    object: Object,
    /// Columns and rows of the corners of the anchor, in turn.
    corners: Vec<u32>,
    paragraph: Vec<Inline>,
    style: Style,
    leaf: Leaf,
    /// Open elements of content for programs that do not know the one beside it.
    fallback: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Leaf {
    Text,
    Number,
    Other,
}

impl Scan<'_> {
    fn start(&mut self, tag: &Element<'_>) {
        self.leaf = Leaf::Other;
        let is_on = |name: &str| matches!(tag.value(name).as_deref(), Some("1" | "true"));
        match tag.local_name() {
            "Fallback" => self.fallback += 1,
            _ if self.fallback > 0 => {}
            "twoCellAnchor" | "oneCellAnchor" | "absoluteAnchor" => self.corners.clear(),
            "sp" | "pic" | "graphicFrame" => self.object = Object::default(),
            "chart" => {
                let id = tag.attributes().find(|(key, _)| crate::xml::local(key) == "id");
                let part = id.and_then(|(_, id)| (self.part_of)(&id));
                self.object.chart_part = part.unwrap_or_default();
            }
            "col" | "row" => self.leaf = Leaf::Number,
            "cNvPr" => {
                let alt = tag.value("descr").unwrap_or_default();
                self.object.picture = Some(Picture {
                    part: String::new(),
                    alt,
                });
            }
            "blip" => {
                let attributes = tag.attributes();
                let mut ids = attributes.filter(|(key, _)| crate::xml::local(key) == "embed");
                let part = ids.next().and_then(|(_, id)| (self.part_of)(&id));
                let picture = self.object.picture.get_or_insert_default();
                if picture.part.is_empty() {
                    picture.part = part.unwrap_or_default();
                }
            }
            "p" => self.paragraph.clear(),
            "r" | "fld" => self.style = Style::default(),
            "rPr" => {
                self.style.bold = is_on("b");
                self.style.italic = is_on("i");
            }
            "br" => self.paragraph.push(Inline::Break),
            "t" => self.leaf = Leaf::Text,
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.fallback > 0 {
            return;
        }
        match self.leaf {
            Leaf::Text => self.paragraph.push(Inline::Run(Run::styled(text, self.style))),
            Leaf::Number if self.corners.len() < 4 => self.corners.extend(text.trim().parse::<u32>()),
            Leaf::Number | Leaf::Other => {}
        }
    }

    fn end(&mut self, name: &str) {
        self.leaf = Leaf::Other;
        match name {
            "Fallback" => self.fallback = self.fallback.saturating_sub(1),
            _ if self.fallback > 0 => {}
            "p" => {
                let paragraph = std::mem::take(&mut self.paragraph);
                if paragraph.iter().any(|inline| !inline.text().trim().is_empty()) {
                    self.object.paragraphs.push(paragraph);
                }
            }
            "sp" | "pic" => self.close(name == "pic"),
            "graphicFrame" => self.close_chart(),
            _ => {}
        }
    }

    /// Ends a shape or a picture. A shape that is filled with a picture and has no text shows that.
    fn close(&mut self, is_picture: bool) {
        let mut object = std::mem::take(&mut self.object);
        let shows =
            |picture: &Picture| !picture.part.is_empty() || is_picture && !picture.alt.trim().is_empty();
        object.picture = object
            .picture
            .filter(|picture| shows(picture) && (is_picture || object.paragraphs.is_empty()));
        if object.paragraphs.is_empty() && object.picture.is_none() || self.objects.len() >= MAX_OBJECTS {
            return;
        }
        self.place(object);
    }

    /// Ends a frame, which may hold a chart.
    fn close_chart(&mut self) {
        let object = std::mem::take(&mut self.object);
        if !object.chart_part.is_empty() && self.objects.len() < MAX_OBJECTS {
            self.place(Object {
                picture: None,
                ..object
            });
        }
    }

    /// Adds an object with its place.
    fn place(&mut self, mut object: Object) {
        object.corner = match self.corners.as_slice() {
            [left, top, ..] => Some((*top, *left)),
            _ => None,
        };
        object.cells = match self.corners.as_slice() {
            [left, top, right, bottom] => {
                let (first, last) = (cell_names::name(*top, *left), cell_names::name(*bottom, *right));
                Some(format!("{first}:{last}"))
            }
            [left, top, ..] => Some(cell_names::name(*top, *left)),
            _ => None,
        };
        self.objects.push(object);
    }
}

#[cfg(test)]
mod tests {
    use super::{Object, read};
    use crate::ir::inlines_text;

    fn objects(drawing: &str) -> Vec<Object> {
        let mut objects = Vec::new();
        read(drawing, &|id| Some(format!("media/{id}.png")), &mut objects);
        objects
    }

    #[test]
    fn text_boxes_and_pictures_are_read_with_the_cells_under_them() {
        let anchor = "<from><col>1</col><row>1</row></from><to><col>4</col><row>5</row></to>";
        let drawing = format!(
            "<wsDr xmlns:r='r'><twoCellAnchor>{anchor}<sp><nvSpPr><cNvPr descr='no'/></nvSpPr><txBody><p><r><rPr b='1'/>\
             <t>Read</t></r><br/><r><t>this</t></r></p><p/></txBody></sp></twoCellAnchor>\
             <twoCellAnchor>{anchor}<pic><nvPicPr><cNvPr descr='A bridge'/></nvPicPr><blipFill><blip r:embed='7'/></blipFill></pic></twoCellAnchor>\
             <twoCellAnchor>{anchor}<sp><nvSpPr><cNvPr descr='line'/></nvSpPr></sp></twoCellAnchor></wsDr>"
        );
        let objects = objects(&drawing);
        assert_eq!(objects.len(), 2);
        assert_eq!(inlines_text(&objects[0].paragraphs[0]), "Read\nthis");
        assert!(objects[0].picture.is_none());
        assert_eq!(objects[0].cells.as_deref(), Some("B2:E6"));
        let picture = objects[1].picture.as_ref().unwrap();
        assert_eq!(
            (picture.part.as_str(), picture.alt.as_str()),
            ("media/7.png", "A bridge")
        );
    }

    #[test]
    fn content_for_older_programs_is_not_read_twice() {
        let sp = "<sp><txBody><p><r><t>once</t></r></p></txBody></sp>";
        let drawing = format!(
            "<a><AlternateContent><Choice>{sp}</Choice><Fallback>{sp}</Fallback></AlternateContent></a>"
        );
        assert_eq!(objects(&drawing).len(), 1);
    }
}
