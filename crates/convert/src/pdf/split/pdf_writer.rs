/// Start of every file: the version, and bytes that mark it as binary (ISO 32000-1, 7.5.2).
const HEADER: &[u8] = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n";
/// Bytes of an entry of the cross-reference table.
const XREF_ENTRY_BYTES: usize = 20;
/// Bytes of the trailer and of the table's own head, at most.
const MAX_TRAILER_BYTES: usize = 128;

/// Writes a PDF file: objects one after another, then the cross-reference table of their offsets.
pub(in crate::pdf) struct PdfWriter {
    bytes: Vec<u8>,
    /// Offset of each object, by its number less one; 0 until it is written.
    offsets: Vec<usize>,
}

/// Position in a [`PdfWriter`] that it can be rolled back to.
#[derive(Debug, Clone, Copy)]
pub(in crate::pdf) struct Checkpoint {
    bytes: usize,
    objects: usize,
}

impl Checkpoint {
    /// Returns true if the object had its number already.
    pub(in crate::pdf) fn includes(self, number: usize) -> bool {
        number <= self.objects
    }
}

impl PdfWriter {
    pub(in crate::pdf) fn new() -> Self {
        Self {
            bytes: HEADER.to_vec(),
            offsets: Vec::new(),
        }
    }

    /// Reserves a number for an object that is written later.
    pub(in crate::pdf) fn number(&mut self) -> usize {
        self.offsets.push(0);
        self.offsets.len()
    }

    /// Begins an object; [`Self::end`] ends it.
    pub(in crate::pdf) fn begin(&mut self, number: usize) {
        let offset = self.bytes.len();
        if let Some(slot) = number
            .checked_sub(1)
            .and_then(|index| self.offsets.get_mut(index))
        {
            *slot = offset;
        }
        self.put(format!("{number} 0 obj\n").as_bytes());
    }

    pub(in crate::pdf) fn end(&mut self) {
        self.put(b"\nendobj\n");
    }

    pub(in crate::pdf) fn put(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    pub(in crate::pdf) fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            bytes: self.bytes.len(),
            objects: self.offsets.len(),
        }
    }

    /// Undoes everything that was written after `checkpoint`.
    pub(in crate::pdf) fn roll_back(&mut self, checkpoint: Checkpoint) {
        self.bytes.truncate(checkpoint.bytes);
        self.offsets.truncate(checkpoint.objects);
    }

    /// Size of the file in bytes if it were finished now.
    pub(in crate::pdf) fn size(&self) -> usize {
        self.bytes.len() + XREF_ENTRY_BYTES * self.offsets.len() + MAX_TRAILER_BYTES
    }

    /// Finishes the file and returns it; `root` is the number of its catalog.
    pub(in crate::pdf) fn finish(mut self, root: usize) -> Vec<u8> {
        let table = self.bytes.len();
        let count = self.offsets.len() + 1;
        self.put(format!("xref\n0 {count}\n0000000000 65535 f \n").as_bytes());
        for offset in std::mem::take(&mut self.offsets) {
            // A number that was reserved and never written is a free entry.
            let state = if offset == 0 { 'f' } else { 'n' };
            self.put(format!("{offset:010} 00000 {state} \n").as_bytes());
        }
        self.put(
            format!("trailer\n<</Size {count}/Root {root} 0 R>>\nstartxref\n{table}\n%%EOF\n").as_bytes(),
        );
        self.bytes
    }
}
