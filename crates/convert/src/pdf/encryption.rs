//! Opening of encrypted documents. The library opens those that an empty password opens. Here the others are told apart,
//! and those are opened of which only the attached files are encrypted.

use hayro::hayro_syntax::object::{Dict, FromBytes, Name};
use hayro::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use memchr::memmem;

use super::objects::is_name;
use super::trailer;
use crate::ConvertError;

/// Key of the trailer's entry for encryption.
const KEY: &[u8] = b"/Encrypt";
/// Bytes of an encryption dictionary, at most: those for certificates list their recipients.
const MAX_DICTIONARY_BYTES: usize = 1 << 20;

/// Reason why a document cannot be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OpenError {
    /// A password is missing.
    Password,
    /// Encrypted for the holders of certificates, or by a method that is not known.
    Method,
    /// No document, or too damaged.
    Invalid,
}

impl OpenError {
    /// Error of a conversion, with the reason if the document is invalid.
    pub(super) fn into_error(self, reason: impl Into<String>) -> ConvertError {
        match self {
            Self::Password => ConvertError::PasswordProtected,
            Self::Method => ConvertError::UnsupportedEncryption,
            Self::Invalid => ConvertError::InvalidDocument {
                reason: reason.into(),
            },
        }
    }
}

/// Opens a document. Takes the bytes, since a copy of a large document would double the memory.
///
/// # Errors
/// [`OpenError`].
pub(super) fn open(bytes: Vec<u8>) -> Result<Pdf, OpenError> {
    // The library takes the bytes, also when it fails, so they are shared with it.
    let bytes = std::sync::Arc::new(bytes);
    let error = match Pdf::new(std::sync::Arc::clone(&bytes)) {
        Ok(pdf) => return Ok(pdf),
        Err(LoadPdfError::Decryption(error)) => error,
        Err(LoadPdfError::Invalid) => return Err(OpenError::Invalid),
    };
    let encryption = dictionary(&bytes).unwrap_or_default();
    if leaves_content_plain(&encryption) {
        let plain = without_encryption(&bytes);
        return Pdf::new(plain).map_err(|_| OpenError::Invalid);
    }
    let is_standard = encryption.is_empty() || is_name(&encryption, "Filter", "Standard");
    Err(match error {
        DecryptionError::PasswordProtected if is_standard => OpenError::Password,
        DecryptionError::UnsupportedAlgorithm => OpenError::Method,
        _ if !is_standard => OpenError::Method,
        _ => OpenError::Invalid,
    })
}

/// Encryption dictionary of a file, which is never encrypted itself, nor in a stream of objects.
fn dictionary(file: &[u8]) -> Option<Dict<'_>> {
    let start = match trailer::reference(file, KEY) {
        Some(id) => {
            let head = format!("{} {} obj", id.obj_number, id.gen_number);
            let is_whole = |at: usize| {
                let before = at.checked_sub(1).and_then(|before| file.get(before));
                before.is_none_or(|byte| !byte.is_ascii_digit())
            };
            let at = memmem::rfind_iter(file, &head).find(|at| is_whole(*at))?;
            at + head.len()
        }
        None => direct_entries(file).last()? + KEY.len(),
    };
    let rest = file.get(start..)?.trim_ascii_start();
    Dict::from_bytes(rest.get(..rest.len().min(MAX_DICTIONARY_BYTES))?)
}

/// Places of the entries for encryption that have their dictionary within the trailer.
fn direct_entries(file: &[u8]) -> impl Iterator<Item = usize> {
    memmem::find_iter(file, KEY).filter(|at| {
        let value = file.get(at + KEY.len()..).unwrap_or_default();
        value.trim_ascii_start().starts_with(b"<<")
    })
}

/// Returns true if strings and streams are not encrypted unless they are attached files (ISO 32000-1, 7.6.5).
fn leaves_content_plain(encryption: &Dict<'_>) -> bool {
    let filters = encryption.get::<Dict<'_>>("CF").unwrap_or_default();
    let is_identity = |key: &str| match encryption.get::<Name<'_>>(key) {
        Some(filter) if filter.as_ref() != b"Identity" => {
            let filter = filters.get::<Dict<'_>>(&filter).unwrap_or_default();
            is_name(&filter, "CFM", "None")
        }
        _ => true,
    };
    let has_filters = encryption.get::<i32>("V").is_some_and(|version| version >= 4);
    // Where nothing is said of files or streams, what is meant by the encryption is not known.
    let says_so = encryption.contains_key("EFF") || encryption.contains_key("StmF");
    has_filters && says_so && is_identity("StmF") && is_identity("StrF")
}

/// Copy of a file whose trailers have another key in place of the one for encryption.
fn without_encryption(file: &[u8]) -> Vec<u8> {
    let mut plain = file.to_vec();
    for at in memmem::find_iter(file, KEY) {
        let value = file.get(at + KEY.len()..).unwrap_or_default();
        let separated = value.trim_ascii_start();
        let is_entry = separated.starts_with(b"<<")
            || (separated.len() < value.len() && separated.first().is_some_and(u8::is_ascii_digit));
        if let Some(last) = plain.get_mut(at + KEY.len() - 1).filter(|_| is_entry) {
            *last = b'_';
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use hayro::hayro_syntax::Pdf;

    use super::{OpenError, open};
    use crate::pdf::test_documents::pdf_objects::pdf;

    fn opened(encryption: &str, indirect: bool) -> Result<Pdf, OpenError> {
        let objects = [
            "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
            "<</Type/Pages/Count 1/Kids[3 0 R]/MediaBox[0 0 9 9]>>".to_owned(),
            "<</Type/Page/Parent 2 0 R/A(text)>>".to_owned(),
            encryption.to_owned(),
        ];
        let entry = if indirect { "4 0 R" } else { encryption };
        let file = String::from_utf8(pdf(&objects)).unwrap();
        let trailer = format!("trailer\n<</ID[(a)(a)]/Encrypt {entry}");
        open(file.replace("trailer\n<<", &trailer).into_bytes())
    }

    const KEYS: &str = "/O<28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a>\
                        /U<28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a>/P -4";

    #[test]
    fn the_reason_is_told() {
        let filter = "/CF<</StdCF<</CFM/AESV2/AuthEvent/EFOpen>>>>/EFF/StdCF";
        for (encryption, expected) in [
            (
                format!("<</Filter/Standard/V 2/R 3/Length 128{KEYS}>>"),
                Some(OpenError::Password),
            ),
            (
                format!("<</Filter/Standard/V 4/R 4{filter}/StmF/StdCF/StrF/StdCF{KEYS}>>"),
                Some(OpenError::Password),
            ),
            (
                format!("<</Filter/Standard/V 4/R 4{filter}/StmF/Identity/StrF/Identity{KEYS}>>"),
                None,
            ),
            (format!("<</Filter/Standard/V 4/R 4{filter}{KEYS}>>"), None),
            (
                "<</Filter/Adobe.PubSec/V 4/SubFilter/adbe.pkcs7.s5/CF<<>>/StmF/A/StrF/A>>".into(),
                Some(OpenError::Method),
            ),
            (
                format!("<</Filter/Adobe.PubSec/V 4{filter}/StmF/Identity/StrF/Identity>>"),
                None,
            ),
            ("<</Filter/Adobe.PubSec/V 5>>".into(), Some(OpenError::Method)),
            ("<</Filter/Standard/V 3/R 3>>".into(), Some(OpenError::Method)),
            ("<</Filter/Standard/V 2/R 3>>".into(), Some(OpenError::Invalid)),
        ] {
            for indirect in [true, false] {
                let found = opened(&encryption, indirect);
                assert_eq!(found.as_ref().err(), expected.as_ref(), "{encryption}");
                assert!(found.is_err() || found.is_ok_and(|pdf| pdf.pages().len() == 1));
            }
        }
        assert_eq!(open(b"nothing".to_vec()).err(), Some(OpenError::Invalid));
    }
}
