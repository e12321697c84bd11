//! Random models, written and read back.

use proptest::collection::vec;
use proptest::prelude::*;

use crate::Limits;
use crate::ir::{Block, Builder, Page, PageKind};
use crate::options::{Images, WriteOptions};
use crate::readers::markdown_text::read_blocks;
use crate::write::markdown::normalize::normalize;
use crate::write::tests::models::{block, blocks, counted, kind};
use crate::write::write_page;

fn options() -> WriteOptions {
    WriteOptions {
        images: Images::Extract,
        ..WriteOptions::default()
    }
}

fn written(blocks: &[Block]) -> Page {
    let mut page = Page::new(1, PageKind::Structure);
    page.blocks = blocks.to_vec();
    write_page(&mut page, &options());
    page
}

fn read(markdown: &str) -> Vec<Block> {
    let limits = Limits::default();
    let mut builder = Builder::new(&limits);
    read_blocks(markdown, &mut builder).unwrap();
    builder.finish_page().unwrap().0
}

/// Place where two models begin to differ, of the first and of the second.
fn difference(read: &[Block], expected: &[Block]) -> Option<(String, String)> {
    let lines = |blocks: &[Block]| -> Vec<String> {
        let debug = format!("{blocks:#?}");
        debug.lines().map(|line| line.trim().to_owned()).collect()
    };
    let (read, expected) = (lines(read), lines(expected));
    let at = (0..read.len().max(expected.len())).find(|&at| read.get(at) != expected.get(at))?;
    let around =
        |lines: &[String]| lines[at.saturating_sub(8).min(lines.len())..(at + 4).min(lines.len())].join(" ");
    Some((around(&read), around(&expected)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_back(blocks in blocks()) {
        let page = written(&blocks);
        let expected = counted(normalize(&blocks, &options()));
        let read = counted(read(&page.markdown));
        if let Some((read, expected)) = difference(&read, &expected) {
            prop_assert!(false, "\n{}\nread:     {}\nexpected: {}", page.markdown, read, expected);
        }
    }

    #[test]
    fn a_range_cuts_its_block_out_of_the_markdown(blocks in vec(kind().prop_map(block), 1..5)) {
        let page = written(&blocks);
        let chars: Vec<char> = page.markdown.chars().collect();
        for block in &page.blocks {
            let expected = normalize(std::slice::from_ref(block), &options());
            let Some((start, end)) = block.range else {
                prop_assert!(expected.is_empty(), "{:?}", block);
                continue;
            };
            let cut: String = chars[start as usize..end as usize].iter().collect();
            if let Some((read, expected)) = difference(&counted(read(&cut)), &counted(expected)) {
                prop_assert!(false, "\n{}\nread:     {}\nexpected: {}", cut, read, expected);
            }
        }
    }
}
