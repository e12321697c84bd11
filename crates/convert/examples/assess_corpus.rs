//! Tells what each page of PDFs needs: `assess_corpus FILE…` prints a line a file, and the sums.

#![expect(clippy::print_stdout, reason = "a program for the command line")]

use std::collections::BTreeMap;
use std::error::Error;
use std::{env, fs};

use ilios_convert::{Limits, PageNeeds, assess_pdf};

fn main() -> Result<(), Box<dyn Error>> {
    let mut sums = BTreeMap::<String, usize>::new();
    for file in env::args_os().skip(1) {
        let name = file.to_string_lossy().into_owned();
        let verdicts = match assess_pdf(&fs::read(&file)?, &Limits::default()) {
            Ok(verdicts) => verdicts,
            Err(error) => {
                println!("{name}: {error}");
                continue;
            }
        };
        let mut eyes = Vec::new();
        for verdict in &verdicts {
            let needs = format!("{:?}", verdict.needs);
            if !matches!(verdict.needs, PageNeeds::Text) {
                eyes.push(format!("{} {needs}", verdict.number));
            }
            *sums.entry(needs).or_default() += 1;
        }
        println!("{name}: {} pages; {}", verdicts.len(), eyes.join(", "));
    }
    println!("{sums:?}");
    Ok(())
}
