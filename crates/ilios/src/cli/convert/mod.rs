//! `ilios convert`: files to Markdown without a server.

mod inputs;
mod job;
mod outputs;
mod progress;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use futures::StreamExt;
use ilios_convert::{OcrLanguages, OcrMode, Options, PageRanges};

use super::{complain, load_config, print, runtime};
use crate::app::OutputFormat;
use crate::model::{ConversionOptions, EngineChoice};
use crate::spool::Spool;
use inputs::{Source, collect};
use job::Job;
use outputs::Plan;
use progress::Progress;

const EXAMPLES: &str = "\
Examples:
  ilios convert report.pdf > report.md
  ilios convert scan.pdf --ocr force --ocr-languages eng+deu
  ilios convert book.pdf --pages 1-3,7 --format html -o out/
  ilios convert 'inbox/*.docx' letters/ --recursive -o markdown/
  curl -s https://example.org/ | ilios convert - --name page.html";

/// Convert files to Markdown.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct ConvertArguments {
    /// Files, folders (with --recursive), patterns such as 'inbox/*.pdf', or - for standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
    /// Folder for the results; created when missing. Without it one file goes to standard output.
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// markdown, json, text or html.
    #[arg(long, default_value = "markdown", value_parser = parse::<OutputFormat>)]
    format: OutputFormat,
    /// 1-based pages and ranges such as 1-3,7; all by default.
    #[arg(long, value_parser = parse::<PageRanges>)]
    pages: Option<PageRanges>,
    /// When to recognize text in pictures: auto, off or force.
    #[arg(long, default_value = "auto", value_parser = parse::<OcrMode>)]
    ocr: OcrMode,
    /// Languages of tesseract joined by +, such as eng+deu.
    #[arg(long, default_value = "eng", value_parser = parse::<OcrLanguages>)]
    ocr_languages: OcrLanguages,
    /// mistral, local or auto; what ENGINE says by default.
    #[arg(long, value_parser = parse::<EngineChoice>)]
    engine: Option<EngineChoice>,
    /// Keep the pages that are done when a conversion is stopped.
    #[arg(long)]
    partial: bool,
    /// Go into folders.
    #[arg(short, long)]
    recursive: bool,
    /// How many files at once; the number of processors by default.
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
    /// Name of the document on standard input, whose extension helps to tell its type.
    #[arg(long, default_value = "document")]
    name: String,
    /// Print neither progress nor summary.
    #[arg(short, long)]
    quiet: bool,
}

fn parse<T: std::str::FromStr>(text: &str) -> Result<T, String>
where
    T::Err: std::fmt::Display,
{
    text.parse().map_err(|error: T::Err| error.to_string())
}

pub(super) fn run(arguments: &ConvertArguments) -> anyhow::Result<ExitCode> {
    let config = load_config()?;
    let sources = collect(&arguments.files, &arguments.name, arguments.recursive)?;
    let runtime = runtime::runtime()?;
    let options = ConversionOptions {
        reading: Options {
            pages: arguments.pages.clone(),
            ocr: arguments.ocr,
            ocr_languages: arguments.ocr_languages.clone(),
            partial: arguments.partial,
        },
        engine: arguments.engine,
        ..ConversionOptions::default()
    };
    let _entered = runtime.enter();
    // Nothing of it has a name, and nothing is left of it.
    let spool = Spool::new(&std::env::temp_dir(), config.max_file_size)?;
    let job = Job {
        engine: runtime::engine(&config, spool, 0)?,
        prices: runtime::prices(&config),
        max_file_size: config.max_file_size,
        options,
        format: arguments.format,
    };
    match (&arguments.output, sources.as_slice()) {
        (None, [source]) => one(&runtime, &job, source),
        (None, _) => anyhow::bail!(
            "{} files: name a folder for the results with -o DIR",
            sources.len()
        ),
        (Some(folder), _) => {
            let jobs = arguments.jobs.map_or(config.convert_concurrency, usize::from);
            let plan = Plan::new(folder, sources, arguments.format);
            runtime.block_on(many(Arc::new(job), plan, jobs, arguments.quiet))
        }
    }
}

/// One file to standard output; warnings to standard error.
fn one(runtime: &tokio::runtime::Runtime, job: &Job, source: &Source) -> anyhow::Result<ExitCode> {
    let done = runtime.block_on(job.convert(source));
    match done {
        Ok(done) => {
            print(&done.text)?;
            for warning in done.warnings {
                complain(&format!("ilios: {}: {warning}", source.shown()));
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(reason) => {
            complain(&format!("ilios: {}: {reason:#}", source.shown()));
            Ok(ExitCode::FAILURE)
        }
    }
}

/// Many files into a folder; one that fails is named and the rest go on.
async fn many(job: Arc<Job>, plan: Plan, jobs: usize, quiet: bool) -> anyhow::Result<ExitCode> {
    let mut progress = Progress::new(plan.len(), quiet);
    let work = plan.into_iter().map(|(source, target)| {
        let job = Arc::clone(&job);
        async move {
            let outcome = job.convert_to(&source, &target).await;
            (source, outcome)
        }
    });
    let mut work = futures::stream::iter(work).buffer_unordered(jobs);
    while let Some((source, outcome)) = work.next().await {
        progress.done(&source, &outcome);
    }
    let failed = progress.finish();
    Ok(if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
