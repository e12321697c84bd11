mod spend;

use std::collections::HashMap;

use self::spend::{Spent, exceeded};
use super::open::{Frame, OpenKind};
use super::references::{FORWARD_PLACES, resolve};
use super::start::{CellStart, ItemStart, Origin};
use super::{Block, BlockId, BlockKind, Definition, Doubt, DoubtCode, Inline, Item, Place, Severity};
use crate::options::Places;
use crate::pictures::{Pictures, Taken};
use crate::{ConvertError, Images, Limits};

/// Makes the blocks of a document, page by page, and spends its budgets while they are made.
///
/// Containers are opened, filled and closed; a leaf is added whole. What holds nothing is left out. Text is cleaned of
/// control characters; neighbouring runs that look alike are joined.
pub struct Builder<'a> {
    limits: &'a Limits,
    page: u32,
    place: u32,
    root: Vec<Block>,
    open: Vec<Frame>,
    spent: Spent,
    /// Numbers of the blocks that are referred to by a key.
    forward: HashMap<String, u32>,
    /// The blocks by these numbers, as far as they are made.
    targets: Vec<Option<BlockId>>,
    /// First page of each number of a note.
    notes: HashMap<String, u32>,
    removed_controls: bool,
    /// Place of the blocks that say none.
    at: Option<Place>,
    /// Fineness of the boxes that are wanted.
    places: Places,
    pictures: Pictures<'a>,
}

impl<'a> Builder<'a> {
    /// Creates a builder that stands at page 1.
    #[must_use]
    pub fn new(limits: &'a Limits) -> Self {
        Self {
            limits,
            page: 1,
            place: 0,
            root: Vec::new(),
            open: Vec::new(),
            spent: Spent::default(),
            forward: HashMap::new(),
            targets: Vec::new(),
            notes: HashMap::new(),
            removed_controls: false,
            at: None,
            places: Places::default(),
            pictures: Pictures::new(Images::default(), limits),
        }
    }

    /// Creates a builder that takes pictures out of the document, if they are to be.
    pub(crate) fn with_pictures(limits: &'a Limits, images: Images) -> Self {
        Self {
            pictures: Pictures::new(images, limits),
            ..Self::new(limits)
        }
    }

    /// Says how fine the boxes have to be.
    pub(crate) fn with_places(self, places: Places) -> Self {
        Self { places, ..self }
    }

    /// Fineness of the boxes that are wanted.
    pub(crate) fn places(&self) -> Places {
        self.places
    }

    /// Takes a picture of the page, as a file of any format.
    pub(crate) fn picture(&mut self, bytes: &[u8]) -> Taken {
        self.pictures.add_file(self.page, bytes)
    }

    /// The pictures of the document.
    pub(crate) fn pictures(&mut self) -> &mut Pictures<'a> {
        &mut self.pictures
    }

    /// Ends the document, and returns its pictures.
    pub(crate) fn into_pictures(self) -> Pictures<'a> {
        self.pictures
    }

    /// Goes to the page of this number; the pages before have to be finished.
    pub fn begin_page(&mut self, number: u32) {
        self.page = number;
        self.place = 0;
    }

    /// Says the place of the blocks that follow and say none of their own.
    pub(crate) fn stand_at(&mut self, at: Option<Place>) {
        self.at = at;
    }

    /// Place of blocks that say none.
    pub(super) fn place_of_others(&self) -> Option<Place> {
        self.at.clone()
    }

    /// Returns the blocks of the page and its doubts. Containers that are still open are closed; references to blocks
    /// that were not made are taken back.
    ///
    /// # Errors
    /// `LimitExceeded`.
    pub fn finish_page(&mut self) -> Result<(Vec<Block>, Vec<Doubt>), ConvertError> {
        let (mut blocks, doubts) = self.finish_page_ahead()?;
        self.resolve(&mut blocks);
        Ok((blocks, doubts))
    }

    /// [`Self::finish_page`], with references that may be to blocks of later pages: [`Self::resolve`] says when all are
    /// made.
    pub(crate) fn finish_page_ahead(&mut self) -> Result<(Vec<Block>, Vec<Doubt>), ConvertError> {
        while !self.open.is_empty() {
            self.close()?;
        }
        let blocks = std::mem::take(&mut self.root);
        let removed = std::mem::take(&mut self.removed_controls);
        let doubts = removed.then(|| Doubt {
            code: DoubtCode::DirectionControls,
            severity: Severity::Medium,
            message: "characters that change the direction of text were removed".into(),
            share: None,
            blocks: Vec::new(),
        });
        Ok((blocks, doubts.into_iter().collect()))
    }

    /// Says that all blocks are made that these refer to; references to others are taken back.
    pub(crate) fn resolve(&self, blocks: &mut [Block]) {
        if !self.targets.is_empty() {
            resolve(blocks, &self.targets);
        }
    }

    /// Takes the blocks of the page that are whole, so that a writer can go on without waiting for the page's end;
    /// none while a container is open. References ahead are not resolved in them.
    pub fn take_finished(&mut self) -> Vec<Block> {
        if self.open.is_empty() {
            std::mem::take(&mut self.root)
        } else {
            Vec::new()
        }
    }

    /// Adds a block that holds no others to the innermost open container; `None` if it would be empty.
    ///
    /// # Errors
    /// `LimitExceeded`.
    pub fn add(&mut self, kind: BlockKind) -> Result<Option<BlockId>, ConvertError> {
        self.add_from(kind, Origin::default())
    }

    /// [`Self::add`] with what else is known of the block.
    ///
    /// # Errors
    /// `LimitExceeded`.
    pub fn add_from(&mut self, mut kind: BlockKind, origin: Origin) -> Result<Option<BlockId>, ConvertError> {
        self.clean_kind(&mut kind)?;
        if is_void(&kind) {
            return Ok(None);
        }
        let block = self.block(kind, origin)?;
        let id = block.id;
        self.attach(block);
        Ok(Some(id))
    }

    /// Opens a container: a list, definition list, table, figure, quote, footnote or group, given without content.
    /// Everything up to the matching [`Self::close`] belongs to it.
    ///
    /// # Errors
    /// `LimitExceeded`.
    pub fn open(&mut self, kind: BlockKind) -> Result<BlockId, ConvertError> {
        self.open_from(kind, Origin::default())
    }

    /// [`Self::open`] with what else is known of the block.
    ///
    /// # Errors
    /// `LimitExceeded`.
    pub fn open_from(&mut self, mut kind: BlockKind, origin: Origin) -> Result<BlockId, ConvertError> {
        self.clean_kind(&mut kind)?;
        let block = self.block(kind, origin)?;
        let id = block.id;
        self.push(OpenKind::Block(Box::new(block)))?;
        Ok(id)
    }

    /// Opens an item of the list that is open.
    ///
    /// # Errors
    /// `LimitExceeded`.
    pub fn open_item(&mut self, start: ItemStart) -> Result<BlockId, ConvertError> {
        let id = self.next_id()?;
        let marker = start
            .marker
            .map(|marker| self.clean_text(&marker, false))
            .transpose()?;
        self.push(OpenKind::Item(Item {
            id,
            marker,
            checked: start.checked,
            blocks: Vec::new(),
        }))?;
        Ok(id)
    }

    /// Opens the definition of a term in the definition list that is open.
    ///
    /// # Errors
    /// `LimitExceeded`.
    pub fn open_definition(&mut self, term: Vec<Inline>) -> Result<(), ConvertError> {
        let term = self.clean_inlines(term)?;
        self.push(OpenKind::Definition(Definition {
            term,
            blocks: Vec::new(),
        }))
    }

    /// Opens a cell of the table that is open. Of two cells with one position, the later one goes to a row
    /// of its own at the end, so that no text is lost.
    ///
    /// # Errors
    /// `LimitExceeded`.
    pub fn open_cell(&mut self, start: CellStart) -> Result<(), ConvertError> {
        self.spend_cells(1)?;
        self.push(OpenKind::Cell(Box::new(start)))
    }

    /// Adds a cell of plain text to the table that is open.
    ///
    /// # Errors
    /// `LimitExceeded`.
    pub fn cell(&mut self, start: CellStart, text: &str) -> Result<(), ConvertError> {
        self.spend_cells(1)?;
        let text = self.clean_text(text, true)?;
        if let Some(frame) = self.open.last_mut() {
            frame.add_cell(start, text.trim().to_owned(), Vec::new());
        }
        Ok(())
    }

    /// Closes the innermost container.
    ///
    /// # Errors
    /// `LimitExceeded`: a table has too many positions.
    pub fn close(&mut self) -> Result<(), ConvertError> {
        let Some(frame) = self.open.pop() else {
            return Ok(());
        };
        if let Some(block) = frame.close(self.open.last_mut(), self.limits)? {
            self.attach(block);
        }
        Ok(())
    }

    /// Closes containers until `depth` of them are open.
    ///
    /// # Errors
    /// As [`Self::close`].
    pub fn close_to(&mut self, depth: usize) -> Result<(), ConvertError> {
        while self.open.len() > depth {
            self.close()?;
        }
        Ok(())
    }

    /// Number of open containers.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// Id for references to the block that will be made under `key`, which [`Self::define`] says.
    pub fn forward(&mut self, key: &str) -> BlockId {
        BlockId {
            page: 0,
            place: FORWARD_PLACES + self.number_of(key),
        }
    }

    /// Says that the block `id` is the one of `key`.
    pub fn define(&mut self, key: &str, id: BlockId) {
        let number = usize::try_from(self.number_of(key)).unwrap_or(usize::MAX);
        if let Some(target) = self.targets.get_mut(number) {
            *target = Some(id);
        }
    }

    /// Label of a note of the page that is made: its number, with that of the page where another page has it already.
    pub(crate) fn label_of_note(&mut self, number: &str) -> String {
        match *self.notes.entry(number.to_owned()).or_insert(self.page) {
            first if first == self.page => number.to_owned(),
            _ => format!("{}-{number}", self.page),
        }
    }

    fn number_of(&mut self, key: &str) -> u32 {
        if let Some(number) = self.forward.get(key) {
            return *number;
        }
        let number = u32::try_from(self.targets.len()).unwrap_or(u32::MAX - FORWARD_PLACES);
        self.forward.insert(key.to_owned(), number);
        self.targets.push(None);
        number
    }

    pub(super) fn attach(&mut self, block: Block) {
        match self.open.last_mut() {
            Some(frame) => frame.add(block),
            None => self.root.push(block),
        }
    }

    fn push(&mut self, kind: OpenKind) -> Result<(), ConvertError> {
        if self.open.len() >= usize::try_from(self.limits.depth).unwrap_or(usize::MAX) {
            return Err(exceeded(format!(
                "nesting deeper than {} levels",
                self.limits.depth
            )));
        }
        self.open.push(Frame::new(kind));
        Ok(())
    }

    fn block(&mut self, kind: BlockKind, origin: Origin) -> Result<Block, ConvertError> {
        let id = self.next_id()?;
        Ok(Block {
            id,
            kind,
            regions: origin.regions,
            lines: Vec::new(),
            at: origin.at.or_else(|| self.at.clone()),
            range: None,
            continues: origin.continues,
            lang: origin.lang,
            dir: origin.dir,
            confidence: origin.confidence,
            type_confidence: origin.type_confidence,
        })
    }
}

/// Returns true for a leaf without content.
fn is_void(kind: &BlockKind) -> bool {
    if let Some(inlines) = kind.inlines() {
        return inlines.is_empty();
    }
    match kind {
        BlockKind::Code { text, .. } => text.trim().is_empty(),
        BlockKind::Formula(formula) => formula.text.trim().is_empty() && formula.tex.is_none(),
        BlockKind::Toc(entries) => entries.is_empty(),
        BlockKind::Comment(note) | BlockKind::Stamp(note) => note.text.trim().is_empty(),
        _ => false,
    }
}
