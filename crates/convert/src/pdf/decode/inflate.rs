use flate2::{Decompress, FlushDecompress, Status};

use super::{DecodeError, Layer};

/// Bytes that are taken at first for each encoded byte.
const USUAL_RATIO: usize = 4;

/// Decodes Flate data, with or without the header of zlib. The checksum at its end is not looked at: where it is wrong,
/// other programs show the text too.
pub(super) fn inflate(data: &[u8], limit: usize) -> Result<Layer, DecodeError> {
    let body = without_header(data);
    let layer = inflate_body(body, limit)?;
    if layer.bytes.is_empty() && layer.is_damaged && body.len() != data.len() {
        let bare = inflate_body(data, limit)?;
        if !bare.bytes.is_empty() {
            return Ok(bare);
        }
    }
    Ok(layer)
}

/// Size of Flate data when decoded, if it is at most `limit`. Keeps no bytes.
pub(in crate::pdf) fn inflated_size_within(data: &[u8], limit: usize) -> Option<usize> {
    let mut rest = without_header(data);
    let mut decoder = Decompress::new(false);
    let mut buffer = vec![0; 32 * 1024];
    let mut size = 0_usize;
    loop {
        let (read, written) = (decoder.total_in(), decoder.total_out());
        let status = decoder.decompress(rest, &mut buffer, FlushDecompress::None);
        let taken = usize::try_from(decoder.total_in() - read).unwrap_or(usize::MAX);
        let made = usize::try_from(decoder.total_out() - written).unwrap_or(usize::MAX);
        rest = rest.get(taken..).unwrap_or_default();
        size = size.saturating_add(made);
        if size > limit {
            return None;
        }
        match status {
            Ok(Status::Ok | Status::BufError) if taken > 0 || made > 0 => {}
            _ => return Some(size),
        }
    }
}

/// Cuts off the header of zlib (RFC 1950), and line ends before it, which some programs write one too many of.
fn without_header(data: &[u8]) -> &[u8] {
    let is_header = |data: &[u8]| match data {
        [method, flags, ..] => {
            method & 0x0f == 8 && (u16::from(*method) << 8 | u16::from(*flags)).is_multiple_of(31)
        }
        _ => false,
    };
    let mut start = data;
    while let [b'\r' | b'\n', rest @ ..] = start {
        start = rest;
    }
    match start {
        [_, flags, rest @ ..] if is_header(start) => match flags & 0x20 != 0 {
            true => rest.get(4..).unwrap_or_default(),
            false => rest,
        },
        _ => match data {
            // A damaged header: the usual method and an impossible check.
            [0x48 | 0x58 | 0x68 | 0x78, _, rest @ ..] => rest,
            _ => data,
        },
    }
}

fn inflate_body(data: &[u8], limit: usize) -> Result<Layer, DecodeError> {
    let mut decoder = Decompress::new(false);
    // One byte more than the limit, which shows that there are too many.
    let most = limit.saturating_add(1);
    let mut bytes = Vec::with_capacity(data.len().saturating_mul(USUAL_RATIO).max(64).min(most));
    let mut rest = data;
    loop {
        let (read, had) = (decoder.total_in(), bytes.len());
        let status = decoder.decompress_vec(rest, &mut bytes, FlushDecompress::None);
        let taken = usize::try_from(decoder.total_in() - read).unwrap_or(usize::MAX);
        rest = rest.get(taken..).unwrap_or_default();
        if bytes.len() > limit {
            return Err(DecodeError::TooLarge);
        }
        let is_damaged = match status {
            Ok(Status::StreamEnd) => false,
            Err(_) => true,
            Ok(_) if bytes.len() == bytes.capacity() => {
                bytes.reserve_exact(bytes.len().max(64).min(most - bytes.len()));
                continue;
            }
            Ok(_) if taken > 0 || bytes.len() > had => continue,
            // All data is read and the end has not come.
            Ok(_) => true,
        };
        return Ok(Layer { bytes, is_damaged });
    }
}
