use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

/// A file of the corpus and what the server may do with it.
#[derive(Debug, Clone)]
pub(crate) struct HostileFile {
    /// Its name in the manifest.
    pub(crate) path: String,
    /// The last part of the name as a client sends it.
    pub(crate) name: Vec<u8>,
    pub(crate) bytes: Vec<u8>,
    pub(crate) expect: Expect,
    pub(crate) time: Duration,
    /// Bytes.
    pub(crate) memory: u64,
    pub(crate) must: Vec<String>,
    pub(crate) never: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expect {
    Convert,
    Reject,
    Either,
}

/// Writes the corpus into a folder of its own and reads it.
pub(crate) fn make(quick: bool, canary: &str) -> Vec<HostileFile> {
    let folder = TempDir::new().expect("a temporary folder");
    let mut command = Command::new("python3");
    command.args(["-B", "-m", "corpus"]).arg(folder.path());
    command.args(quick.then_some("--quick"));
    let status = command
        .current_dir(
            std::path::absolute(".")
                .expect("the folder of the crate")
                .join("tests/hostile"),
        )
        .env("CANARY_ADDRESS", canary)
        .stdout(std::process::Stdio::null())
        .status();
    assert!(status.expect("python3 runs").success(), "the corpus can be made");
    let manifest = std::fs::read_to_string(folder.path().join("MANIFEST.tsv")).expect("a manifest");
    manifest
        .lines()
        .skip(1)
        .map(|line| file(folder.path(), line))
        .collect()
}

fn file(folder: &Path, line: &str) -> HostileFile {
    let fields: Vec<&str> = line.split('\t').collect();
    let [
        path,
        _sha256,
        _bytes,
        _class,
        expect,
        _error,
        seconds,
        megabytes,
        must,
        never,
        _note,
    ] = fields.as_slice()
    else {
        panic!("the manifest has other columns: {line}");
    };
    let raw = raw(path);
    let name = raw.rsplit(|byte| *byte == b'/').next().expect("a last part");
    HostileFile {
        path: (*path).to_owned(),
        name: name.to_vec(),
        bytes: std::fs::read(on_disk(folder, &raw)).expect("a file of the manifest"),
        expect: match *expect {
            "convert" => Expect::Convert,
            "reject" => Expect::Reject,
            "either" => Expect::Either,
            other => panic!("expect is {other}"),
        },
        time: Duration::from_secs(seconds.parse().expect("seconds")),
        memory: megabytes.parse::<u64>().expect("megabytes") << 20,
        must: strings(must),
        never: strings(never),
    }
}

fn strings(field: &str) -> Vec<String> {
    field
        .split('|')
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
        .collect()
}

fn on_disk(folder: &Path, raw: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    folder.join(std::ffi::OsStr::from_bytes(raw))
}

/// The bytes of a path that Python wrote in its escapes; a lone surrogate stands for the byte of its last two digits.
fn raw(escaped: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = escaped;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        if c != '\\' {
            bytes.extend(c.to_string().bytes());
            continue;
        }
        let kind = rest.chars().next().expect("an escape");
        rest = &rest[1..];
        let digits = match kind {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            'r' | 'n' | 't' | '\\' => {
                let plain = match kind {
                    'r' => b'\r',
                    'n' => b'\n',
                    't' => b'\t',
                    _ => b'\\',
                };
                bytes.push(plain);
                continue;
            }
            other => panic!("the escape \\{other}"),
        };
        let number = u32::from_str_radix(&rest[..digits], 16).expect("hexadecimal digits");
        rest = &rest[digits..];
        match char::from_u32(number) {
            Some(c) => bytes.extend(c.to_string().bytes()),
            None => bytes.push(u8::try_from(number & 0xff).expect("a byte")),
        }
    }
    bytes
}
