use hayro::hayro_syntax::object::{Array, Dict, Name, Object};

use super::predictor::Predictor;
use super::{DecodeError, Layer, inflate, lzw, text_filters};

/// Filters of one stream, at most: more than any program writes.
const MAX_FILTERS: usize = 8;

/// Filter of a stream with its parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Filter {
    AsciiHex,
    Ascii85,
    RunLength,
    Flate(Predictor),
    Lzw {
        predictor: Predictor,
        /// Codes grow one entry early, as the PDF default has it.
        early: bool,
    },
    Image,
}

/// Reads the filters of a stream, in the order in which they decode.
///
/// # Errors
/// `Unreadable` if the data is in another file or has a filter that does not exist or too many.
pub(super) fn of(stream: &Dict<'_>) -> Result<Vec<Filter>, DecodeError> {
    if matches!(
        stream.get::<Object<'_>>("F"),
        Some(Object::String(_) | Object::Dict(_))
    ) {
        return Err(DecodeError::Unreadable);
    }
    let parameters = stream
        .get::<Object<'_>>("DecodeParms")
        .or_else(|| stream.get::<Object<'_>>("DP"));
    match stream.get::<Object<'_>>("Filter") {
        Some(Object::Name(name)) => {
            let parameters = match parameters {
                Some(Object::Dict(parameters)) => parameters,
                Some(Object::Array(parameters)) => first_dict(&parameters),
                _ => Dict::empty(),
            };
            Ok(filter(&name, &parameters)?.into_iter().collect())
        }
        Some(Object::Array(names)) => {
            let mut parameters = match parameters {
                Some(Object::Array(parameters)) => parameters.iter::<Object<'_>>(),
                // One dictionary for all filters is an error of the file; it is meant for the only one that takes any.
                Some(Object::Dict(parameters)) => return with_same(&names, &parameters),
                _ => Array::default().iter(),
            };
            let mut filters = Vec::new();
            for name in names.iter::<Name<'_>>() {
                let parameters = match parameters.next() {
                    Some(Object::Dict(parameters)) => parameters,
                    _ => Dict::empty(),
                };
                push(&mut filters, filter(&name, &parameters)?)?;
            }
            Ok(filters)
        }
        _ => Ok(Vec::new()),
    }
}

/// Filters before the one that encodes an image; none if they cannot be read.
pub(super) fn before_image(stream: &Dict<'_>) -> Vec<Filter> {
    let filters = of(stream).unwrap_or_default();
    filters
        .into_iter()
        .take_while(|filter| *filter != Filter::Image)
        .collect()
}

fn with_same(names: &Array<'_>, parameters: &Dict<'_>) -> Result<Vec<Filter>, DecodeError> {
    let mut filters = Vec::new();
    for name in names.iter::<Name<'_>>() {
        push(&mut filters, filter(&name, parameters)?)?;
    }
    Ok(filters)
}

fn push(filters: &mut Vec<Filter>, filter: Option<Filter>) -> Result<(), DecodeError> {
    filters.extend(filter);
    if filters.len() > MAX_FILTERS {
        return Err(DecodeError::Unreadable);
    }
    Ok(())
}

fn first_dict<'a>(parameters: &Array<'a>) -> Dict<'a> {
    match parameters.iter::<Object<'a>>().next() {
        Some(Object::Dict(parameters)) => parameters,
        _ => Dict::empty(),
    }
}

/// Reads one filter; `None` for the encryption filter, which the library has applied already.
fn filter(name: &Name<'_>, parameters: &Dict<'_>) -> Result<Option<Filter>, DecodeError> {
    let predictor = || Predictor::of(parameters);
    Ok(Some(match name.as_ref() {
        b"FlateDecode" | b"Fl" => Filter::Flate(predictor()),
        b"LZWDecode" | b"LZW" => Filter::Lzw {
            predictor: predictor(),
            early: parameters.get::<i32>("EarlyChange") != Some(0),
        },
        b"ASCII85Decode" | b"A85" => Filter::Ascii85,
        b"ASCIIHexDecode" | b"AHx" => Filter::AsciiHex,
        b"RunLengthDecode" | b"RL" => Filter::RunLength,
        b"DCTDecode" | b"DCT" | b"JPXDecode" | b"JBIG2Decode" | b"CCITTFaxDecode" | b"CCF" => Filter::Image,
        b"Crypt" => return Ok(None),
        _ => return Err(DecodeError::Unreadable),
    }))
}

impl Filter {
    /// Decodes `data` into at most `limit` bytes.
    pub(super) fn decode(&self, data: &[u8], limit: usize) -> Result<Layer, DecodeError> {
        match self {
            Self::AsciiHex => Ok(text_filters::ascii_hex(data)),
            Self::Ascii85 => text_filters::ascii_85(data, limit),
            Self::RunLength => text_filters::run_length(data, limit),
            Self::Flate(predictor) => predictor.undo(inflate::inflate(data, limit)?),
            Self::Lzw { predictor, early } => predictor.undo(lzw::decode(data, *early, limit)?),
            Self::Image => Err(DecodeError::Image),
        }
    }

    /// Bytes that one encoded byte can yield, at most.
    pub(super) fn most_per_byte(&self) -> usize {
        match self {
            Self::AsciiHex | Self::Image => 1,
            Self::Ascii85 => 4,
            Self::RunLength => 64,
            Self::Flate(_) => 1_032,
            // A code of twelve bits stands for at most as many bytes as there are codes.
            Self::Lzw { .. } => 4_096,
        }
    }
}
