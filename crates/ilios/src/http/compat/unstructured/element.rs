use std::fs::File;
use std::io::{self, BufRead, BufReader, Lines};

use serde::Deserialize;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::options::Options;
use crate::app::Spooled;
use crate::http::compat::languages::language;

/// Element as a child has written it.
#[derive(Debug, Deserialize)]
struct Line {
    #[serde(rename = "type")]
    kind: String,
    text: String,
    page: u32,
    #[serde(rename = "pageName")]
    page_name: Option<String>,
    lang: Option<String>,
    depth: Option<usize>,
    html: Option<String>,
    width: Option<f64>,
    height: Option<f64>,
    bbox: Option<[f64; 4]>,
    #[serde(default)]
    links: Vec<(String, String)>,
}

/// Element on its way to a client.
#[derive(Debug, Clone)]
pub(super) struct Element {
    pub(super) kind: String,
    pub(super) id: String,
    pub(super) text: String,
    pub(super) page: u32,
    pub(super) metadata: Map<String, Value>,
}

/// The document that elements are of.
#[derive(Debug, Clone)]
pub(super) struct Origin {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) mime_type: String,
}

/// Elements of a document, read one by one.
pub(super) struct Elements<'a> {
    lines: Lines<BufReader<File>>,
    origin: &'a Origin,
    options: &'a Options,
    count: usize,
    page: Option<u32>,
    /// Titles above, with their depths.
    titles: Vec<(usize, String)>,
    /// An element that comes behind the break of a page.
    waiting: Option<Line>,
}

impl<'a> Elements<'a> {
    pub(super) fn new(lines: &Spooled, origin: &'a Origin, options: &'a Options) -> io::Result<Self> {
        Ok(Self {
            lines: BufReader::new(lines.open()?).lines(),
            origin,
            options,
            count: 0,
            page: None,
            titles: Vec::new(),
            waiting: None,
        })
    }

    fn next_line(&mut self) -> io::Result<Option<Line>> {
        if let Some(line) = self.waiting.take() {
            return Ok(Some(line));
        }
        let line = self.lines.next().transpose()?;
        line.map(|line| serde_json::from_str(&line).map_err(io::Error::from))
            .transpose()
    }

    fn element(&mut self, line: Line) -> Element {
        let Line { kind, text, page, .. } = &line;
        let page = self.options.first_page.saturating_add(page.saturating_sub(1));
        let id = self.id(page, text);
        let mut metadata = self.metadata(&line, page);
        if kind == "Title" {
            let depth = line.depth.unwrap_or_default();
            self.titles.retain(|(above, _)| *above < depth);
        }
        if let Some((_, parent)) = self.titles.last() {
            metadata.insert("parent_id".into(), parent.clone().into());
        }
        if kind == "Title" {
            self.titles.push((line.depth.unwrap_or_default(), id.clone()));
        }
        Element {
            kind: line.kind,
            id,
            text: line.text,
            page,
            metadata,
        }
    }

    fn metadata(&self, line: &Line, page: u32) -> Map<String, Value> {
        let mut metadata = self.origin.metadata(page, self.options, line.lang.as_deref());
        let mut put = |name: &str, value: Value| {
            metadata.insert(name.to_owned(), value);
        };
        if let Some(depth) = line.depth {
            put("category_depth", depth.into());
        }
        if let Some(name) = &line.page_name {
            put("page_name", name.as_str().into());
        }
        if let Some(html) = &line.html {
            put("text_as_html", html.as_str().into());
        }
        if !line.links.is_empty() {
            let (texts, addresses): (Vec<&String>, Vec<&String>) =
                line.links.iter().map(|(text, address)| (text, address)).unzip();
            put("link_texts", json!(texts));
            put("link_urls", json!(addresses));
        }
        if let (true, Some([left, top, right, bottom])) = (self.options.coordinates, line.bbox) {
            put(
                "coordinates",
                json!({
                    "points": [[left, top], [left, bottom], [right, bottom], [right, top]],
                    "system": "PixelSpace",
                    "layout_width": line.width,
                    "layout_height": line.height,
                }),
            );
        }
        metadata
    }

    fn page_break(&mut self, page: u32) -> Element {
        Element {
            kind: "PageBreak".into(),
            id: self.id(page, ""),
            text: String::new(),
            page,
            metadata: self.origin.metadata(page, self.options, None),
        }
    }

    /// The same one for the same element of the same file, unless it has to be unique.
    fn id(&mut self, page: u32, text: &str) -> String {
        self.count += 1;
        self.origin
            .hash(self.options, &format!("{page} {} {text}", self.count))
    }
}

impl Iterator for Elements<'_> {
    type Item = io::Result<Element>;

    fn next(&mut self) -> Option<Self::Item> {
        let line = match self.next_line() {
            Ok(line) => line?,
            Err(error) => return Some(Err(error)),
        };
        let before = self.page.replace(line.page);
        if self.options.page_breaks && before.is_some_and(|before| before < line.page) {
            let page = self
                .options
                .first_page
                .saturating_add(before.unwrap_or_default().saturating_sub(1));
            self.waiting = Some(line);
            return Some(Ok(self.page_break(page)));
        }
        Some(Ok(self.element(line)))
    }
}

impl Origin {
    /// Metadata that everything of the document has.
    pub(super) fn metadata(&self, page: u32, options: &Options, lang: Option<&str>) -> Map<String, Value> {
        let own = lang.and_then(language).into_iter().collect();
        let languages: Vec<String> = if options.languages.is_empty() {
            own
        } else {
            options.languages.clone()
        };
        let mut metadata = Map::new();
        metadata.insert("filename".into(), self.name.as_str().into());
        metadata.insert("filetype".into(), self.mime_type.as_str().into());
        metadata.insert("page_number".into(), page.into());
        if !languages.is_empty() {
            metadata.insert("languages".into(), json!(languages));
        }
        metadata
    }

    pub(super) fn hash(&self, options: &Options, what: &str) -> String {
        let salt = if options.unique_ids { self.id.as_str() } else { "" };
        let hash = Sha256::digest(format!("{salt} {} {what}", self.name));
        let hex: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        match (options.unique_ids, hex.split_at_checked(8)) {
            (true, Some((first, rest))) => {
                let at = |from: usize, to: usize| rest.get(from..to).unwrap_or_default();
                format!("{first}-{}-4{}-a{}-{}", at(0, 4), at(5, 8), at(9, 12), at(12, 24))
            }
            _ => hex,
        }
    }
}
