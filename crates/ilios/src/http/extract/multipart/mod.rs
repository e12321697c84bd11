//! Forms of parts (RFC 7578), read as they arrive.

mod fault;
mod head;
mod limits;
mod scanner;
#[cfg(test)]
mod tests;

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::{Body, BodyDataStream};
use axum::http::HeaderValue;
use bytes::Bytes;
use futures::{Stream, StreamExt};

use self::fault::Fault;
use self::head::Head;
use self::scanner::{Event, Scanner};
use crate::http::respond::codes::Code;
use crate::http::respond::content_disposition::parameters;
use crate::http::respond::problem::Problem;

/// A form while it arrives.
pub(in crate::http) struct Multipart {
    body: BodyDataStream,
    /// Bytes that may still come.
    left: u64,
    scanner: Scanner,
}

/// A part of a form, and the stream of its content. What is not read of it is skipped.
pub(in crate::http) struct Field<'a> {
    form: &'a mut Multipart,
    head: Head,
    ended: bool,
}

/// Reason a form cannot be read any further.
#[derive(Debug, thiserror::Error)]
pub(in crate::http) enum MultipartError {
    /// It is no form, by its media type.
    #[error("its media type is not multipart/form-data with a boundary")]
    MediaType,
    /// It is longer than allowed.
    #[error("it is too large")]
    TooLarge,
    /// It is not put together as it should.
    #[error("{0}")]
    Form(#[from] Fault),
    /// It broke off.
    #[error("{0}")]
    Body(axum::Error),
}

impl Multipart {
    /// Begins to read a form of this media type and at most `limit` bytes.
    pub(in crate::http) fn new(
        media_type: Option<&HeaderValue>,
        body: Body,
        limit: u64,
    ) -> Result<Self, MultipartError> {
        let boundary = media_type.and_then(boundary).ok_or(MultipartError::MediaType)?;
        Ok(Self {
            body: body.into_data_stream(),
            left: limit,
            scanner: Scanner::new(&boundary),
        })
    }

    /// The next part; `None` at the end of the whole form.
    pub(in crate::http) async fn next_field(&mut self) -> Result<Option<Field<'_>>, MultipartError> {
        while let Some(event) = poll_fn(|context| self.poll_event(context)).await? {
            if let Event::Part(head) = event {
                return Ok(Some(Field {
                    form: self,
                    head,
                    ended: false,
                }));
            }
        }
        Ok(None)
    }

    fn poll_event(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<Event>, MultipartError>> {
        loop {
            if let Some(event) = self.scanner.next()? {
                return Poll::Ready(Ok(Some(event)));
            }
            let Some(piece) = ready!(self.body.poll_next_unpin(context)) else {
                self.scanner.end()?;
                return Poll::Ready(Ok(None));
            };
            let piece = piece.map_err(MultipartError::Body)?;
            let left = self.left.checked_sub(piece.len() as u64);
            self.left = left.ok_or(MultipartError::TooLarge)?;
            self.scanner.feed(piece);
        }
    }
}

impl Field<'_> {
    /// Its name.
    pub(in crate::http) fn name(&self) -> Option<&str> {
        self.head.name.as_deref()
    }

    /// The name of the file that it is, as it was sent.
    pub(in crate::http) fn file_name(&self) -> Option<&str> {
        self.head.file_name.as_deref()
    }
}

impl Stream for Field<'_> {
    type Item = Result<Bytes, Problem>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.ended {
            return Poll::Ready(None);
        }
        match ready!(self.form.poll_event(context)?) {
            Some(Event::Data(bytes)) => Poll::Ready(Some(Ok(bytes))),
            _ => {
                self.ended = true;
                Poll::Ready(None)
            }
        }
    }
}

impl From<MultipartError> for Problem {
    fn from(error: MultipartError) -> Self {
        match error {
            MultipartError::TooLarge => {
                Self::new(Code::TOO_LARGE, "the request is larger than the server takes")
            }
            MultipartError::MediaType => Self::new(
                Code::INVALID_MULTIPART,
                format!("send multipart/form-data: {error}"),
            ),
            error => Self::new(
                Code::INVALID_MULTIPART,
                format!("the form cannot be read: {error}"),
            ),
        }
    }
}

/// The boundary of a form of this media type.
fn boundary(media_type: &HeaderValue) -> Option<String> {
    let text = std::str::from_utf8(media_type.as_bytes()).ok()?;
    let kind = text.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let mut named = parameters(text)
        .into_iter()
        .filter(|(name, _)| name == "boundary");
    match (named.next(), named.next()) {
        (Some((_, boundary)), None) if !boundary.is_empty() => Some(boundary),
        _ => None,
    }
}
