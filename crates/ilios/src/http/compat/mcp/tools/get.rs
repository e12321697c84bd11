use std::sync::Arc;

use ilios_convert::{OutputFormat, PageRanges};
use tokio::sync::Semaphore;

use super::DocumentTools;
use super::convert::text_answer;
use crate::app::{BuiltRendition, RenditionWork, Spooled};
use crate::http::compat::mcp::answer::ToolAnswer;
use crate::http::compat::mcp::arguments::{Arguments, MAX_CHARS};
use crate::http::compat::mcp::pieces::{PageText, Piece, Wanted, pages_of, piece};
use crate::http::respond::problem::Problem;
use crate::model::Id;

/// Bytes of a text that is written for an answer, at most: pieces of longer ones are to be had as Markdown.
const MAX_WRITTEN: u64 = 32 << 20;
/// Texts that were written and are whole in memory at once.
static WRITTEN: Semaphore = Semaphore::const_new(4);

/// Gives out a converted document, or a part of it.
pub(super) async fn get(tools: &DocumentTools, mut arguments: Arguments) -> Result<ToolAnswer, Problem> {
    let id = arguments.document_id()?;
    let pages: Option<PageRanges> = arguments.value("pages")?;
    let format = arguments.known("format", "takes markdown, text or html", format)?;
    let format = format.unwrap_or_default();
    let offset = arguments.number("offset", 0, u64::from(u32::MAX))?;
    let wanted = Wanted {
        pages,
        offset: usize::try_from(offset.unwrap_or_default()).unwrap_or(usize::MAX),
        max_chars: arguments.max_chars()?,
    };
    arguments.finish()?;
    if format == OutputFormat::Markdown {
        let (piece, pages) = stored(tools, &id, wanted).await?;
        return Ok(text_answer(&id, pages, "markdown", &piece));
    }
    if wanted.pages.is_some() {
        return Err(Problem::invalid("pages", "takes the format markdown"));
    }
    let rendered = tools
        .app
        .document_in(&tools.caller.tenant, &id, format, &[])
        .await?;
    let _place = WRITTEN.acquire().await.map_err(Problem::internal)?;
    let text = read(rendered.output).await?;
    let page = PageText {
        number: 1,
        text: &text,
    };
    let piece = piece(&[page], &wanted).ok_or_else(|| beyond(&wanted))?;
    let name = if format == OutputFormat::Html {
        "html"
    } else {
        "text"
    };
    Ok(text_answer(&id, rendered.content.pages.len(), name, &piece))
}

/// A document's Markdown, up to the most that an answer has.
pub(super) async fn whole(tools: &DocumentTools, id: &Id) -> Result<String, Problem> {
    let wanted = Wanted {
        pages: None,
        offset: 0,
        max_chars: MAX_CHARS,
    };
    let (piece, _) = stored(tools, id, wanted).await?;
    Ok(piece.for_model(id, "markdown"))
}

/// The piece of a document's Markdown, and its pages in all. Few contents are read at once, as for other answers.
async fn stored(tools: &DocumentTools, id: &Id, wanted: Wanted) -> Result<(Piece, usize), Problem> {
    let mut found = None;
    let make = async {
        let (document, content) = tools.app.document_with_content(&tools.caller.tenant, id).await?;
        let pages = pages_of(&content);
        let piece = piece(&pages, &wanted).ok_or_else(|| missing(&pages, &wanted))?;
        found = Some((piece, content.pages.len()));
        Ok::<_, Problem>(BuiltRendition {
            document: Some(document),
            held: tools.app.buffer(bytes::Bytes::new()).await?,
            unfollowed: Vec::new(),
        })
    };
    // Nobody else asks for it by this name.
    let name = format!("piece {}", tools.app.new_id());
    let made = tools
        .app
        .renditions()
        .get(name, RenditionWork::Reading, make)
        .await;
    made?;
    found.ok_or_else(|| Problem::internal("a piece was not made"))
}

/// Reason there is no piece.
fn missing(pages: &[PageText<'_>], wanted: &Wanted) -> Problem {
    let numbers = pages.iter().map(|page| page.number);
    let there = PageRanges::of(numbers).map_or_else(String::new, |there| there.to_string());
    let selected = wanted.pages.as_ref();
    let is_there = |page: &PageText<'_>| selected.is_none_or(|selected| selected.contains(page.number));
    if pages.iter().any(is_there) {
        beyond(wanted)
    } else {
        Problem::invalid("pages", format_args!("takes pages that were converted: {there}"))
    }
}

fn beyond(wanted: &Wanted) -> Problem {
    Problem::invalid(
        "offset",
        format_args!(
            "takes no more characters than its page has, fewer than {}",
            wanted.offset
        ),
    )
}

fn format(name: &str) -> Option<OutputFormat> {
    let formats = [OutputFormat::Markdown, OutputFormat::Text, OutputFormat::Html];
    formats
        .into_iter()
        .find(|format| name.parse::<OutputFormat>().is_ok_and(|named| named == *format))
}

async fn read(file: Arc<Spooled>) -> Result<String, Problem> {
    if file.size() > MAX_WRITTEN {
        let takes = format!("takes markdown here: as this it has {} bytes", file.size());
        return Err(Problem::invalid("format", takes));
    }
    let read = move || file.read_at(0, usize::MAX);
    let bytes = tokio::task::spawn_blocking(read)
        .await
        .map_err(Problem::internal)?;
    let bytes = bytes.map_err(Problem::unavailable)?;
    String::from_utf8(bytes).map_err(|_| Problem::internal("a converter has written what is no text"))
}
