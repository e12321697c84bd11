use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;

use super::{chunks, page};
use crate::ir::{Block, BlockId, BlockKind, Inline, Page, Style};
use crate::options::{ChunkContext, ChunkOptions, TableChunks, Tables, Tokenizer, WriteOptions};
use crate::write::chunks::count::Counter;
use crate::write::chunks::unit::units_of;
use crate::write::tests::models::{blocks, counted};

/// Documents of a few pages, on some of which a paragraph goes on.
fn pages() -> impl Strategy<Value = Vec<Page>> {
    vec((blocks(), any::<bool>()), 1..4).prop_map(|pages| {
        let mut out: Vec<Page> = Vec::new();
        for (number, (blocks, goes_on)) in (1..).zip(pages) {
            let mut blocks = renumbered(counted(blocks), number);
            let last = out.last().and_then(|page| page.blocks.last());
            if let Some(last) = last.filter(|last| goes_on && matches!(last.kind, BlockKind::Paragraph(_))) {
                let id = BlockId {
                    page: number,
                    place: 9999,
                };
                let mut rest = Block::new(id, BlockKind::Paragraph(vec![Inline::plain("rest")]));
                rest.continues = Some(last.id);
                blocks.insert(0, rest);
            }
            out.push(page(number, blocks));
        }
        out
    })
}

fn renumbered(mut blocks: Vec<Block>, page: u32) -> Vec<Block> {
    for block in &mut blocks {
        block.visit_mut(&mut |block| block.id.page = page);
    }
    blocks
}

fn options() -> impl Strategy<Value = WriteOptions> {
    let tokens = prop_oneof![Just(32), Just(48), 32..200_u32, Just(8192)];
    let tokenizer =
        prop::sample::select(&[Tokenizer::Cl100kBase, Tokenizer::O200kBase, Tokenizer::Characters][..]);
    let tables = prop::sample::select(&[Tables::Auto, Tables::Markdown, Tables::Html, Tables::Csv][..]);
    (tokens, tokenizer, tables).prop_map(|(tokens, tokenizer, tables)| WriteOptions {
        tables,
        chunks: ChunkOptions {
            tokens,
            tokenizer,
            ..ChunkOptions::default()
        },
        ..WriteOptions::default()
    })
}

fn unstyled(inline: &mut Inline) {
    if let Inline::Run(run) = inline {
        (run.style, run.link) = (Style::default(), None);
    }
}

fn ids(chunk: &Value) -> Vec<BlockId> {
    let ids = chunk["blocks"].as_array().unwrap().iter();
    ids.map(|id| id.as_str().unwrap().parse().unwrap()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn counts_are_exact_and_within_the_limit(
        pages in pages(),
        options in options(),
        prepend in any::<bool>(),
        pairs in any::<bool>(),
        overlap in prop_oneof![Just(0), 0..64_u32],
    ) {
        let mut options = options;
        options.chunks.overlap = overlap;
        options.chunks.context = if prepend { ChunkContext::Prepend } else { ChunkContext::Separate };
        options.chunks.tables = if pairs { TableChunks::Pairs } else { TableChunks::Rows };
        let counter = Counter::new(&options.chunks.tokenizer, None);
        for (index, chunk) in chunks(pages, &options).iter().enumerate() {
            let text = chunk["text"].as_str().unwrap();
            prop_assert_eq!(chunk["index"].as_u64(), Some(index as u64));
            prop_assert_eq!(chunk["tokens"].as_u64(), Some(u64::from(counter.count(text))), "{}", chunk);
            prop_assert!(counter.count(text) <= options.chunks.tokens, "{}", chunk);
            prop_assert!(!text.trim().is_empty());
        }
    }

    #[test]
    fn each_block_is_in_one_chunk_if_it_fits_and_in_order(pages in pages(), options in options()) {
        let limit = options.chunks.tokens;
        let counter = Counter::new(&options.chunks.tokenizer, None);
        let chunks = chunks(pages.clone(), &options);
        let mut at = 0;
        let mut previous: Option<(usize, String)> = None;
        for unit in pages.into_iter().flat_map(|page| units_of(page, &options)) {
            let id = unit.block.id;
            let holders: Vec<usize> = (0..chunks.len()).filter(|at| ids(&chunks[*at]).contains(&id)).collect();
            prop_assert!(!holders.is_empty(), "{} is nowhere", id);
            prop_assert!(holders.is_sorted() && holders[0] >= at || unit.block.continues.is_some());
            at = at.max(*holders.last().unwrap());
            // What goes on has another text; before it may be a text of another page.
            let text = previous.replace((holders[0], unit.text.clone()));
            if unit.block.continues.is_some() {
                continue;
            }
            if counter.count(&unit.text) <= limit && !chunks.iter().any(|chunk| ids(chunk).iter().any(|id| id.place == 9999)) {
                prop_assert_eq!(holders.len(), 1, "{} {:?}", id, text);
                let chunk = chunks[holders[0]]["text"].as_str().unwrap();
                prop_assert!(chunk.contains(&unit.text), "{}\nis not in\n{}", unit.text, chunk);
            }
        }
    }

    #[test]
    fn no_chunk_goes_over_a_heading_of_the_same_or_a_higher_level(pages in pages(), options in options()) {
        let units: Vec<_> = pages.iter().cloned().flat_map(|page| units_of(page, &options)).collect();
        for chunk in chunks(pages, &options) {
            let ids = ids(&chunk);
            let levels: Vec<u8> = units
                .iter()
                .filter(|unit| ids.contains(&unit.block.id))
                .filter_map(|unit| unit.heading)
                .collect();
            prop_assert!(levels.windows(2).all(|pair| pair[0] < pair[1]), "{:?} {}", levels, chunk);
        }
    }

    #[test]
    fn all_words_are_in_the_chunks_once(pages in pages(), tokens in 32..100_u32) {
        let options = WriteOptions {
            tables: Tables::Markdown,
            chunks: ChunkOptions { tokens, tokenizer: Tokenizer::Characters, ..ChunkOptions::default() },
            ..WriteOptions::default()
        };
        // A header stands in each part of its table, and the address of a link and the signs of a style in each part of
        // what has them.
        let plain = |block: &Block| matches!(block.kind, BlockKind::Paragraph(_) | BlockKind::Title(_) | BlockKind::Heading { .. });
        let mut pages = pages;
        for page in &mut pages {
            page.blocks.retain(plain);
            for block in &mut page.blocks {
                block.visit_inlines_mut(&mut |inlines| inlines.iter_mut().for_each(unstyled));
            }
        }
        let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).collect::<String>();
        let units = pages.iter().cloned().flat_map(|page| units_of(page, &options));
        let expected: String = units.map(|unit| letters(&unit.text)).collect();
        let actual: String = chunks(pages, &options).iter().map(|chunk| letters(chunk["text"].as_str().unwrap())).collect();
        prop_assert_eq!(actual, expected);
    }
}
