use crate::{Conversion, ConvertError, Format, Host, Input, Limits, Options, image, pdf, readers};

/// Converts one document.
///
/// The format is detected by content first and by `input.name` second ([`Format::detect`]).
///
/// # Errors
/// Every [`ConvertError`]: the document is of no supported format, broken, encrypted, empty or beyond `limits`, or it
/// needs OCR that `host` does not have. A part that cannot be read is a warning in the result instead.
pub fn convert(
    input: Input<'_>,
    options: &Options,
    limits: &Limits,
    host: &mut dyn Host,
) -> Result<Conversion, ConvertError> {
    limits.check_input(input.bytes.len())?;
    if input.bytes.is_empty() {
        return Err(ConvertError::EmptyDocument {
            reason: "the file has no bytes".into(),
        });
    }
    let format = Format::detect(input.bytes, input.name).ok_or(ConvertError::UnsupportedType)?;
    convert_as(format, input.bytes, options, limits, host)
}

/// Converts one document whose format [`Format::detect`] has detected already.
///
/// # Errors
/// As [`convert`], except for [`ConvertError::UnsupportedType`].
pub fn convert_as(
    format: Format,
    bytes: &[u8],
    options: &Options,
    limits: &Limits,
    host: &mut dyn Host,
) -> Result<Conversion, ConvertError> {
    limits.check_input(bytes.len())?;
    let conversion = match format {
        Format::Pdf => pdf::convert(bytes, options, limits, host),
        Format::Png | Format::Jpeg | Format::Tiff | Format::WebP | Format::Bmp | Format::Gif => {
            image::convert(bytes, format, options, limits, host)
        }
        other => readers::convert(convert_as, bytes, other, options, limits, host),
    };
    let mut conversion = conversion.map_err(ConvertError::printable)?;
    conversion.make_printable();
    limits.check_output(conversion.text_bytes())?;
    Ok(conversion)
}
