//! Renders a Markdown file as HTML and as text and says how long that took and how much memory.

#![expect(clippy::print_stdout, reason = "a program that shows what it has measured")]

use std::time::Instant;

use ilios_convert::render::{to_html, to_text};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args()
        .nth(1)
        .ok_or("takes the path of a Markdown file")?;
    let markdown = std::fs::read_to_string(path)?;
    let before = peak_kib()?;
    for (name, render) in [
        ("html", (|text| to_html(text, "title")) as fn(&str) -> _),
        ("text", to_text),
    ] {
        let start = Instant::now();
        let bytes = render(&markdown)?.len();
        println!(
            "{name}: {} bytes to {bytes} in {:?}, {} KiB above the Markdown",
            markdown.len(),
            start.elapsed(),
            peak_kib()? - before
        );
    }
    Ok(())
}

/// Largest memory of this process until now.
fn peak_kib() -> Result<u64, Box<dyn std::error::Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let digits = line.and_then(|line| line.split_whitespace().next());
    Ok(digits.ok_or("no peak is known")?.parse()?)
}
