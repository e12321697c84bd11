//! Entries of the metadata of an ONNX file, which is one message of Protocol Buffers.

/// Number of the field of a model with an entry of its metadata.
const METADATA: u64 = 14;
/// Numbers of the fields of such an entry.
const KEY: u64 = 1;
const VALUE: u64 = 2;

/// Value of the entry `key`.
pub(crate) fn metadata<'a>(model: &'a [u8], key: &str) -> Option<&'a str> {
    let entries = Fields(model).filter(|(number, _)| *number == METADATA);
    let mut entries = entries.map(|(_, entry)| entry);
    let is_named = |entry: &&[u8]| field(entry, KEY) == Some(key.as_bytes());
    let entry = entries.find(is_named)?;
    std::str::from_utf8(field(entry, VALUE)?).ok()
}

fn field(message: &[u8], number: u64) -> Option<&[u8]> {
    let mut fields = Fields(message);
    let (_, value) = fields.find(|(own, _)| *own == number)?;
    Some(value)
}

/// Fields of a message with their numbers; those of a number have no bytes. Ends at what is malformed.
struct Fields<'a>(&'a [u8]);

impl<'a> Iterator for Fields<'a> {
    type Item = (u64, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let tag = self.number()?;
        let length = match tag & 7 {
            0 => {
                self.number()?;
                0
            }
            1 => 8,
            2 => usize::try_from(self.number()?).ok()?,
            5 => 4,
            _ => return None,
        };
        let (value, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some((tag >> 3, value))
    }
}

impl Fields<'_> {
    /// Number of seven bits a byte, the lowest first.
    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let (&byte, rest) = self.0.split_first()?;
            self.0 = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::metadata;

    /// Field of bytes.
    fn bytes(number: u8, value: &[u8]) -> Vec<u8> {
        let length = u8::try_from(value.len()).unwrap();
        [&[number << 3 | 2, length], value].concat()
    }

    #[test]
    fn entries_of_the_metadata_are_found_behind_other_fields() {
        let entry = |key: &[u8], value: &[u8]| bytes(14, &[bytes(1, key), bytes(2, value)].concat());
        let model = [
            vec![1 << 3, 0xff, 0x01],
            bytes(7, b"graph"),
            entry(b"shape", b"48"),
            entry(b"character", "a\nß".as_bytes()),
        ]
        .concat();
        assert_eq!(metadata(&model, "character"), Some("a\nß"));
        assert_eq!(metadata(&model, "shape"), Some("48"));
        assert_eq!(metadata(&model, "other"), None);
        for end in 0..model.len() {
            assert_eq!(metadata(&model[..end], "character"), None, "{end}");
        }
        assert_eq!(metadata(&[0xff; 40], "character"), None);
    }
}
