//! Conversion suite: a case is a file and the Markdown that it has to convert to, one test for each file.
//!
//! `suite/<class>/<file>.md` is the expected Markdown of `suite/<class>/<file>` or, if that does not exist, of
//! `fixtures/<class>/<file>`. `<file>.json` beside it is the expected model: the document as `format=json` writes it, in
//! lines for people, with the detected format in front and without the Markdown of its pages, which the `.md` has. An
//! input may be a folder, of which [`package`] makes the file. A file without an expectation fails. `UPDATE_EXPECT=1`
//! writes what the conversion yields; look at the difference before you commit it.
//!
//! Run one class or case by its name: `cargo nextest run -p ilios-convert --test suite pdf/lists`.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a suite whose files cannot be read has to fail"
)]

mod layout;
mod outputs;
mod package;
#[path = "../it/pdf_objects/mod.rs"]
mod pdf_objects;
mod read_back;
#[path = "../it/schema/mod.rs"]
mod schema;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use ilios_convert::{Conversion, Input, Limits, NoOcr, Options, OutputFormat, WriteOptions, convert};
use libtest_mimic::{Arguments, Failed, Trial};

/// Case: an input file and its expectation.
struct Case {
    /// `<class>/<file>`.
    name: String,
    input: PathBuf,
    /// Path of the expected Markdown.
    expected: PathBuf,
}

fn main() -> ExitCode {
    let trials = cases().into_iter().map(|case| {
        let name = case.name.clone();
        Trial::test(name, move || run(&case))
    });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit_code()
}

fn root() -> PathBuf {
    Path::new(".").join("tests")
}

/// Collects the cases of all classes in the order of their names.
fn cases() -> Vec<Case> {
    let suite = root().join("suite");
    let mut names = BTreeSet::new();
    for class in entries(&suite).into_iter().filter(|path| path.is_dir()) {
        let class_name = file_name(&class);
        for file in entries(&class) {
            let file = file_name(&file);
            names.insert(format!("{class_name}/{}", input_name(&class, &file)));
        }
    }
    let case = |name: String| {
        let own = suite.join(&name);
        let shared = root().join("fixtures").join(&name);
        Case {
            expected: suite.join(format!("{name}.md")),
            input: if own.exists() { own } else { shared },
            name,
        }
    };
    names.into_iter().map(case).collect()
}

/// Name of the input that a file of a class belongs to: the file itself, or that of an expectation.
fn input_name(class: &Path, file: &str) -> String {
    let expectation = [".md", ".json"]
        .iter()
        .find_map(|suffix| file.strip_suffix(suffix));
    let shared = root().join("fixtures").join(file_name(class));
    match expectation {
        Some(input) if class.join(input).exists() || shared.join(input).exists() => input.to_owned(),
        _ => file.to_owned(),
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder of the suite");
    entries.map(|entry| entry.expect("an entry").path()).collect()
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

#[expect(clippy::disallowed_methods, reason = "a test has no configuration module")]
fn updates() -> bool {
    std::env::var_os("UPDATE_EXPECT").is_some()
}

fn run(case: &Case) -> Result<(), Failed> {
    let bytes = package::bytes(&case.input, &root().join("packages"))?;
    let input = Input {
        bytes: &bytes,
        name: &file_name(&case.input),
    };
    let conversion = convert(input, &Options::default(), &Limits::default(), &mut NoOcr)?;
    let update = updates();
    compare(&case.expected, &conversion.markdown(), update)?;
    compare(
        &case.expected.with_extension("json"),
        &model(&conversion)?,
        update,
    )?;
    outputs::check(&conversion)?;
    read_back::check(&conversion)
}

/// The model of a document as JSON for people.
fn model(conversion: &Conversion) -> Result<String, Failed> {
    let mut conversion = conversion.clone();
    for page in &mut conversion.pages {
        page.markdown.clear();
    }
    let json = outputs::written(&conversion, OutputFormat::Json, &WriteOptions::default())?;
    let fields = json.trim_end().strip_prefix('{').unwrap_or_default();
    let format = serde_json::to_string(&conversion.format)?;
    let fields = fields.replace("\"markdown\":\"\",", "");
    Ok(layout::lines(&format!("{{\"format\":{format},{fields}")))
}

/// Compares a text with its expectation, or writes it.
fn compare(path: &Path, actual: &str, update: bool) -> Result<(), Failed> {
    if update {
        return Ok(fs::write(path, actual)?);
    }
    let expected = fs::read_to_string(path)
        .map_err(|error| format!("{}: {error}; UPDATE_EXPECT=1 writes it", path.display()))?;
    if expected == actual {
        return Ok(());
    }
    let mut lines = expected.lines().zip(actual.lines()).enumerate();
    let first = lines.find(|(_, (expected, actual))| expected != actual);
    let place = match first {
        Some((line, (expected, actual))) => {
            format!("line {}:\n  expected: {expected}\n  actual:   {actual}", line + 1)
        }
        None => "one text is the beginning of the other".to_owned(),
    };
    Err(format!("{} differs at {place}\n\nwhole text:\n{actual}", path.display()).into())
}
