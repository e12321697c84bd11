/// Reader of numbers and bytes, the lowest byte of a number first.
pub(super) struct Reader<'a> {
    /// Bytes that are not read yet.
    pub(super) rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Takes so many bytes; `None` where there are fewer.
    pub(super) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    /// Takes a number of four bytes.
    pub(super) fn number(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }
}
