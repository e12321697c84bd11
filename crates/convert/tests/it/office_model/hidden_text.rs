//! Hidden text of word processors: left out and counted, unless it is to be kept.

use ilios_convert::ir::DoubtCode;
use ilios_convert::{Conversion, Hidden, Input, Limits, NoOcr, Options, convert};

use super::{messages, word_package};

fn read(name: &str, bytes: &[u8], hidden: Hidden) -> Conversion {
    let mut options = Options::default();
    options.output.hidden = hidden;
    convert(Input { bytes, name }, &options, &Limits::default(), &mut NoOcr).unwrap()
}

/// Reads a document with hidden text by each rule, and compares its text.
fn hides(name: &str, bytes: &[u8], shown: &str, all: &str, pieces: u32) {
    for hidden in [Hidden::Mark, Hidden::Drop] {
        let conversion = read(name, bytes, hidden);
        assert_eq!(conversion.markdown().trim(), shown, "{name}");
        assert_eq!(messages(&conversion), [format!("hidden text left out: {pieces}")]);
        let doubts = &conversion.pages[0].doubts;
        assert!(doubts.iter().any(|doubt| doubt.code == DoubtCode::HiddenContent));
    }
    let conversion = read(name, bytes, Hidden::Keep);
    assert_eq!(conversion.markdown().trim(), all, "{name}");
    assert_eq!(messages(&conversion), [format!("hidden text: {pieces}")]);
}

#[test]
fn hidden_text_of_rtf_is_left_out() {
    let rtf = b"{\\rtf1\\ansi Ten{\\v  or {\\b twenty}} coins.\\par {\\v A secret.\\par}Read\\v  not\\v0  this.\\par}";
    hides(
        "a.rtf",
        rtf,
        "Ten coins.\n\nRead this.",
        "Ten or **twenty** coins.\n\nA secret.\n\nRead not this.",
        4,
    );
}

#[test]
fn hidden_text_of_a_word_document_is_left_out() {
    let body = "<w:p><w:r><w:t>Ten</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t xml:space='preserve'> or \
        twenty</w:t></w:r><w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t xml:space='preserve'> coins.</w:t></w:r></w:p>";
    hides(
        "a.docx",
        &word_package(body, &[]),
        "Ten coins.",
        "Ten or twenty coins.",
        1,
    );
}

#[test]
fn hidden_text_of_a_binary_word_document_is_left_out() {
    // The report's bold text, whose only property is sprmCFBold, made hidden: it becomes sprmCFVanish.
    let bytes = std::fs::read("tests/fixtures/corpus/report.doc").unwrap();
    let bold = [0x03, 0x35, 0x08, 0x01];
    let mut hidden = bytes.clone();
    for at in 0..bytes.len() - bold.len() {
        if bytes[at..].starts_with(&bold) {
            hidden[at + 1] = 0x3c;
        }
    }
    let text = |hidden_rule| {
        let conversion = read("report.doc", &hidden, hidden_rule);
        let messages: Vec<String> = messages(&conversion).into_iter().map(str::to_owned).collect();
        (conversion.markdown(), messages)
    };
    let (shown, warnings) = text(Hidden::Mark);
    assert!(
        shown.contains("It measures and reports to *the district*"),
        "{shown}"
    );
    assert_eq!(warnings, ["hidden text left out: 1"]);
    let (all, warnings) = text(Hidden::Keep);
    assert!(all.contains("It measures every ten minutes and reports"), "{all}");
    assert_eq!(warnings, ["hidden text: 1"]);
}

#[test]
fn a_document_of_hidden_text_alone_is_empty() {
    let rtf = b"{\\rtf1\\ansi {\\v A secret.}\\par}";
    let error = crate::documents::read("a.rtf", rtf).unwrap_err();
    assert_eq!(error.code(), "empty_document");
}
