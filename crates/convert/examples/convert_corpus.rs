//! Converts every file of a corpus set: `convert_corpus SET_DIR OUT_DIR [ENGINE]` reads `SET_DIR/files/*` and writes
//! `OUT_DIR/NAME.md`, with OCR by this engine. Prints failures, warnings, CPU time and the most memory.

#![expect(clippy::print_stdout, reason = "a program for the command line")]

use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs, thread};

use ilios_convert::{Host, Input, Limits, OcrError, OcrRequest, Options, convert};

struct Tesseract;

impl Host for Tesseract {
    fn recognize(&mut self, request: OcrRequest<'_>) -> Result<String, OcrError> {
        let failed = |error: std::io::Error| OcrError::Failed(error.to_string());
        let mut child = Command::new("tesseract")
            .args([
                "stdin",
                "stdout",
                "-l",
                request.languages.as_str(),
                "--dpi",
                &request.dpi.to_string(),
                "tsv",
            ])
            .env("OMP_THREAD_LIMIT", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| OcrError::Unavailable(error.to_string()))?;
        let stdin = child.stdin.take();
        let output = thread::scope(|scope| {
            scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(request.png)));
            child.wait_with_output()
        })
        .map_err(failed)?;
        if !output.status.success() {
            return Err(OcrError::Failed(output.status.to_string()));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args_os().skip(1).map(PathBuf::from);
    let (Some(set), Some(out)) = (arguments.next(), arguments.next()) else {
        return Err("usage: convert_corpus SET_DIR OUT_DIR [ENGINE]".into());
    };
    let engine = arguments.next().unwrap_or_else(|| "auto".into());
    let options = Options {
        ocr_engine: engine.to_string_lossy().parse()?,
        ..Options::default()
    };
    fs::create_dir_all(&out)?;
    let mut files: Vec<PathBuf> = fs::read_dir(set.join("files"))?
        .map(|entry| Ok(entry?.path()))
        .collect::<std::io::Result<_>>()?;
    files.sort();
    let (mut failed, mut pages) = (0, 0);
    for file in &files {
        match one(file, &out, &options) {
            Ok(count) => pages += count,
            Err(error) => {
                failed += 1;
                println!("{}: {error}", file.display());
            }
        }
    }
    println!(
        "{} files, {failed} failed, {pages} pages, {} CPU, {} at most",
        files.len(),
        cpu_time()?,
        most_memory()?
    );
    Ok(())
}

fn one(file: &Path, out: &Path, options: &Options) -> Result<usize, Box<dyn Error>> {
    let bytes = fs::read(file)?;
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let input = Input {
        bytes: &bytes,
        name: &name,
    };
    let conversion = convert(input, options, &Limits::default(), &mut Tesseract)?;
    for warning in &conversion.warnings {
        println!("{name}: warning: {}", warning.message);
    }
    for page in &conversion.pages {
        let confidence = page.confidence.map_or(1.0, |confidence| confidence.mean);
        let doubts: Vec<&str> = page.doubts.iter().map(|doubt| doubt.code.as_str()).collect();
        println!(
            "{name}: page {}: confidence {confidence:.3} {}",
            page.number,
            doubts.join(" ")
        );
    }
    let stem = file.file_stem().unwrap_or_default();
    let mut target = out.join(stem).into_os_string();
    target.push(".md");
    fs::write(target, conversion.markdown())?;
    Ok(conversion.pages.len())
}

/// User and system time of this process and, apart, of the programs that it waited for.
fn cpu_time() -> Result<String, Box<dyn Error>> {
    const TICKS_A_SECOND: f64 = 100.0;
    let stat = fs::read_to_string("/proc/self/stat")?;
    let fields: Vec<&str> = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .collect();
    let seconds = |from: usize| -> f64 {
        fields
            .iter()
            .skip(from)
            .take(2)
            .filter_map(|ticks| ticks.parse::<f64>().ok())
            .sum::<f64>()
            / TICKS_A_SECOND
    };
    Ok(format!(
        "{:.2} s of its own and {:.2} s of tesseract's",
        seconds(11),
        seconds(13)
    ))
}

fn most_memory() -> Result<String, Box<dyn Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    Ok(line.unwrap_or_default().trim().to_owned())
}
