//! HTML → blocks: html5ever builds the tree, [`walk`] goes through it once, and everything that it leaves out is counted.

mod address;
mod attributes;
mod elements;
mod facts;
mod line;
mod look;
mod main_content;
mod metadata;
mod parse;
mod path;
mod rows;
mod sink;
mod tree;
mod walk;

use std::collections::{HashMap, HashSet};

use encoding_rs::Encoding;

pub(crate) use self::elements::{HasAttributes, Mark, code_language, heading, is_block, list, mark};
pub(crate) use self::rows::{Cell, Rows, push_alignment};

use self::facts::Facts;
use self::tree::Tree;
use self::walk::Walk;
use super::Reading;
use super::decode::decode;
use crate::ir::Builder;
use crate::options::Boilerplate;
use crate::{ConvertError, Limits, Options, Warning};

/// Bytes in which HTML declares its encoding (WHATWG HTML, section 13.2.3.2).
const PRESCAN: usize = 1024;

/// Reads a page without scripts, styles and comments; nothing is fetched.
pub(super) fn read(bytes: &[u8], options: &Options, limits: &Limits) -> Result<Reading, ConvertError> {
    let mut builder = Builder::with_pictures(limits, options.output.images);
    let page = ParsedPage::parse(&decode(bytes, declared_encoding(bytes)), limits)?;
    let boilerplate = match options.output.boilerplate {
        Boilerplate::Keep => HashSet::new(),
        Boilerplate::Drop => main_content::surroundings(&page.tree),
    };
    let attached = Attached::default();
    let walk = Walk::new(&page.tree, &page.facts, &mut builder, &attached).with_paths();
    let warnings = walk.without(boilerplate).run()?;
    let facts = page.facts;
    let mut reading = Reading::of_one_page(&mut builder)?;
    for page in &mut reading.pages {
        page.lang.clone_from(&facts.lang);
    }
    reading.metadata = facts.metadata;
    reading.warnings = warnings;
    Ok(reading.with_pictures(builder.into_pictures()))
}

/// Adds the blocks of a page, or of a part of one, to the page on which `builder` stands, and says what was left out.
///
/// # Errors
/// `LimitExceeded`.
pub(crate) fn read_blocks(
    html: &str,
    builder: &mut Builder<'_>,
    limits: &Limits,
) -> Result<Vec<Warning>, ConvertError> {
    ParsedPage::parse(html, limits)?.add_to(builder, &Attached::default())
}

/// Files that come with a page, by the names that its addresses have for them behind `cid:`.
pub(super) type Attached<'a> = HashMap<&'a str, &'a [u8]>;

/// Page that is parsed, and whose blocks are not made yet.
pub(super) struct ParsedPage {
    tree: Tree,
    facts: Facts,
}

impl ParsedPage {
    /// Parses a page.
    ///
    /// # Errors
    /// `LimitExceeded`: it nests too deep, has too many attributes or goes on with formatting in too many blocks.
    pub(super) fn parse(html: &str, limits: &Limits) -> Result<Self, ConvertError> {
        if attributes::are_too_many(html) {
            return Err(ConvertError::LimitExceeded {
                what: format!(
                    "an element with more than {} attributes",
                    attributes::MAX_ATTRIBUTES
                ),
            });
        }
        let tree = parse::parse(html, limits)?;
        let facts = Facts::of(&tree);
        Ok(Self { tree, facts })
    }

    /// Returns true if the page has no text.
    pub(super) fn is_empty(&self) -> bool {
        self.tree.units(0) == 0
    }

    /// Adds its blocks to the page on which `builder` stands, and says what was left out.
    pub(super) fn add_to(
        self,
        builder: &mut Builder<'_>,
        attached: &Attached<'_>,
    ) -> Result<Vec<Warning>, ConvertError> {
        Walk::new(&self.tree, &self.facts, builder, attached).run()
    }
}

/// `charset=` of a `meta` element or of an XML declaration's `encoding=`.
pub(super) fn declared_encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(bytes.get(..PRESCAN).unwrap_or(bytes)).to_ascii_lowercase();
    ["charset=", "encoding="].iter().find_map(|key| {
        let (_, value) = head.split_once(key)?;
        let value = value.trim_start_matches(['"', '\'', ' ']);
        let end = value
            .find(|c: char| !(c.is_ascii_alphanumeric() || "-_:.".contains(c)))
            .unwrap_or(value.len());
        Encoding::for_label(value.get(..end)?.as_bytes())
    })
}
