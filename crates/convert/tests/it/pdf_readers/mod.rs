//! No word of a PDF is lost and none is doubled: the words of each page are compared with those that PDFium and Poppler
//! see. Needs what `scripts/install-test-packages.sh` installs. `reasons.json` has the differences that are right, with
//! their reasons.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use ilios_convert::{Furniture, Hidden, Input, Limits, NoOcr, OcrMode, Options, convert};
use serde_json::{Map, Value, json};

use crate::package;

/// Folders with PDFs, from the folder of the crate.
const FOLDERS: [&str; 7] = [
    "tests/fixtures/pdf",
    "tests/fixtures/pdf-classes",
    "tests/fixtures/pdf-field",
    "tests/fixtures/pdf-forms",
    "tests/suite/pdf-tables",
    "tests/suite/pdf-text",
    "../../samples",
];

#[test]
fn no_word_is_lost_or_doubled() {
    let files = FOLDERS.iter().flat_map(|folder| pdfs(Path::new(folder)));
    let documents: Vec<Value> = files.filter_map(|file| document(&file)).collect();
    assert!(documents.len() > 60, "{} documents", documents.len());
    let mut compare = Command::new("../../scripts/pdf-readers.sh")
        .args([
            "run",
            "tests/it/pdf_readers/compare.py",
            "tests/it/pdf_readers/reasons.json",
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = compare.stdin.take().unwrap();
    input
        .write_all(Value::from(documents).to_string().as_bytes())
        .unwrap();
    drop(input);
    let output = compare.wait_with_output().unwrap();
    let differences = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && differences.is_empty(),
        "differences to other readers:\n{differences}"
    );
}

fn pdfs(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = entries
        .filter(|path| path.extension().is_some_and(|end| end == "pdf"))
        .collect();
    files.sort();
    files
}

/// Pages of a document with all their text; none for one that cannot be converted.
fn document(path: &Path) -> Option<Value> {
    let bytes = package::bytes(path, Path::new("tests/packages")).unwrap_or_else(|error| panic!("{error:?}"));
    let name = path.to_str().unwrap();
    let mut options = Options {
        ocr: OcrMode::Off,
        ..Options::default()
    };
    options.output.furniture = Furniture::Keep;
    options.output.hidden = Hidden::Keep;
    let input = Input { bytes: &bytes, name };
    let conversion = convert(input, &options, &Limits::default(), &mut NoOcr).ok()?;
    let pages = conversion.pages.into_iter();
    let pages: Map<String, Value> = pages
        .map(|page| (page.number.to_string(), Value::from(page.markdown)))
        .collect();
    let mut file = path.to_path_buf();
    if path.is_dir() {
        file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name.replace('/', "-"));
        fs::write(&file, &bytes).unwrap();
    }
    Some(json!({"name": name, "file": file, "pages": pages}))
}
