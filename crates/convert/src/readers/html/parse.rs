use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::tree_builder::TreeBuilderOpts;
use html5ever::{ParseOpts, parse_document};

use super::sink::Sink;
use super::tree::Tree;
use crate::readers::too_deep;
use crate::{ConvertError, Limits};

/// Bytes that the parser is given at a time; between two of them the limits are checked.
const PIECE: usize = 1_024;
/// Times that a page may nest deeper than other documents: its tree is walked without recursion, and elements that only
/// arrange others nest deep.
const DEPTH_TIMES: u32 = 2;
/// Nodes that every page may have beside one for each of its bytes: the parser opens formatting whose end tag is missing
/// again in the next block.
const FREE_NODES: usize = 50_000;

/// Parses a page.
///
/// # Errors
/// `LimitExceeded`: it nests too deep or has too many nodes.
pub(super) fn parse(html: &str, limits: &Limits) -> Result<Tree, ConvertError> {
    let sink = Sink::new();
    let extent = sink.extent();
    let most = html.len().saturating_add(FREE_NODES);
    let options = ParseOpts {
        tree_builder: TreeBuilderOpts {
            scripting_enabled: false,
            drop_doctype: true,
            ..TreeBuilderOpts::default()
        },
        ..ParseOpts::default()
    };
    let mut parser = parse_document(sink, options);
    let mut rest = html;
    while !rest.is_empty() {
        let mut end = PIECE.min(rest.len());
        while !rest.is_char_boundary(end) {
            end += 1;
        }
        let (piece, after) = rest.split_at(end);
        parser.process(StrTendril::from(piece));
        rest = after;
        if extent.depth() > limits.depth.saturating_mul(DEPTH_TIMES) {
            return Err(too_deep(limits));
        }
        if extent.nodes() > most {
            let what = "formatting without an end, which goes on in too many blocks".to_owned();
            return Err(ConvertError::LimitExceeded { what });
        }
    }
    Ok(parser.finish())
}
