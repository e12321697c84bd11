//! Splits a PDF into parts: `split_pdf FILE PAGES BYTES OUT_DIR` writes `OUT_DIR/N.pdf` of at most PAGES pages and
//! BYTES bytes.

#![expect(clippy::print_stdout, reason = "a program for the command line")]

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

use ilios_convert::{Limits, PartLimits, PdfSplitter};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [file, pages, bytes, out] = arguments.as_slice() else {
        return Err("usage: split_pdf FILE PAGES BYTES OUT_DIR".into());
    };
    let limits = PartLimits {
        pages: pages.parse()?,
        bytes: bytes.parse()?,
    };
    let parts = PdfSplitter::open(fs::read(file)?, &Limits::default())?;
    let all: Vec<u32> = (1..=parts.page_count()).collect();
    fs::create_dir_all(out)?;
    for (index, part) in parts.plan(&all, limits)?.iter().enumerate() {
        let bytes = parts.extract(&part.pages, limits.bytes)?;
        println!("{}: {} pages, {} bytes", index + 1, part.pages.len(), bytes.len());
        fs::write(PathBuf::from(out).join(format!("{}.pdf", index + 1)), bytes)?;
    }
    Ok(())
}
