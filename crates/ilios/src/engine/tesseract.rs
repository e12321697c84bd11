use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Output, Stdio};
use std::time::Duration;

use ilios_convert::{OcrError, OcrLanguages};
use ilios_sandbox::{Launcher, ProgramLimits};
use tokio::io::AsyncWriteExt;
use tokio::process::Command;
use tokio::sync::OnceCell;

/// A picture that takes longer is given up; a dense page takes a few seconds.
const PICTURE_TIMEOUT: Duration = Duration::from_secs(120);
/// Bytes of TSV that are taken for one picture.
const MAX_TSV: usize = 64 << 20;

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
    pub async fn recognize(
        &self,
        png: &[u8],
        dpi: u32,
        languages: &OcrLanguages,
    ) -> Result<Vec<u8>, OcrError> {
        self.check(languages).await?;
        let run = tokio::time::timeout(PICTURE_TIMEOUT, self.run(png, dpi, languages));
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

    async fn check(&self, languages: &OcrLanguages) -> Result<(), OcrError> {
        let TesseractStatus::Installed {
            languages: installed, ..
        } = self.status().await
        else {
            return Err(OcrError::Unavailable(
                "the tesseract program is not installed (on Debian: apt-get install tesseract-ocr)".into(),
            ));
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

    async fn run(&self, png: &[u8], dpi: u32, languages: &OcrLanguages) -> std::io::Result<Output> {
        let mut process = self
            .command()
            .args([
                "stdin",
                "stdout",
                "-l",
                languages.as_str(),
                "--dpi",
                &dpi.to_string(),
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
                drop(stdin.write_all(png).await);
            }
        };
        let (output, ()) = tokio::join!(process.wait_with_output(), feed);
        output
    }
}
