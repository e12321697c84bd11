//! Puts the weights into the crate if `scripts/fetch-ocr-models.sh` has placed them in the cache folder of the user or in
//! the one that `OCR_MODELS_DIR` names. A build without them works, and the program says what it lacks.

#![expect(
    clippy::disallowed_methods,
    reason = "a build script is told by the environment alone what to do"
)]

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// Names and digests of the files.
const FILES: &str = include_str!("weights/SHA256SUMS");

fn main() {
    println!("cargo:rerun-if-env-changed=OCR_MODELS_DIR");
    println!("cargo:rerun-if-changed=weights/SHA256SUMS");
    println!("cargo:rustc-check-cfg=cfg(has_weights)");
    let Some(out) = env::var_os("OUT_DIR").map(PathBuf::from) else {
        return;
    };
    let Some(folder) = folder() else {
        println!("cargo:warning=no folder for the weights of OCR: neither OCR_MODELS_DIR nor HOME is set");
        return;
    };
    match take(&folder, &out) {
        Ok(()) => println!("cargo:rustc-cfg=has_weights"),
        Err(reason) => {
            println!("cargo:warning=built without OCR of its own: {reason}; run scripts/fetch-ocr-models.sh")
        }
    }
}

/// Folder of the weights.
fn folder() -> Option<PathBuf> {
    let named = |name: &str| {
        env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let cache = || named("XDG_CACHE_HOME").or_else(|| named("HOME").map(|home| home.join(".cache")));
    named("OCR_MODELS_DIR").or_else(|| cache().map(|cache| cache.join("ilios/ocr-models")))
}

/// Copies the files to `out` once all of them are there and are those that they should be.
fn take(folder: &Path, out: &Path) -> Result<(), String> {
    for line in FILES.lines() {
        let (digest, name) = line.split_once("  ").ok_or("SHA256SUMS is malformed")?;
        let path = folder.join(name);
        println!("cargo:rerun-if-changed={}", path.display());
        let bytes = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let actual = Sha256::digest(&bytes)
            .iter()
            .fold(String::new(), |mut text, byte| {
                // Writing to a string does not fail.
                let _ = write!(text, "{byte:02x}");
                text
            });
        if actual != digest {
            return Err(format!(
                "{} is another file than the expected one",
                path.display()
            ));
        }
        fs::write(out.join(name), bytes).map_err(|error| error.to_string())?;
    }
    Ok(())
}
