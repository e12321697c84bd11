//! Outputs of each case beside its Markdown: what is true of any document.

use std::collections::BTreeMap;

use ilios_convert::ir::{Block, BlockKind, Inline};
use ilios_convert::{
    ChunkOptions, Conversion, DocumentHead, DocumentTail, OutputFormat, Tokenizer, WriteOptions,
    document_writer, json_schema,
};
use libtest_mimic::Failed;
use serde_json::Value;

use crate::schema::Schema;

pub(crate) fn check(conversion: &Conversion) -> Result<(), Failed> {
    let options = WriteOptions::default();
    let markdown = written(conversion, OutputFormat::Markdown, &options)?;
    if markdown != conversion.markdown() {
        return Err("Markdown that is written page by page differs".into());
    }
    let json = written(conversion, OutputFormat::Json, &options)?;
    let document: Value = serde_json::from_str(&json)?;
    Schema::new(json_schema()).validate(&document)?;
    for tokens in [32, 100, 512] {
        check_chunks(conversion, tokens)?;
    }
    check_whole_blocks(conversion)
}

pub(crate) fn written(
    conversion: &Conversion,
    format: OutputFormat,
    options: &WriteOptions,
) -> Result<String, Failed> {
    let head = DocumentHead {
        title: String::new(),
        metadata: Some(conversion.metadata.clone()),
    };
    let tail = DocumentTail {
        images: conversion.images.clone(),
        warnings: conversion.warnings.clone(),
        partial: None,
    };
    let mut writer = document_writer(format, options);
    let mut out = String::new();
    writer.start(&head, &mut out);
    for page in &conversion.pages {
        writer.page(page.clone(), &mut out)?;
    }
    writer.finish(&tail, &mut out)?;
    Ok(out)
}

/// Checks that chunks that every block fits in hold each block once.
fn check_whole_blocks(conversion: &Conversion) -> Result<(), Failed> {
    let options = WriteOptions {
        chunks: ChunkOptions {
            tokens: 8192,
            ..ChunkOptions::default()
        },
        ..WriteOptions::default()
    };
    let lines = written(conversion, OutputFormat::Chunks, &options)?;
    let mut named: BTreeMap<String, usize> = BTreeMap::new();
    for line in lines.lines() {
        let chunk: Value = serde_json::from_str(line)?;
        for id in chunk["blocks"].as_array().into_iter().flatten() {
            *named
                .entry(id.as_str().unwrap_or_default().to_owned())
                .or_default() += 1;
        }
    }
    let blocks = conversion.pages.iter().flat_map(|page| &page.blocks);
    // A rule has no text, and of a group its blocks are in chunks.
    let is_beside = |block: &Block| matches!(block.kind, BlockKind::Rule | BlockKind::Group(_));
    for block in blocks.filter(|block| block.range.is_some() && !is_beside(block)) {
        let times = named.get(&block.id.to_string()).copied().unwrap_or_default();
        if times != 1 {
            return Err(format!("{} is in {times} chunks:\n{lines}", block.id).into());
        }
    }
    Ok(())
}

/// Checks that chunks are within the limit, and that the text of each block is in them: of its letters and digits,
/// those of the chunks that name it are the ones before or behind it.
fn check_chunks(conversion: &Conversion, tokens: u32) -> Result<(), Failed> {
    let options = WriteOptions {
        chunks: ChunkOptions {
            tokens,
            tokenizer: Tokenizer::Cl100kBase,
            ..ChunkOptions::default()
        },
        ..WriteOptions::default()
    };
    let lines = written(conversion, OutputFormat::Chunks, &options)?;
    let chunks: Vec<Value> = lines
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()?;
    for chunk in &chunks {
        if chunk["tokens"]
            .as_u64()
            .is_none_or(|count| count > u64::from(tokens))
        {
            return Err(format!("a chunk of more than {tokens} tokens: {chunk}").into());
        }
    }
    for page in &conversion.pages {
        for block in &page.blocks {
            check_block(block, &chunks)?;
        }
    }
    Ok(())
}

fn check_block(block: &Block, chunks: &[Value]) -> Result<(), Failed> {
    let Some(inlines) = block.kind.inlines().filter(|_| block.range.is_some()) else {
        return Ok(());
    };
    let id = Value::from(block.id.to_string());
    let named = chunks
        .iter()
        .filter(|chunk| chunk["blocks"].as_array().is_some_and(|ids| ids.contains(&id)));
    let text: String = named.filter_map(|chunk| chunk["text"].as_str()).collect();
    let is_deleted = |inline: &&Inline| match inline {
        Inline::Run(run) => run.marks.as_ref().is_some_and(|marks| marks.deleted.is_some()),
        Inline::Break => false,
    };
    let runs = inlines
        .iter()
        .filter(|inline| !is_deleted(inline))
        .map(Inline::text);
    let words: Vec<String> = runs.map(letters).filter(|run| !run.is_empty()).collect();
    let text = letters(&text);
    match words.iter().find(|run| !text.contains(run.as_str())) {
        Some(run) => Err(format!("{} is not in the chunks of {id}: {text}", run).into()),
        None => Ok(()),
    }
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}
