//! Places that have the letters of a quotation.

use super::letters::{is_unspaced, letters};
use super::offsets::Offsets;
use super::span::{Match, Span};
use super::stream::Stream;

/// Places that are looked at, at most: a letter alone is everywhere.
const MAX_LOOKED_AT: usize = 10_000;

/// Finds up to `most` places, in the order of the document. Places where the quotation begins and ends with words are
/// taken alone, if there is one.
pub(super) fn find(stream: &Stream, quote: &str, most: usize) -> Vec<Match> {
    let wanted = letters(quote);
    if wanted.is_empty() {
        return Vec::new();
    }
    let (mut whole, mut within, mut reader) = (Vec::new(), Vec::new(), Spans::default());
    for (start, _) in stream.letters.match_indices(&wanted).take(MAX_LOOKED_AT) {
        let spans = reader.between(stream, start, start + wanted.len());
        let list = match is_whole(stream, &spans) {
            true => &mut whole,
            false => &mut within,
        };
        if list.len() < most {
            list.push(Match {
                aside: false,
                spans,
                score: 1.0,
                exact: true,
            });
        }
        if whole.len() == most {
            break;
        }
    }
    if whole.is_empty() { within } else { whole }
}

/// Reader of spans that keeps the places of the passage that was read last: many are asked of one.
#[derive(Default)]
struct Spans<'s> {
    last: Option<(usize, Offsets<'s>)>,
}

impl<'s> Spans<'s> {
    /// Parts of the passages between two offsets of the letters.
    fn between(&mut self, stream: &'s Stream, start: usize, end: usize) -> Vec<Span> {
        let first = stream.starts.partition_point(|&at| at <= start).saturating_sub(1);
        let mut spans = Vec::new();
        let passages = stream.passages.iter().zip(&stream.starts).enumerate().skip(first);
        for (index, (passage, &at)) in passages.take_while(|(_, (_, at))| **at < end) {
            let offsets = match self.last.take() {
                Some((last, offsets)) if last == index => offsets,
                _ => Offsets::of(&passage.text),
            };
            if let Some(bytes) = offsets.bytes(start.saturating_sub(at), end - at) {
                spans.push(Span {
                    passage: index,
                    bytes,
                });
            }
            self.last = Some((index, offsets));
        }
        spans
    }
}

/// Returns true if the spans begin and end where words do.
fn is_whole(stream: &Stream, spans: &[Span]) -> bool {
    let text = |span: &Span| {
        stream
            .passages
            .get(span.passage)
            .map(|passage| passage.text.as_str())
    };
    let parts_words = |inner: Option<char>, outer: Option<char>| {
        let is_letter = |c: char| c.is_alphanumeric() && !is_unspaced(c);
        inner.is_some_and(is_letter) && outer.is_some_and(is_letter)
    };
    let begins_within = spans.first().is_some_and(|span| {
        text(span)
            .and_then(|text| text.split_at_checked(span.bytes.start))
            .is_some_and(|(before, from)| parts_words(from.chars().next(), before.chars().next_back()))
    });
    let ends_within = spans.last().is_some_and(|span| {
        text(span)
            .and_then(|text| text.split_at_checked(span.bytes.end))
            .is_some_and(|(until, behind)| parts_words(until.chars().next_back(), behind.chars().next()))
    });
    !begins_within && !ends_within
}
