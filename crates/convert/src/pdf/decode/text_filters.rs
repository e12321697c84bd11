use super::{DecodeError, Layer};

/// Decodes pairs of hexadecimal digits up to `>`.
pub(super) fn ascii_hex(data: &[u8]) -> Layer {
    let mut layer = Layer {
        bytes: Vec::with_capacity(data.len() / 2),
        is_damaged: false,
    };
    let mut high = None;
    for byte in data {
        let digit = match byte {
            b'0'..=b'9' => byte - b'0',
            b'a'..=b'f' => byte - b'a' + 10,
            b'A'..=b'F' => byte - b'A' + 10,
            b'>' => break,
            byte if is_white_space(*byte) => continue,
            _ => {
                layer.is_damaged = true;
                break;
            }
        };
        match high.take() {
            Some(high) => layer.bytes.push(high << 4 | digit),
            None => high = Some(digit),
        }
    }
    layer.bytes.extend(high.map(|high| high << 4));
    layer
}

/// Decodes groups of five digits of base 85 up to `~`.
pub(super) fn ascii_85(data: &[u8], limit: usize) -> Result<Layer, DecodeError> {
    let mut layer = Layer {
        bytes: Vec::with_capacity((data.len() / 5).saturating_mul(4).min(limit)),
        is_damaged: false,
    };
    let mut group: Vec<u8> = Vec::with_capacity(5);
    let data = data.trim_ascii_start();
    for byte in data.strip_prefix(b"<~").unwrap_or(data) {
        match byte {
            b'!'..=b'u' => {
                group.push(byte - b'!');
                if group.len() == 5 {
                    layer.is_damaged |= !end_group(&mut group, &mut layer.bytes);
                }
            }
            b'z' if group.is_empty() => layer.bytes.extend([0; 4]),
            b'~' => break,
            byte if is_white_space(*byte) => continue,
            _ => layer.is_damaged = true,
        }
        if layer.is_damaged {
            group.clear();
            break;
        }
        if layer.bytes.len() > limit {
            return Err(DecodeError::TooLarge);
        }
    }
    if !group.is_empty() {
        layer.is_damaged |= !end_group(&mut group, &mut layer.bytes);
    }
    Ok(layer)
}

/// Writes the bytes of a group, and empties it. Returns false if it stands for no bytes.
fn end_group(group: &mut Vec<u8>, bytes: &mut Vec<u8>) -> bool {
    let length = group.len();
    group.resize(5, 84);
    let value = group
        .drain(..)
        .fold(0_u64, |value, digit| value * 85 + u64::from(digit));
    match u32::try_from(value) {
        Ok(value) if length > 1 => {
            bytes.extend(value.to_be_bytes().into_iter().take(length - 1));
            true
        }
        _ => false,
    }
}

/// Decodes run lengths up to the length 128.
pub(super) fn run_length(data: &[u8], limit: usize) -> Result<Layer, DecodeError> {
    let mut layer = Layer::default();
    let mut rest = data;
    while let [length, after @ ..] = rest {
        let length = usize::from(*length);
        match (length, after) {
            (128, _) => break,
            (0..128, _) => {
                let run = after.get(..length + 1).unwrap_or(after);
                layer.bytes.extend_from_slice(run);
                layer.is_damaged = run.len() <= length;
                rest = after.get(run.len()..).unwrap_or_default();
            }
            (_, [byte, after @ ..]) => {
                layer.bytes.extend(std::iter::repeat_n(*byte, 257 - length));
                rest = after;
            }
            (_, []) => {
                layer.is_damaged = true;
                break;
            }
        }
        if layer.bytes.len() > limit {
            return Err(DecodeError::TooLarge);
        }
    }
    Ok(layer)
}

fn is_white_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}
