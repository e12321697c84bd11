//! The Markdown of a small report in every format, as a reader sees it.

use ilios_convert::{Input, Limits, NoOcr, Options, convert};

#[test]
fn every_format_of_the_corpus_reads_as_its_snapshot() {
    insta::glob!("fixtures/corpus/*.*", |path| {
        let name = path.file_name().unwrap().to_string_lossy();
        if name == "make.py" {
            return;
        }
        let bytes = std::fs::read(path).unwrap();
        let input = Input {
            bytes: &bytes,
            name: &name,
        };
        let conversion = convert(input, &Options::default(), &Limits::default(), &mut NoOcr).unwrap();
        let metadata = &conversion.metadata;
        let text = format!(
            "format: {:?}\nmetadata: {metadata:?}\nwarnings: {:?}\n\n{}",
            conversion.format,
            conversion.warnings,
            conversion.markdown()
        );
        insta::assert_snapshot!(text);
    });
}
