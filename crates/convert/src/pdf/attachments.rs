use std::collections::HashSet;

use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Array, Dict, Object, Stream};

use super::name_tree;
use super::objects::{catalog, identity, is_name, name, nonblank_text, resolve};
use super::text_string::text_string;
use crate::AttachedFile;
use crate::write::markdown::printable;

/// Files that are named, at most.
const MAX_FILES: usize = 1_000;
/// Characters of a name, at most.
const MAX_NAME_CHARS: usize = 255;
/// Name of a file whose name is missing.
const NAMELESS: &str = "without a name";

/// Files of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Attachments {
    pub(super) files: Vec<AttachedFile>,
    /// Set if the document is a portfolio: its pages only say that there are files.
    pub(super) is_portfolio: bool,
    /// Set if there are more files than are named.
    pub(super) is_cut_off: bool,
}

impl Attachments {
    /// Reads the embedded files of a document, and those that are pinned to its pages.
    pub(super) fn read(pdf: &Pdf) -> Self {
        let mut found = Self::default();
        let Some(catalog) = catalog(pdf) else { return found };
        found.is_portfolio = catalog.get::<Dict<'_>>("Collection").is_some();
        let mut seen = HashSet::new();
        let tree = catalog
            .get::<Dict<'_>>("Names")
            .and_then(|names| names.get::<Dict<'_>>("EmbeddedFiles"));
        for (key, specification) in tree.iter().flat_map(|tree| name_tree::entries(tree, pdf.xref())) {
            found.add(&specification, &key, &mut seen);
        }
        for page in pdf.pages().iter() {
            let annotations = page.raw().get::<Array<'_>>("Annots").unwrap_or_default();
            for annotation in annotations.raw_iter() {
                let Some(Object::Dict(annotation)) = resolve(pdf.xref(), annotation) else {
                    continue;
                };
                if is_name(&annotation, "Subtype", "FileAttachment")
                    && let Some(specification) = annotation.get::<Object<'_>>("FS")
                {
                    found.add(&specification, &[], &mut seen);
                }
            }
        }
        found
    }

    /// Adds a file once; `key` is its name in the tree, for one that has no other.
    fn add(&mut self, specification: &Object<'_>, key: &[u8], seen: &mut HashSet<usize>) {
        if let Object::Dict(dict) = specification
            && !seen.insert(identity(dict))
        {
            return;
        }
        let Some(mut file) = file_of(specification) else {
            return;
        };
        if self.files.len() == MAX_FILES {
            self.is_cut_off = true;
            return;
        }
        if file.name == NAMELESS && !key.is_empty() {
            file.name = plain_name(&text_string(key));
        }
        self.files.push(file);
    }

    /// Warning that names the files, which are not converted; `None` if there are none.
    pub(super) fn warning(&self) -> Option<String> {
        let names: Vec<&str> = self.files.iter().map(|file| file.name.as_str()).collect();
        let (named, more) = names.split_at_checked(MAX_NAMED).unwrap_or((&names, &[]));
        let listed = named.join(", ");
        let rest = match (more.len(), self.is_cut_off) {
            (0, false) => String::new(),
            (more, false) => format!(" and {more} more"),
            (_, true) => " and more".to_owned(),
        };
        let what = match self.is_portfolio {
            true => "the document is a portfolio; its files are not converted",
            false => "files attached to the document are not converted",
        };
        (!names.is_empty()).then(|| format!("{what}: {listed}{rest}"))
    }
}

/// Files that a warning names.
const MAX_NAMED: usize = 20;

/// Reads a file specification (ISO 32000-1, 7.11.3); `None` if it holds no file.
pub(super) fn file_of(specification: &Object<'_>) -> Option<AttachedFile> {
    let Object::Dict(specification) = specification else {
        return None;
    };
    let files = specification.get::<Dict<'_>>("EF")?;
    let stored = ["UF", "F", "Unix", "Mac", "DOS"];
    let file = stored.iter().find_map(|key| files.get::<Stream<'_>>(key));
    let named = ["UF", "F", "Unix", "Mac", "DOS", "Desc"];
    let given = named.iter().find_map(|key| nonblank_text(specification, key));
    let dict = file.as_ref().map(Stream::dict);
    let parameters = dict
        .and_then(|dict| dict.get::<Dict<'_>>("Params"))
        .unwrap_or_default();
    let said = parameters
        .get::<i64>("Size")
        .and_then(|size| u64::try_from(size).ok());
    let stored = || {
        let stored = file.as_ref().filter(|file| file.filters().is_empty())?;
        u64::try_from(stored.raw_data().len()).ok()
    };
    Some(AttachedFile {
        name: given.map_or_else(|| NAMELESS.to_owned(), |given| plain_name(&given)),
        mime_type: dict
            .and_then(|dict| name(dict, "Subtype"))
            .filter(|kind| is_media_type(kind)),
        size: said.or_else(stored),
    })
}

/// Name without folders, on one line, printable and of a bounded length.
fn plain_name(name: &str) -> String {
    let name = name.trim_end_matches(['/', '\\']);
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let name = printable(name.split_whitespace().collect::<Vec<_>>().join(" "));
    let name: String = name.chars().take(MAX_NAME_CHARS).collect();
    if name.is_empty() {
        NAMELESS.to_owned()
    } else {
        name
    }
}

fn is_media_type(kind: &str) -> bool {
    let token = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
    };
    kind.len() <= 255
        && kind
            .split_once('/')
            .is_some_and(|(main, sub)| token(main) && token(sub))
}

#[cfg(test)]
mod tests {
    use super::Attachments;
    use crate::AttachedFile;
    use crate::pdf::test_documents::open;
    use crate::pdf::test_documents::pdf_objects::stream;

    /// The files of a document with these entries of the catalog and annotations; the objects begin with number 4.
    fn attachments(catalog: &str, annotations: &str, objects: &[&str]) -> Attachments {
        let mut all = vec![
            format!("<</Type/Catalog/Pages 2 0 R{catalog}>>"),
            "<</Type/Pages/Count 1/Kids[3 0 R]>>".to_owned(),
            format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Annots[{annotations}]>>"),
        ];
        all.extend(objects.iter().map(|object| (*object).to_owned()));
        Attachments::read(&open(&all))
    }

    fn file(name: &str, mime_type: Option<&str>, size: Option<u64>) -> AttachedFile {
        AttachedFile {
            name: name.into(),
            mime_type: mime_type.map(Into::into),
            size,
        }
    }

    #[test]
    fn embedded_and_pinned_files_are_named_once() {
        let sized = stream("/Subtype/text#2Fcsv/Params<</Size 1234>>", "a,b");
        let plain = stream("/Subtype/nonsense", "12345");
        let found = attachments(
            "/Collection<<>>/Names<</EmbeddedFiles<</Names[(a)4 0 R(key.txt)5 0 R(none)<<>>]>>>>",
            "<</Subtype/FileAttachment/FS 4 0 R>> <</Subtype/FileAttachment/FS 8 0 R>>",
            &[
                "<</F(old.csv)/UF<FEFF00fc002e006300730076>/EF<</F 6 0 R>>>>",
                "<</EF<</UF 7 0 R>>>>",
                &sized,
                &plain,
                "<</F(C:\\\\folder\\\\a\\001[2J\\tb.pdf)/EF<<>>>>",
            ],
        );
        assert!(found.is_portfolio);
        assert_eq!(
            found.files,
            [
                file("ü.csv", Some("text/csv"), Some(1_234)),
                file("key.txt", None, Some(5)),
                file("a[2J b.pdf", None, None),
            ]
        );
        assert_eq!(
            found.warning().unwrap(),
            "the document is a portfolio; its files are not converted: ü.csv, key.txt, a[2J b.pdf"
        );
    }

    #[test]
    fn a_document_without_files_warns_of_none() {
        let found = attachments("", "", &[]);
        assert_eq!(found, Attachments::default());
        assert_eq!(found.warning(), None);
    }

    #[test]
    fn thousands_of_files_are_cut_off() {
        let names: String = (0..3_000).map(|n| format!("({n})<</F(f{n})/EF<<>>>>")).collect();
        let found = attachments(&format!("/Names<</EmbeddedFiles<</Names[{names}]>>>>"), "", &[]);
        assert!(found.is_cut_off);
        assert_eq!(found.files.len(), 1_000);
        let warning = found.warning().unwrap();
        assert!(warning.ends_with("f18, f19 and more"), "{warning}");
        let names = format!("(a)<</F({})/EF<<>>>>", "x".repeat(10_000));
        let found = attachments(&format!("/Names<</EmbeddedFiles<</Names[{names}]>>>>"), "", &[]);
        assert_eq!(found.files[0].name.len(), 255);
    }
}
