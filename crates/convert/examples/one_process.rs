//! Documents a second of the readers alone, without OCR and without a process for each document: what those processes
//! cost is the difference to `SANDBOX=off`.
//!
//! usage: cargo run --profile dist --workspace --example one_process -- FOLDER [THREADS]
//!   FOLDER   of documents, without folders in it
//!   THREADS  2 by default

#![expect(clippy::print_stdout, reason = "the figures are printed for people")]

use std::io::Error;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use ilios_convert::{Input, Limits, NoOcr, OcrMode, Options, convert};

fn main() -> Result<(), Error> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or_else(|| Error::other("name a folder"))?;
    let threads = arguments.next().map_or(Ok(2), |text| text.parse());
    let threads: usize = threads.map_err(Error::other)?;
    let entries = std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path()));
    let files: Vec<PathBuf> = entries.collect::<Result<_, Error>>()?;
    let (next, converted) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let began = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    converted.fetch_add(usize::from(converts(file)), Ordering::Relaxed);
                }
            });
        }
    });
    let converted = converted.into_inner();
    let rate = files.len() as f64 / began.elapsed().as_secs_f64();
    println!(
        "{converted} of {} files, {threads} threads: {rate:.1} documents/s",
        files.len()
    );
    if converted < files.len() {
        return Err(Error::other("some files were not converted"));
    }
    Ok(())
}

fn converts(file: &Path) -> bool {
    let Ok(bytes) = std::fs::read(file) else {
        return false;
    };
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let input = Input {
        bytes: &bytes,
        name: &name,
    };
    let options = Options {
        // Pages are not painted for an OCR that is not there.
        ocr: OcrMode::Off,
        ..Options::default()
    };
    let conversion = convert(input, &options, &Limits::default(), &mut NoOcr);
    conversion.is_ok_and(|conversion| !conversion.markdown().is_empty())
}
