use crate::{Conversion, ConvertError, Host, Limits, Options};

pub(crate) fn convert(
    bytes: &[u8],
    options: &Options,
    limits: &Limits,
    host: &mut dyn Host,
) -> Result<Conversion, ConvertError> {
    let _ = (bytes, options, limits, host);
    Err(ConvertError::UnsupportedType)
}
