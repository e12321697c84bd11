//! `ilios models`: networks of OCR beside those of the program.

use crate::command_line::{folder_with, ilios, run};

#[test]
fn models_are_listed_and_checked() {
    let folder = folder_with(&[]);
    let (output, out, err) = run(folder.path(), &["models", "list"]);
    assert!(output.status.success(), "{err}");
    let lines: Vec<&str> = out.lines().collect();
    assert!(
        matches!(lines.as_slice(), [tiny, small] if tiny.starts_with("tiny\tcompiled in")
            && small.starts_with("small\tnot installed")),
        "{out}"
    );
    let (output, out, _) = run(folder.path(), &["models", "verify"]);
    assert!(output.status.success() && out.contains("not installed"), "{out}");

    let folder = folder_with(&[("data/ocr-models/small/det.onnx", "another file")]);
    let (output, _, err) = run(folder.path(), &["models", "verify"]);
    assert!(!output.status.success());
    assert!(err.contains("det.onnx") && err.contains("install small"), "{err}");
}

#[test]
fn a_model_that_cannot_be_fetched_is_named_with_its_digests() {
    let folder = folder_with(&[]);
    let output = ilios(folder.path())
        .args(["models", "install", "small"])
        .env("OCR_MODELS", folder.path().join("models"))
        // Nobody listens there.
        .env("OCR_MODELS_URL", "http://127.0.0.1:9")
        .output()
        .expect("it runs");
    let err = String::from_utf8(output.stderr).expect("text");
    assert!(!output.status.success());
    for part in ["models/small", "det.onnx (090f04ab", "rec.onnx (6f327246"] {
        assert!(err.contains(part), "{part}: {err}");
    }
}
