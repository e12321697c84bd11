use crate::{Conversion, ConvertError, Format, Host, Limits, Options};

pub(crate) fn convert(
    bytes: &[u8],
    format: Format,
    options: &Options,
    limits: &Limits,
    host: &mut dyn Host,
) -> Result<Conversion, ConvertError> {
    let _ = (bytes, format, options, limits, host);
    Err(ConvertError::UnsupportedType)
}
