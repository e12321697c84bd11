//! Assesses the pages of PDFs: `assess_corpus FILE…` prints a line for each file, with the pages that need OCR, and the
//! sums.

#![expect(clippy::print_stdout, reason = "a program for the command line")]

use std::collections::BTreeMap;
use std::error::Error;
use std::{env, fs};

use ilios_convert::{Limits, PageVerdict, assess_pdf};

fn main() -> Result<(), Box<dyn Error>> {
    let mut sums = BTreeMap::<String, usize>::new();
    for file in env::args_os().skip(1) {
        let name = file.to_string_lossy().into_owned();
        let pages = match assess_pdf(&fs::read(&file)?, &Limits::default()) {
            Ok(pages) => pages,
            Err(error) => {
                println!("{name}: {error}");
                continue;
            }
        };
        let mut other = Vec::new();
        for page in &pages {
            let verdict = format!("{:?}", page.verdict);
            if !matches!(page.verdict, PageVerdict::TextLayer) {
                other.push(format!("{} {verdict}", page.number));
            }
            *sums.entry(verdict).or_default() += 1;
        }
        println!("{name}: {} pages; {}", pages.len(), other.join(", "));
    }
    println!("{sums:?}");
    Ok(())
}
