use std::io::{self, Write};
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ilios_convert::Format;
use serde::Serialize;

use super::body::{self, Streamed};
use crate::model::ConversionOptions;
use crate::spool::Spooled;

/// A file to be read with one request.
#[derive(Debug, Clone)]
pub(super) struct OcrRequest {
    pub(super) file: Arc<Spooled>,
    pub(super) format: Format,
}

/// The members of a request beside its document. Tables stay in the text because no other format is asked for.
#[derive(Serialize)]
struct RequestFields<'a> {
    model: &'a str,
    include_image_base64: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_limit: Option<u32>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    extract_header: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    extract_footer: bool,
    include_blocks: bool,
}

impl OcrRequest {
    /// The request with the file inside.
    pub(super) fn inline(&self, model: &str, options: &ConversionOptions) -> Streamed {
        let uri = format!("data:{};base64,", self.format.mime_type());
        let (before, after) = self.envelope(model, options, &uri);
        body::inline(before, &self.file, after)
    }

    /// The request with an address at which the service finds the file.
    pub(super) fn by_url(&self, model: &str, options: &ConversionOptions, address: &str) -> Streamed {
        let (before, after) = self.envelope(model, options, "");
        // The quotes are there already.
        let quoted = serde_json::Value::from(address).to_string();
        let text = format!("{before}{}{after}", quoted.trim_matches('"'));
        Streamed {
            length: text.len() as u64,
            body: text.into(),
        }
    }

    /// Writes the request with the file inside, on one line. Blocks.
    pub(super) fn write(
        &self,
        model: &str,
        options: &ConversionOptions,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let uri = format!("data:{};base64,", self.format.mime_type());
        let (before, after) = self.envelope(model, options, &uri);
        out.write_all(before.as_bytes())?;
        let mut start = 0;
        while start < self.file.size() {
            let piece = self.file.read_at(start, body::CHUNK_BYTES)?;
            start += piece.len() as u64;
            out.write_all(STANDARD.encode(piece).as_bytes())?;
        }
        out.write_all(after.as_bytes())
    }

    /// The request up to the document's address and after it.
    fn envelope(&self, model: &str, options: &ConversionOptions, start: &str) -> (String, String) {
        let fields = RequestFields {
            model,
            include_image_base64: options.include_images,
            image_limit: (!options.include_images).then_some(0),
            extract_header: options.extract_header,
            extract_footer: options.extract_footer,
            include_blocks: true,
        };
        let fields = serde_json::to_string(&fields).unwrap_or_default();
        let fields = fields.strip_suffix('}').unwrap_or(&fields);
        let kind = if is_image(self.format) {
            "image_url"
        } else {
            "document_url"
        };
        let before = format!(r#"{fields},"document":{{"type":"{kind}","{kind}":"{start}"#);
        (before, r#""}}"#.to_owned())
    }
}

/// Returns true if it is a picture.
pub(super) fn is_image(format: Format) -> bool {
    matches!(
        format,
        Format::Png | Format::Jpeg | Format::Tiff | Format::WebP | Format::Bmp | Format::Gif
    )
}
