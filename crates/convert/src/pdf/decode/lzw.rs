use weezl::decode::Decoder;
use weezl::{BitOrder, LzwStatus};

use super::{DecodeError, Layer};

/// Decodes LZW data.
pub(super) fn decode(data: &[u8], early: bool, limit: usize) -> Result<Layer, DecodeError> {
    let mut decoder = match early {
        true => Decoder::with_tiff_size_switch(BitOrder::Msb, 8),
        false => Decoder::new(BitOrder::Msb, 8),
    };
    let mut layer = Layer::default();
    let mut buffer = vec![0; 16 * 1024];
    let mut rest = data;
    loop {
        let step = decoder.decode_bytes(rest, &mut buffer);
        rest = rest.get(step.consumed_in..).unwrap_or_default();
        let made = buffer.get(..step.consumed_out).unwrap_or_default();
        layer.bytes.extend_from_slice(made);
        if layer.bytes.len() > limit {
            return Err(DecodeError::TooLarge);
        }
        match step.status {
            Ok(LzwStatus::Ok) => {}
            // The code at the end is often missing.
            Ok(LzwStatus::Done | LzwStatus::NoProgress) => return Ok(layer),
            Err(_) => {
                layer.is_damaged = true;
                return Ok(layer);
            }
        }
    }
}
