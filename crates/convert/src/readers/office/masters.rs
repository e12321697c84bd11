//! Pictures of the layout and the master of a slide, which show behind its own content (PresentationML, ISO/IEC 29500-1,
//! section 19.3). The library does not report them.

use std::collections::HashMap;

use super::mapping::Mapper;
use super::package::{MAX_XML_DEPTH, Package};
use super::relations;
use crate::ConvertError;
use crate::ir::{BlockKind, Figure};
use crate::pictures::Taken;
use crate::xml::{XmlEvent, XmlReader, local};

/// Pictures of one part, at most.
const MAX_PICTURES: usize = 100;

/// Layouts and masters of a presentation, each read once.
#[derive(Debug, Default)]
pub(super) struct Masters {
    parts: HashMap<String, Behind>,
}

/// A slide, layout or master.
#[derive(Debug, Clone, Default)]
struct Behind {
    pictures: Vec<Picture>,
    /// It does not show what is behind it.
    hides: bool,
    /// Part behind it.
    next: Option<String>,
}

#[derive(Debug, Clone, Default)]
struct Picture {
    part: String,
    alt: String,
}

impl Masters {
    /// Adds the pictures behind a slide, if pictures are to be taken out.
    pub(super) fn add(
        &mut self,
        slide: &str,
        package: &mut Package<'_>,
        mapper: &mut Mapper<'_, '_>,
    ) -> Result<(), ConvertError> {
        if !mapper.builder.pictures().are_wanted() {
            return Ok(());
        }
        let own = read(package, slide, "slideLayout");
        let layout = own
            .next
            .filter(|_| !own.hides)
            .map(|part| self.part(package, &part, "slideMaster"));
        let Some(layout) = layout else { return Ok(()) };
        let master = layout.next.filter(|_| !layout.hides);
        let master = master.map(|part| self.part(package, &part, ""));
        // Those of a master are on most slides, where their names would be repeated.
        let unnamed = |picture| Picture {
            alt: String::new(),
            ..picture
        };
        let master = master.into_iter().flat_map(|master| master.pictures).map(unnamed);
        for picture in layout.pictures.into_iter().chain(master) {
            let Some(bytes) = package.bytes(&picture.part) else {
                continue;
            };
            let Taken::Kept(name) = mapper.builder.picture(&bytes) else {
                continue;
            };
            let alt = Some(picture.alt.trim().to_owned()).filter(|alt| !alt.is_empty());
            if alt.is_some() {
                mapper.ledger.found(1);
                mapper.ledger.placed();
            }
            mapper.builder.add(BlockKind::Figure(Figure {
                image: Some(name),
                alt,
                ..Figure::default()
            }))?;
        }
        Ok(())
    }

    fn part(&mut self, package: &mut Package<'_>, part: &str, behind: &str) -> Behind {
        if let Some(known) = self.parts.get(part) {
            return known.clone();
        }
        let read = read(package, part, behind);
        self.parts.insert(part.to_owned(), read.clone());
        read
    }
}

/// Reads a part, behind which is the one of the relationship of this kind.
fn read(package: &mut Package<'_>, part: &str, behind: &str) -> Behind {
    let text = package.text(part).unwrap_or_default();
    let related = relations::of(package, part);
    let target = |is: &dyn Fn(&relations::Relation) -> bool| {
        let found = related.iter().find(|relation| is(relation));
        found.map(|relation| relation.target.clone())
    };
    let mut found = Behind {
        next: target(&|relation| relation.kind == behind),
        ..Behind::default()
    };
    let (mut picture, mut is_placeholder, mut is_root) = (None::<Picture>, false, true);
    let mut reader = XmlReader::new(&text, MAX_XML_DEPTH);
    while let Ok(Some(event)) = reader.next() {
        match event {
            XmlEvent::Start(tag) => {
                if std::mem::take(&mut is_root) {
                    found.hides = matches!(tag.value("showMasterSp").as_deref(), Some("0" | "false"));
                }
                match (tag.local_name(), &mut picture) {
                    ("pic", _) => (picture, is_placeholder) = (Some(Picture::default()), false),
                    ("ph", Some(_)) => is_placeholder = true,
                    ("cNvPr", Some(picture)) => picture.alt = tag.value("descr").unwrap_or_default(),
                    ("blip", Some(picture)) => {
                        let mut attributes = tag.attributes();
                        let id = attributes
                            .find(|(key, _)| local(key) == "embed")
                            .map(|(_, id)| id);
                        let part = id.and_then(|id| target(&|relation| relation.id == *id));
                        picture.part = part.unwrap_or_default();
                    }
                    _ => {}
                }
            }
            XmlEvent::End { name } if local(&name) == "pic" => {
                let shown = picture
                    .take()
                    .filter(|picture| !is_placeholder && !picture.part.is_empty());
                found
                    .pictures
                    .extend(shown.filter(|_| found.pictures.len() < MAX_PICTURES));
            }
            XmlEvent::End { .. } | XmlEvent::Text(_) => {}
        }
    }
    found
}
