//! `ilios convert`: files to Markdown without a server.

mod inputs;
mod job;
mod output_options;
mod outputs;
mod pace;
mod page_images;
mod pages;
mod picture_folder;
mod progress;
mod targets;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use futures::StreamExt;
use ilios_convert::{Images, OcrEngine, OcrLanguages, OcrMode, Options, OutputFormat, PageRanges};

use super::hints::print_hint;
use super::terminal::usage;
use super::{load_config, print, print_error, runtime};
use crate::model::{ConversionOptions, EngineChoice};
use crate::spool::Spool;
use inputs::{InputSelection, Source};
use job::{Done, Job};
use output_options::OutputArguments;
use outputs::Plan;
use pages::Pages;
use picture_folder::PictureFolder;
use progress::Progress;
use targets::{Existing, Targets};

const EXAMPLES: &str = "\
Examples:
  ilios convert report.pdf > report.md
  ilios convert scan.pdf --ocr force --ocr-languages eng+deu
  ilios convert book.pdf --pages 1-3,7 --format html -o out/
  ilios convert slides.pptx --images extract -o out/
  ilios convert 'inbox/*.docx' letters/ --recursive -o markdown/
  ilios convert scan.pdf --page-images=150 -o out/
  curl -s https://example.org/ | ilios convert - --name page.html";

/// Convert files to Markdown.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct ConvertArguments {
    /// Files, folders (with --recursive), patterns such as 'inbox/*.pdf', or - for standard input. A pattern that the
    /// shell has not expanded matches no name that is not UTF-8.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<OsString>,
    /// Folder for the results; created when missing. Without it one file goes to standard output. A file that is
    /// there already is left alone and its source fails, unless --force or --skip-existing is given; a file that is
    /// itself to be converted is never written over.
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Replace results that are there already.
    #[arg(long, requires = "output", conflicts_with = "skip_existing")]
    force: bool,
    /// Convert only what has no result yet.
    #[arg(long, requires = "output")]
    skip_existing: bool,
    /// markdown, json, text, html or chunks.
    #[arg(long, default_value = "markdown", value_parser = parse::<OutputFormat>)]
    format: OutputFormat,
    /// 1-based pages and ranges such as 1-3,7; all by default.
    #[arg(long, value_parser = parse::<PageRanges>)]
    pages: Option<PageRanges>,
    /// Use of OCR for pictures: auto, off or force.
    #[arg(long, default_value = "auto", value_parser = parse::<OcrMode>)]
    ocr: OcrMode,
    /// Engine of OCR: builtin, tesseract, or auto, which takes tesseract for languages in other than Latin scripts and
    /// Chinese.
    #[arg(long, default_value = "auto", value_parser = parse::<OcrEngine>)]
    ocr_engine: OcrEngine,
    /// Languages of the text by their names for tesseract, joined by +, such as eng+deu.
    #[arg(long, default_value = "eng", value_parser = parse::<OcrLanguages>)]
    ocr_languages: OcrLanguages,
    /// mistral, local or auto; what ENGINE says by default.
    #[arg(long, value_parser = parse::<EngineChoice>)]
    engine: Option<EngineChoice>,
    /// Keep the pages that are done when a conversion is stopped.
    #[arg(long)]
    partial: bool,
    /// Go into folders; the folder for the results is left out.
    #[arg(short, long)]
    recursive: bool,
    /// Draw each page of PDFs and images, as NAME.images/page-3.png beside the result; DPI is 36 to 200, 96 where it is
    /// left out.
    #[arg(long, value_name = "DPI", num_args = 0..=1, require_equals = true, default_missing_value = "96",
        value_parser = clap::value_parser!(u32).range(36..=200), requires = "output")]
    page_images: Option<u32>,
    /// Files converted at once; the number of processors by default.
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
    /// Name of the document on standard input, whose extension helps to tell its type.
    #[arg(long, default_value = "document")]
    name: OsString,
    /// Print neither progress nor summary.
    #[arg(short, long)]
    quiet: bool,
    #[command(flatten)]
    outputs: OutputArguments,
}

fn parse<T: std::str::FromStr>(text: &str) -> Result<T, String>
where
    T::Err: std::fmt::Display,
{
    text.parse().map_err(|error: T::Err| error.to_string())
}

pub(super) fn run(arguments: &ConvertArguments) -> anyhow::Result<ExitCode> {
    let selection = InputSelection {
        arguments: &arguments.files,
        stdin_name: &arguments.name.to_string_lossy(),
        recursive: arguments.recursive,
        output: arguments.output.as_deref(),
    };
    let sources = selection.collect()?;
    require_output(arguments, sources.len())?;
    let mut config = load_config()?;
    if let Some(jobs) = arguments.jobs {
        config.processors = config.processors.min(u32::from(jobs));
    }
    let runtime = runtime::runtime()?;
    let options = ConversionOptions {
        reading: Options {
            pages: arguments.pages.clone(),
            ocr: arguments.ocr,
            ocr_engine: arguments.ocr_engine,
            ocr_languages: arguments.ocr_languages.clone(),
            partial: arguments.partial,
            output: arguments.outputs.0.clone(),
        },
        engine: arguments.engine,
        include_images: takes_pictures(arguments),
        ..ConversionOptions::default()
    };
    let _entered = runtime.enter();
    // Nothing of it has a name, and nothing is left of it.
    let spool = Spool::new(&std::env::temp_dir(), config.max_file_size)?;
    let job = Job {
        engine: runtime::engine(&config, spool.clone(), 0)?,
        prices: config.prices,
        spool,
        max_file_size: config.max_file_size,
        options,
        format: arguments.format,
        page_images: arguments.page_images,
    };
    let output = job.engine.check_output(&job.options.reading.output);
    output.map_err(|error| usage(format!("--{error}")))?;
    match &arguments.output {
        None => {
            let pages = Pages::of_files(1, !arguments.quiet);
            sources.first().map_or(Ok(ExitCode::SUCCESS), |source| {
                one(&runtime, &job, source, &pages)
            })
        }
        Some(folder) => {
            let jobs = arguments.jobs.map_or(config.convert_concurrency, usize::from);
            let plan = Plan::new(folder, sources, arguments.format);
            runtime.block_on(many(Arc::new(job), plan, jobs, arguments))
        }
    }
}

fn takes_pictures(arguments: &ConvertArguments) -> bool {
    arguments.outputs.0.images == Images::Extract
}

/// Refuses what has no place to go to.
fn require_output(arguments: &ConvertArguments, sources: usize) -> anyhow::Result<()> {
    match &arguments.output {
        None if sources > 1 => Err(usage(format!(
            "{sources} files: name a folder for the results with -o DIR"
        ))),
        None if takes_pictures(arguments) => Err(usage(
            "--images extract: name a folder for the results and their pictures with -o DIR",
        )),
        Some(folder) if folder.exists() && !folder.is_dir() => Err(usage(format!(
            "{} is no folder; -o takes one for the results",
            folder.display()
        ))),
        _ => Ok(()),
    }
}

/// One file to standard output; warnings to standard error.
fn one(
    runtime: &tokio::runtime::Runtime,
    job: &Job,
    source: &Source,
    pages: &Pages,
) -> anyhow::Result<ExitCode> {
    let done = runtime.block_on(async {
        let convert = job.convert(source, String::new(), pages.begin(source.shown()));
        pages.while_running(convert).await
    });
    pages.finish();
    match done {
        Ok(done) => {
            print(&done.text)?;
            for warning in done.warnings {
                print_error(&format!("ilios: {}: {warning}", source.shown()));
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(reason) => {
            print_error(&format!("ilios: {}: {reason:#}", source.shown()));
            print_hint(&reason);
            Ok(ExitCode::FAILURE)
        }
    }
}

/// Many files into a folder; one that fails is named and the rest go on.
async fn many(
    job: Arc<Job>,
    plan: Plan,
    jobs: usize,
    arguments: &ConvertArguments,
) -> anyhow::Result<ExitCode> {
    let existing = match (arguments.force, arguments.skip_existing) {
        (true, _) => Existing::Replace,
        (false, true) => Existing::Skip,
        (false, false) => Existing::Refuse,
    };
    let sources = plan.documents.iter().map(|(source, _)| source);
    let targets = Arc::new(Targets::new(existing, sources, &plan.results));
    let mut progress = Progress::new(plan.documents.len(), arguments.quiet);
    for path in &plan.results {
        progress.left_out(path);
    }
    let pages = progress.pages().clone();
    let work = plan.documents.into_iter().map(|(source, target)| {
        let (job, targets, pages) = (Arc::clone(&job), Arc::clone(&targets), pages.clone());
        async move {
            let outcome = converted_to(&job, &targets, &pages, &source, target).await;
            (source, outcome)
        }
    });
    let mut work = futures::stream::iter(work).buffer_unordered(jobs);
    while let Some((source, outcome)) = pages.while_running(work.next()).await {
        progress.done(&source, &outcome);
    }
    let failed = progress.finish();
    Ok(if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Converts one of many files; `None` when its result is there already and stays.
async fn converted_to(
    job: &Job,
    targets: &Arc<Targets>,
    pages: &Pages,
    source: &Source,
    target: PathBuf,
) -> anyhow::Result<Option<Done>> {
    if !targets.takes(&target)? {
        return Ok(None);
    }
    let progress = pages.begin(source.shown());
    let pictures = PictureFolder::of(&target);
    let done = job.convert(source, pictures.address(), progress.clone()).await;
    pages.end(&progress);
    let mut done = done?;
    job.write_page_images(&done, &pictures, targets).await?;
    let (targets, text) = (Arc::clone(targets), std::mem::take(&mut done.text));
    let images = std::mem::take(&mut done.pictures);
    let written = tokio::task::spawn_blocking(move || {
        pictures.write(&images, &targets)?;
        targets.write(&target, text.as_bytes())
    });
    written.await??;
    Ok(Some(done))
}
