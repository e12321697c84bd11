//! Chunks of documents.

mod cases;
mod random;

use serde_json::Value;

use super::Chunker;
use crate::Limits;
use crate::ir::{Block, Builder, Page, PageKind};
use crate::options::{ChunkOptions, Tokenizer, WriteOptions};
use crate::readers::markdown_text::read_blocks;
use crate::write::{DocumentTail, DocumentWriter};

/// Options of chunks of this many words, about: words are counted by their characters.
fn characters(tokens: u32) -> WriteOptions {
    WriteOptions {
        chunks: ChunkOptions {
            tokens,
            tokenizer: Tokenizer::Characters,
            ..ChunkOptions::default()
        },
        ..WriteOptions::default()
    }
}

fn page(number: u32, blocks: Vec<Block>) -> Page {
    Page {
        blocks,
        ..Page::new(number, PageKind::Structure)
    }
}

/// Pages of Markdown.
fn read(pages: &[&str]) -> Vec<Page> {
    let limits = Limits::default();
    let mut builder = Builder::new(&limits);
    let pages = (1..).zip(pages).map(|(number, markdown)| {
        builder.begin_page(number);
        read_blocks(markdown, &mut builder).unwrap();
        page(number, builder.finish_page().unwrap().0)
    });
    pages.collect()
}

fn chunks(pages: Vec<Page>, options: &WriteOptions) -> Vec<Value> {
    let mut chunker = Chunker::new(options, None);
    let mut out = String::new();
    for page in pages {
        chunker.page(page, &mut out).unwrap();
    }
    chunker.finish(&DocumentTail::default(), &mut out).unwrap();
    out.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn texts(chunks: &[Value]) -> Vec<&str> {
    chunks
        .iter()
        .map(|chunk| chunk["text"].as_str().unwrap())
        .collect()
}
