use super::Reading;
use super::decode::decode;

/// Passes Markdown on as it is.
pub(super) fn read(bytes: &[u8]) -> Reading {
    decode(bytes, None)
        .trim_start_matches('\u{feff}')
        .to_owned()
        .into()
}
