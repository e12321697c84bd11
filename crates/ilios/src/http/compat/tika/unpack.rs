use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::content::{Form, content};
use super::document::BodyDocument;
use super::metadata::{Names, csv, metadata};
use crate::http::HttpState;
use crate::http::compat::json_text::Text;
use crate::http::respond::paced::body_of;
use crate::http::respond::problem::Problem;

/// Bytes of a block of a tar archive.
const BLOCK: usize = 512;

/// The files that a document holds, which are not kept: there is nothing to give out.
pub(super) async fn files(State(_): State<HttpState>, BodyDocument(_): BodyDocument) -> StatusCode {
    StatusCode::NO_CONTENT
}

/// The text and the metadata of a document as an archive.
pub(super) async fn all(
    State(state): State<HttpState>,
    BodyDocument(document): BodyDocument,
) -> Result<Response, Problem> {
    let text = content(&state, &document, Form::Text).await?;
    let text = text.unwrap_or(Text::Memory(String::new()));
    let accept = document
        .headers
        .get(header::ACCEPT)
        .map_or(&b""[..], |value| value.as_bytes());
    let is_tar = accept.windows(5).any(|name| name.eq_ignore_ascii_case(b"x-tar"));
    let members = [
        ("__TEXT__", text),
        (
            "__METADATA__",
            Text::Memory(csv(&metadata(&document, Names::Three))),
        ),
    ];
    let write = move |file| {
        if is_tar {
            tar(file, &members)
        } else {
            archive(file, &members)
        }
    };
    let held = state.app.buffer_file(write).await?;
    let media_type = if is_tar {
        "application/x-tar"
    } else {
        "application/zip"
    };
    Ok(([(header::CONTENT_TYPE, media_type)], body_of(held, ())).into_response())
}

fn archive(file: File, members: &[(&str, Text)]) -> io::Result<File> {
    let mut zip = ZipWriter::new(file);
    for (name, text) in members {
        zip.start_file(*name, SimpleFileOptions::default())?;
        text.write(&mut zip)?;
    }
    Ok(zip.finish()?)
}

fn tar(file: File, members: &[(&str, Text)]) -> io::Result<File> {
    let mut out = BufWriter::new(file);
    for (name, text) in members {
        out.write_all(&tar_head(name, text.size()))?;
        text.write(&mut out)?;
        io::copy(&mut io::repeat(0).take(padding(text.size())), &mut out)?;
    }
    // Two empty blocks are the end.
    out.write_all(&[0; 2 * BLOCK])?;
    let mut file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(file)
}

fn padding(size: usize) -> u64 {
    (size.next_multiple_of(BLOCK) - size) as u64
}

/// The block in front of a member (POSIX ustar).
fn tar_head(name: &str, size: usize) -> [u8; BLOCK] {
    let mut head = [0; BLOCK];
    let mut put = |at: usize, bytes: &[u8]| {
        for (place, byte) in head.iter_mut().skip(at).zip(bytes) {
            *place = *byte;
        }
    };
    put(0, name.as_bytes());
    put(100, b"0000644\0");
    put(108, b"0000000\0");
    put(116, b"0000000\0");
    put(124, format!("{size:011o}\0").as_bytes());
    put(136, b"00000000000\0");
    put(148, b"        ");
    put(156, b"0");
    put(257, b"ustar\x0000");
    let sum: u32 = head.iter().map(|byte| u32::from(*byte)).sum();
    let sum = format!("{sum:06o}\0 ");
    for (place, byte) in head.iter_mut().skip(148).zip(sum.as_bytes()) {
        *place = *byte;
    }
    head
}
