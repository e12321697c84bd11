/// What every file begins with: the version, and bytes that tell programs that it is not text.
const HEADER: &[u8] = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n";
/// Bytes of one entry of the cross-reference table.
const ENTRY: usize = 20;
/// Bytes of the trailer, at the most, and of what stands around the table.
const TRAILER: usize = 128;

/// A PDF file while it is written: objects one after another, then the table of their places.
pub(super) struct File {
    bytes: Vec<u8>,
    /// The place of each object, by its number less one.
    places: Vec<usize>,
}

/// How far a [`File`] was written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    bytes: usize,
    objects: usize,
}

impl Mark {
    /// Whether the object had its number already.
    pub(super) fn knows(self, number: usize) -> bool {
        number <= self.objects
    }
}

impl File {
    pub(super) fn new() -> Self {
        Self {
            bytes: HEADER.to_vec(),
            places: Vec::new(),
        }
    }

    /// A number for an object that is written later.
    pub(super) fn number(&mut self) -> usize {
        self.places.push(0);
        self.places.len()
    }

    /// Begins the object, which [`Self::end`] ends.
    pub(super) fn begin(&mut self, number: usize) {
        let place = self.bytes.len();
        if let Some(slot) = number.checked_sub(1).and_then(|index| self.places.get_mut(index)) {
            *slot = place;
        }
        self.put(format!("{number} 0 obj\n").as_bytes());
    }

    pub(super) fn end(&mut self) {
        self.put(b"\nendobj\n");
    }

    pub(super) fn put(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    pub(super) fn mark(&self) -> Mark {
        Mark {
            bytes: self.bytes.len(),
            objects: self.places.len(),
        }
    }

    /// Forgets what was written after `mark`.
    pub(super) fn back_to(&mut self, mark: Mark) {
        self.bytes.truncate(mark.bytes);
        self.places.truncate(mark.objects);
    }

    /// Bytes of the file, if it were finished now.
    pub(super) fn size(&self) -> usize {
        self.bytes.len() + ENTRY * self.places.len() + TRAILER
    }

    /// The whole file; `root` is the number of its catalog.
    pub(super) fn finish(mut self, root: usize) -> Vec<u8> {
        let table = self.bytes.len();
        let count = self.places.len() + 1;
        self.put(format!("xref\n0 {count}\n0000000000 65535 f \n").as_bytes());
        for place in std::mem::take(&mut self.places) {
            let state = if place == 0 { 'f' } else { 'n' };
            self.put(format!("{place:010} 00000 {state} \n").as_bytes());
        }
        self.put(
            format!("trailer\n<</Size {count}/Root {root} 0 R>>\nstartxref\n{table}\n%%EOF\n").as_bytes(),
        );
        self.bytes
    }
}
