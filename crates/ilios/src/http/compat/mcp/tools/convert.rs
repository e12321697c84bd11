use bytes::Bytes;
use futures::stream;
use ilios_convert::{OcrMode, Options, OutputFormat, PageRanges};
use serde_json::{Value, json};

use super::DocumentTools;
use crate::app::{AppError, ConvertNow, ConvertedNow, Spooled, Upload};
use crate::engine::Progress;
use crate::http::compat::mcp::answer::ToolAnswer;
use crate::http::compat::mcp::arguments::Arguments;
use crate::http::compat::mcp::pieces::{Piece, Wanted, pages_of, piece};
use crate::http::compat::mcp::source::Source;
use crate::http::respond::codes::Code;
use crate::http::respond::problem::Problem;
use crate::model::{ConversionOptions, Id, RetentionDays};

/// Converts the document at an address. It is kept as long as one that is sent to `/v1/convert`: the model may come
/// back for the rest of it.
pub(super) async fn convert(
    tools: &DocumentTools,
    mut arguments: Arguments,
    progress: &Progress,
) -> Result<ToolAnswer, Problem> {
    let uri = arguments.required("uri")?;
    let pages: Option<PageRanges> = arguments.value("pages")?;
    let ocr: Option<OcrMode> = arguments.value("ocr")?;
    let max_chars = arguments.max_chars()?;
    arguments.finish()?;
    let options = ConversionOptions {
        reading: Options {
            pages,
            ocr: ocr.unwrap_or_default(),
            ..Options::default()
        },
        ..ConversionOptions::default()
    };
    tools.app.check_options(&options)?;
    let upload = receive(tools, uri).await?;
    tools.release_place();
    if upload.file.size() == 0 {
        return Err(Problem::new(Code::EMPTY_FILE, "the document has no bytes"));
    }
    let order = ConvertNow {
        tenant: tools.caller.tenant.clone(),
        upload,
        options,
        retention: RetentionDays::default(),
        name: None,
        form: OutputFormat::Markdown.into(),
        progress: progress.clone(),
    };
    let converted: Result<ConvertedNow, AppError> = Box::pin(tools.app.convert_now(order)).await;
    let ConvertedNow {
        document, content, ..
    } = converted?;
    let pages = pages_of(&content);
    let wanted = Wanted {
        pages: None,
        offset: 0,
        max_chars,
    };
    let piece = piece(&pages, &wanted).ok_or_else(|| Problem::internal("a document without a page"))?;
    Ok(text_answer(&document.id, content.pages.len(), "markdown", &piece))
}

/// A part of a document as an answer.
pub(super) fn text_answer(id: &Id, pages: usize, format: &str, piece: &Piece) -> ToolAnswer {
    let mut structured = json!({"document_id": id.as_str(), "pages": pages, "format": format});
    if let Value::Object(fields) = &mut structured {
        fields.extend(piece.fields());
    }
    ToolAnswer {
        text: piece.for_model(id, format),
        structured,
    }
}

async fn receive(tools: &DocumentTools, uri: String) -> Result<Upload, Problem> {
    match Source::parse(&uri)? {
        Source::Data { name, bytes } => {
            drop(uri);
            let bytes = stream::iter([Ok::<_, Problem>(Bytes::from(bytes))]);
            tools.app.receive(name, bytes).await
        }
        Source::Address(url) => Ok(tools.app.fetch(&tools.caller.tenant, &url).await?),
        Source::File(uri) => read_file(tools, uri).await,
    }
}

async fn read_file(tools: &DocumentTools, uri: String) -> Result<Upload, Problem> {
    let Some(open) = tools.files.clone() else {
        return Err(Problem::invalid(
            "uri",
            "takes no file: here: send the document as data:, or run `ilios mcp --root FOLDER` beside the file",
        ));
    };
    let most = tools.app.max_file_size();
    let read = move || {
        let (file_name, file) = open(&uri).map_err(|fault| match Code::named(&fault.code) {
            Some(code) => Problem::new(code, fault.message),
            None => Problem::internal(fault),
        })?;
        let file = Spooled::adopt(file, most)?;
        Ok::<_, Problem>(Upload { file_name, file })
    };
    tokio::task::spawn_blocking(read)
        .await
        .map_err(Problem::internal)?
}
