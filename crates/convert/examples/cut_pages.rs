//! Cuts a PDF into parts: `cut_pages FILE PAGES BYTES OUT_DIR` writes `OUT_DIR/N.pdf` of at most so many pages and
//! bytes each.

#![expect(clippy::print_stdout, reason = "a program for the command line")]

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

use ilios_convert::{Limits, PartLimits, PdfParts};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [file, pages, bytes, out] = arguments.as_slice() else {
        return Err("usage: cut_pages FILE PAGES BYTES OUT_DIR".into());
    };
    let limits = PartLimits {
        pages: pages.parse()?,
        bytes: bytes.parse()?,
    };
    let parts = PdfParts::open(fs::read(file)?, &Limits::default())?;
    let all: Vec<u32> = (1..=parts.page_count()).collect();
    fs::create_dir_all(out)?;
    for (index, part) in parts.plan(&all, limits)?.iter().enumerate() {
        let bytes = parts.cut(&part.pages, limits.bytes)?;
        println!("{}: {} pages, {} bytes", index + 1, part.pages.len(), bytes.len());
        fs::write(PathBuf::from(out).join(format!("{}.pdf", index + 1)), bytes)?;
    }
    Ok(())
}
