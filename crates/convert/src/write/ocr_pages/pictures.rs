use super::Parted;
use super::scale::{PixelBox, Scale};
use crate::ir::{BlockKind, Figure, Group, GroupKind, Inline, Page};
use crate::options::OcrPageOptions;
use crate::write::json::{Object, array, integer, object};

/// Names of the edges of a box.
const EDGES: [&str; 4] = ["top_left_x", "top_left_y", "bottom_right_x", "bottom_right_y"];

/// Pictures of a page, with the names that they have in its text.
#[derive(Debug, Default)]
pub(super) struct Pictures(Vec<Picture>);

#[derive(Debug)]
struct Picture {
    id: String,
    /// Name of its bytes, if they were taken out of the document.
    name: Option<String>,
    place: Option<PixelBox>,
}

/// Pictures that are being named.
struct Naming<'a> {
    wanted: &'a OcrPageOptions,
    count: &'a mut u64,
    named: Vec<Picture>,
}

impl Pictures {
    /// Gives each picture of a page its name, and takes those away that are too many or too small.
    pub(super) fn name(
        page: &mut Page,
        wanted: &OcrPageOptions,
        scale: Option<Scale>,
        count: &mut u64,
    ) -> Self {
        let mut naming = Naming {
            wanted,
            count,
            named: Vec::new(),
        };
        for block in &mut page.blocks {
            block.visit_mut(&mut |block| {
                let place = scale.and_then(|scale| scale.pixels_of(block));
                if let BlockKind::Figure(figure) = &mut block.kind {
                    match naming.next(figure.image.take(), place) {
                        Some(id) => {
                            figure.alt = Some(id.clone());
                            figure.image = Some(id);
                        }
                        None => block.kind = without_picture(figure),
                    }
                }
            });
            block.visit_inlines_mut(&mut |inlines| naming.inlines(inlines));
        }
        Self(naming.named)
    }
}

impl Naming<'_> {
    fn inlines(&mut self, inlines: &mut Vec<Inline>) {
        inlines.retain_mut(|inline| {
            let Inline::Run(run) = inline else {
                return true;
            };
            let Some(marks) = run.marks.as_deref_mut().filter(|marks| marks.image.is_some()) else {
                return true;
            };
            let id = self.next(marks.image.take(), None);
            let is_kept = id.is_some();
            run.text = id.clone().unwrap_or_default();
            marks.image = id;
            is_kept
        });
    }

    /// The name of the next picture; `None` if it is left out.
    fn next(&mut self, name: Option<String>, place: Option<PixelBox>) -> Option<String> {
        let limit = self.wanted.image_limit.map_or(u64::MAX, u64::from);
        let is_small = self.wanted.image_min_size.is_some_and(|least| {
            place.is_some_and(|[left, top, right, bottom]| right - left < least || bottom - top < least)
        });
        if *self.count >= limit || is_small {
            return None;
        }
        let extension = name.as_deref().and_then(extension).unwrap_or("jpeg");
        let id = format!("img-{}.{extension}", self.count);
        *self.count += 1;
        self.named.push(Picture {
            id: id.clone(),
            name,
            place,
        });
        Some(id)
    }
}

/// The extension of a picture's name.
fn extension(name: &str) -> Option<&str> {
    let (_, extension) = name.rsplit_once('.')?;
    let is_plain = (1..=5).contains(&extension.len()) && extension.bytes().all(|b| b.is_ascii_alphanumeric());
    is_plain.then_some(if extension == "jpg" { "jpeg" } else { extension })
}

/// Rest of a figure without its picture: the data of a chart.
fn without_picture(figure: &mut Figure) -> BlockKind {
    match figure.data.take() {
        Some(data) => BlockKind::Table(data),
        None => BlockKind::Group(Group {
            kind: GroupKind::Section,
            title: None,
            blocks: Vec::new(),
        }),
    }
}

pub(super) fn write_pictures(parted: &Parted, wanted: &OcrPageOptions, out: &mut String) {
    array(out, &parted.pictures.0, |picture, out| {
        object(out, |json| {
            json.text("id", &picture.id);
            match picture.place {
                Some(place) => write_box(place, json),
                None => EDGES.iter().for_each(|edge| json.key(edge).push_str("null")),
            }
            json.key("image_base64").push_str("null");
            json.key("image_annotation").push_str("null");
            if wanted.image_names {
                json.text_if("name", picture.name.as_deref());
            }
        });
    });
}

/// Writes the edges of a box.
pub(super) fn write_box(place: PixelBox, json: &mut Object<'_>) {
    for (name, edge) in EDGES.iter().zip(place) {
        integer(edge, json.key(name));
    }
}
