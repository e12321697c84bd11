use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Output, Stdio};
use std::time::Duration;

use ilios_convert::{OcrError, OcrLanguages, is_foreign};
use ilios_sandbox::{Launcher, ProgramLimits};
use tokio::io::AsyncWriteExt;
use tokio::process::Command;
use tokio::sync::OnceCell;

/// A picture that takes longer is given up; a dense page takes a few seconds.
const PICTURE_TIMEOUT: Duration = Duration::from_secs(120);
/// Message where the program is missing.
const NOT_INSTALLED: &str =
    "the tesseract program is not installed (on Debian: apt-get install tesseract-ocr)";
/// Bytes of TSV that are taken for one picture.
const MAX_TSV: usize = 64 << 20;

/// Languages of other scripts that are tried at once, at most: each takes its time.
const MAX_FOREIGN_LANGUAGES: usize = 8;

/// Picture to recognize.
#[derive(Debug, Clone, Copy)]
pub struct Picture<'a> {
    /// The picture as PNG.
    pub png: &'a [u8],
    /// Pixels per inch.
    pub dpi: u32,
    /// Languages of its text.
    pub languages: &'a OcrLanguages,
    /// Set to take all languages of scripts that the converter does not know by itself instead.
    pub any_script: bool,
}

/// The `tesseract` program, searched when it is first needed.
pub struct Tesseract {
    program: PathBuf,
    environment: Vec<(OsString, OsString)>,
    launch: Option<(Launcher, ProgramLimits)>,
    status: OnceCell<TesseractStatus>,
}

/// Availability of tesseract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TesseractStatus {
    /// It runs, and has data for these languages.
    Installed {
        /// First line of `tesseract --version`.
        version: String,
        /// Languages, as `tesseract --list-langs` names them.
        languages: BTreeSet<String>,
    },
    /// It does not run.
    Missing,
}

impl Tesseract {
    /// The program at `program` (a bare name is searched in `PATH`), run with `environment` alone.
    #[must_use]
    pub fn new(program: PathBuf, environment: Vec<(OsString, OsString)>) -> Self {
        Self {
            program,
            environment,
            launch: None,
            status: OnceCell::new(),
        }
    }

    /// The same program, started by `launcher` under `limits`.
    #[must_use]
    pub fn limited(self, launcher: Launcher, limits: ProgramLimits) -> Self {
        Self {
            launch: Some((launcher, limits)),
            ..self
        }
    }

    /// Availability; determined once.
    pub async fn status(&self) -> &TesseractStatus {
        self.status.get_or_init(|| self.probe()).await
    }

    async fn probe(&self) -> TesseractStatus {
        let Some(version) = self.ask("--version").await else {
            return TesseractStatus::Missing;
        };
        let languages = self.ask("--list-langs").await.unwrap_or_default();
        TesseractStatus::Installed {
            version: version.lines().next().unwrap_or_default().trim().to_owned(),
            languages: languages
                .lines()
                .skip(1)
                .map(|line| line.trim().to_owned())
                .collect(),
        }
    }

    async fn ask(&self, argument: &str) -> Option<String> {
        let output = self
            .command()
            .arg(argument)
            .output()
            .await
            .ok()
            .filter(|output| output.status.success())?;
        // Old versions write to standard error.
        let text = if output.stdout.is_empty() {
            output.stderr
        } else {
            output.stdout
        };
        String::from_utf8(text).ok()
    }

    fn command(&self) -> Command {
        let mut command = match &self.launch {
            Some((launcher, limits)) => launcher.command(&self.program, *limits),
            None => Command::new(&self.program),
        };
        command
            .env_clear()
            .envs(self.environment.iter().map(|(name, value)| (name, value)));
        // One document is one unit of work on one core; its threads would only fight with other documents.
        command
            .env("OMP_THREAD_LIMIT", "1")
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }

    /// Recognizes the text of a PNG and returns tesseract's TSV.
    ///
    /// # Errors
    /// [`OcrError::Unavailable`] when the program or the data of a language is missing,
    /// [`OcrError::Failed`] when it cannot read this picture or takes too long.
    pub async fn recognize(&self, picture: Picture<'_>) -> Result<Vec<u8>, OcrError> {
        let foreign;
        let languages = match picture.any_script {
            true => {
                foreign = self.foreign_languages().await?;
                &foreign
            }
            false => picture.languages,
        };
        self.check(languages).await?;
        let run = tokio::time::timeout(PICTURE_TIMEOUT, self.run(picture, languages));
        let output = run
            .await
            .map_err(|_| OcrError::Failed(format!("OCR took longer than {} s", PICTURE_TIMEOUT.as_secs())))?
            .map_err(|error| OcrError::Failed(format!("OCR could not be run: {error}")))?;
        if !output.status.success() {
            return Err(OcrError::Failed("OCR could not read the picture".into()));
        }
        if output.stdout.len() > MAX_TSV {
            return Err(OcrError::Failed("OCR gave too much output".into()));
        }
        Ok(output.stdout)
    }

    /// Installed languages of scripts that the converter does not know by itself.
    async fn foreign_languages(&self) -> Result<OcrLanguages, OcrError> {
        let TesseractStatus::Installed { languages, .. } = self.status().await else {
            return Err(OcrError::Unavailable(NOT_INSTALLED.into()));
        };
        let foreign = languages.iter().filter(|language| is_foreign(language));
        let names: Vec<&str> = foreign.take(MAX_FOREIGN_LANGUAGES).map(String::as_str).collect();
        names
            .join("+")
            .parse()
            .map_err(|_| OcrError::Unavailable("tesseract has no data for another script".into()))
    }

    async fn check(&self, languages: &OcrLanguages) -> Result<(), OcrError> {
        let TesseractStatus::Installed {
            languages: installed, ..
        } = self.status().await
        else {
            return Err(OcrError::Unavailable(NOT_INSTALLED.into()));
        };
        match languages.iter().find(|language| !installed.contains(*language)) {
            None => Ok(()),
            Some(missing) => Err(OcrError::Unavailable(format!(
                "tesseract has no data for the language {missing}; installed are {} (on Debian: apt-get \
                 install tesseract-ocr-{})",
                installed
                    .iter()
                    .map(String::as_str)
                    .collect::<Vec<_>>()
                    .join(", "),
                missing.replace('_', "-"),
            ))),
        }
    }

    async fn run(&self, picture: Picture<'_>, languages: &OcrLanguages) -> std::io::Result<Output> {
        let mut process = self
            .command()
            .args([
                "stdin",
                "stdout",
                "-l",
                languages.as_str(),
                "--dpi",
                &picture.dpi.to_string(),
                "tsv",
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let stdin = process.stdin.take();
        let feed = async move {
            // A program that stops reading tells why by its exit status.
            if let Some(mut stdin) = stdin {
                drop(stdin.write_all(picture.png).await);
            }
        };
        let (output, ()) = tokio::join!(process.wait_with_output(), feed);
        output
    }
}
