/// Text of a block in pieces between which it can be cut.
#[derive(Default)]
pub(super) struct Pieces {
    /// Text before each part.
    pub(super) head: String,
    /// Number of the pieces of the block that are in the head.
    pub(super) in_head: usize,
    pub(super) items: Vec<String>,
    /// Text between two pieces.
    pub(super) joint: &'static str,
    /// Text behind each part.
    pub(super) tail: String,
    /// Head and tail stand around the parts of a piece too.
    pub(super) frames_parts: bool,
}

impl Pieces {
    /// The same where head and tail stand once.
    pub(super) fn without_frame(mut self) -> Self {
        let head = std::mem::take(&mut self.head);
        let tail = std::mem::take(&mut self.tail);
        self.items.insert(0, head.trim_end().to_owned());
        self.items.push(tail.trim_start().to_owned());
        self.items.retain(|item| !item.is_empty());
        self.frames_parts = false;
        self
    }

    /// The lines of a text.
    pub(super) fn lines(text: &str) -> Self {
        Self {
            items: text.lines().map(str::to_owned).collect(),
            joint: "\n",
            ..Self::default()
        }
    }
}
