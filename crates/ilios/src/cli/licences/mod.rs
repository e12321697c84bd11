use std::process::ExitCode;

use super::print;

/// Notices of the crates, which `scripts/licences.py` collects.
const NOTICES: &str = include_str!("notices.txt");
/// Licence of Ilios itself.
const LICENCE: &str = include_str!("../../../../../LICENSE");

/// Prints the licence of Ilios, those of the crates and of the weights of OCR that are part of it.
pub(super) fn run() -> anyhow::Result<ExitCode> {
    print(LICENCE)?;
    if ilios_convert::has_ocr() {
        print("\nIlios contains weights of networks that recognize text:\n\n")?;
        print(ilios_convert::OCR_LICENSE)?;
    }
    print("\n")?;
    print(NOTICES)?;
    Ok(ExitCode::SUCCESS)
}
