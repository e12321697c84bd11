//! Values on their way to a primary and back. Long texts are compressed, as a primary takes rows of 5 MB at most; bytes
//! that could be taken for a compressed text get a prefix of their own.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

use super::super::{DbError, Value};

/// Prefix of a compressed text.
const MAGIC: &[u8] = b"ilios:deflate\0";
/// Beginning of all prefixes.
const PREFIX: &[u8] = b"ilios:";
/// Prefix of bytes that begin like a prefix.
const PLAIN: &[u8] = b"ilios:plain\0";
/// Shorter ones are left as they are.
const MIN_COMPRESSED_BYTES: usize = 64 << 10;

/// A value as the primary keeps it.
pub(super) fn pack(value: Value) -> Value {
    match value {
        Value::Text(text) if text.len() >= MIN_COMPRESSED_BYTES => {
            compressed(&text).map_or(Value::Text(text), Value::Blob)
        }
        Value::Blob(bytes) if bytes.starts_with(PREFIX) => Value::Blob([PLAIN, &bytes].concat()),
        value => value,
    }
}

/// Nothing where it would not be shorter.
fn compressed(text: &str) -> Option<Vec<u8>> {
    let mut encoder = DeflateEncoder::new(MAGIC.to_vec(), Compression::fast());
    encoder.write_all(text.as_bytes()).ok()?;
    let packed = encoder.finish().ok()?;
    (packed.len() < text.len()).then_some(packed)
}

/// A value as it was before it was packed.
pub(super) fn unpack(value: Value) -> Result<Value, DbError> {
    let Value::Blob(bytes) = &value else {
        return Ok(value);
    };
    if let Some(plain) = bytes.strip_prefix(PLAIN) {
        return Ok(Value::Blob(plain.to_vec()));
    }
    let Some(packed) = bytes.strip_prefix(MAGIC) else {
        return Ok(value);
    };
    let mut text = String::new();
    match DeflateDecoder::new(packed).read_to_string(&mut text) {
        Ok(_) => Ok(Value::Text(text)),
        Err(error) => Err(DbError::Schema(format!("a packed text cannot be read: {error}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_come_back_as_they_were() {
        let long = "Ein längerer Satz, der öfter vorkommt. ".repeat(5_000);
        let packed = pack(Value::Text(long.clone()));
        assert!(matches!(&packed, Value::Blob(bytes) if bytes.len() < long.len() / 10));
        assert_eq!(unpack(packed).expect("it is read"), Value::Text(long));
        let bytes = [&[1, 2], MAGIC, PLAIN, b"ilios:"].map(|bytes| Value::Blob(bytes.to_vec()));
        for value in bytes
            .into_iter()
            .chain([Value::Text("short".into()), Value::Null])
        {
            assert_eq!(unpack(pack(value.clone())).expect("it is read"), value);
        }
        let cut = Value::Blob([MAGIC, &[0xff, 0xff]].concat());
        assert!(unpack(cut).is_err());
    }
}
