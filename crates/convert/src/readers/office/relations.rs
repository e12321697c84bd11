use std::collections::HashMap;

use super::package::{MAX_XML_DEPTH, Package};
use crate::xml::{XmlEvent, XmlReader};

/// Relationship of a part to another (Open Packaging Conventions, ISO/IEC 29500-2, section 8.5).
pub(super) struct Relation {
    pub(super) id: String,
    /// Last segment of the type's URI, such as `chart`.
    pub(super) kind: String,
    /// Name of the other part.
    pub(super) target: String,
}

/// Reads the relationships of a part to other parts of the package.
pub(super) fn of(package: &mut Package<'_>, part: &str) -> Vec<Relation> {
    let (folder, _) = part.rsplit_once('/').unwrap_or(("", part));
    let text = package.text(&part_of(part));
    let Some(text) = text else { return Vec::new() };
    let mut reader = XmlReader::new(&text, MAX_XML_DEPTH);
    let mut relations = Vec::new();
    while let Ok(Some(event)) = reader.next() {
        let XmlEvent::Start(tag) = event else { continue };
        let value = |name: &str| tag.value(name).unwrap_or_default();
        let (target, kind) = (value("Target"), value("Type"));
        if !target.is_empty() && value("TargetMode") != "External" {
            let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
            relations.push(Relation {
                id: value("Id"),
                kind,
                target: resolved(folder, &target),
            });
        }
    }
    relations
}

/// Addresses outside of the package to which relationships of a part lead, by their ids.
pub(super) fn addresses(package: &mut Package<'_>, part: &str) -> HashMap<String, String> {
    let text = package.text(&part_of(part)).unwrap_or_default();
    let mut reader = XmlReader::new(&text, MAX_XML_DEPTH);
    let mut addresses = HashMap::new();
    while let Ok(Some(event)) = reader.next() {
        let XmlEvent::Start(tag) = event else { continue };
        let value = |name: &str| tag.value(name).unwrap_or_default();
        if value("TargetMode") == "External" {
            addresses.insert(value("Id"), value("Target"));
        }
    }
    addresses
}

/// Name of the part that holds the relationships of `part`.
pub(super) fn part_of(part: &str) -> String {
    let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
    let relations = format!("{folder}/_rels/{file}.rels");
    relations.trim_start_matches('/').to_owned()
}

fn resolved(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut steps: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    for step in target.split('/') {
        match step {
            ".." => {
                steps.pop();
            }
            "." | "" => {}
            step => steps.push(step),
        }
    }
    steps.join("/")
}
