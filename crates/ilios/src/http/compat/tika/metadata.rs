use serde_json::{Map, Value};

use super::document::Document;
use crate::model::DocumentMetadata;

/// Names of fields as version 3 has them, or version 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    Three,
    /// Those of version 4 beside those of version 3.
    Both,
}

/// Metadata of a document: every value is a text, or a list of texts.
pub(super) fn metadata(document: &Document, names: Names) -> Map<String, Value> {
    let mut fields = Map::new();
    let mut put = |name: &str, value: String| {
        fields.insert(name.to_owned(), Value::String(value));
    };
    let converted = document.converted.as_ref();
    let stored = converted.map(|converted| &converted.document);
    let mime_type = stored.map_or(document.mime_type, |stored| stored.mime_type.as_str());
    put("Content-Type", mime_type.to_owned());
    put("Content-Length", document.size.to_string());
    if let Some(name) = &document.name {
        put("resourceName", name.as_str().to_owned());
    }
    if let Some(converted) = converted {
        put(
            "meta:character-count",
            converted.content.markdown.chars().count().to_string(),
        );
    }
    if let Some(metadata) = stored.and_then(|stored| stored.metadata.as_ref()) {
        put_source(metadata, &mut put);
    }
    let parser = || Value::Array(vec!["ilios".into()]);
    fields.insert("X-TIKA:Parsed-By".into(), parser());
    if names == Names::Both {
        fields.insert("tk:parsed-by".into(), parser());
    }
    fields
}

fn put_source(metadata: &DocumentMetadata, put: &mut impl FnMut(&str, String)) {
    let source = &metadata.source;
    for (name, value) in [
        ("dc:title", &source.title),
        ("dc:creator", &source.author),
        ("dcterms:created", &source.created),
        ("dcterms:modified", &source.modified),
    ] {
        if let Some(value) = value {
            put(name, value.clone());
        }
    }
    if let Some(pages) = source.page_count {
        put("xmpTPg:NPages", pages.to_string());
    }
    put(
        "X-TIKA:parse_time_millis",
        metadata.processing_time_ms.to_string(),
    );
    let warnings: Vec<&str> = metadata
        .warnings
        .iter()
        .map(|warning| warning.message.as_str())
        .collect();
    if !warnings.is_empty() {
        put("X-TIKA:WARNINGS", warnings.join("; "));
    }
}

/// Metadata of the files that a document holds.
pub(super) fn embedded(document: &Document) -> impl Iterator<Item = Map<String, Value>> + '_ {
    let stored = document.converted.as_ref().map(|converted| &converted.document);
    let metadata = stored.and_then(|stored| stored.metadata.as_ref());
    let files = metadata
        .into_iter()
        .flat_map(|metadata| &metadata.source.attachments);
    files.map(|file| {
        let mut fields = Map::new();
        let mut put = |name: &str, value: String| {
            fields.insert(name.to_owned(), Value::String(value));
        };
        put("resourceName", file.name.clone());
        let mime_type = file.mime_type.as_deref().unwrap_or("application/octet-stream");
        put("Content-Type", mime_type.to_owned());
        put("X-TIKA:embedded_resource_path", format!("/{}", file.name));
        put("X-TIKA:embedded_depth", "1".to_owned());
        if let Some(size) = file.size {
            put("Content-Length", size.to_string());
        }
        fields
    })
}

/// Lines of a table with the name of each field and its values, every one in quotes.
pub(super) fn csv(fields: &Map<String, Value>) -> String {
    let mut out = String::new();
    for (name, value) in fields {
        push_quoted(name, &mut out);
        let list = value
            .as_array()
            .map_or(std::slice::from_ref(value), Vec::as_slice);
        for value in list {
            out.push(',');
            push_quoted(value.as_str().unwrap_or_default(), &mut out);
        }
        out.push('\n');
    }
    out
}

fn push_quoted(text: &str, out: &mut String) {
    out.push('"');
    out.push_str(&text.replace('"', "\"\""));
    out.push('"');
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::csv;

    #[test]
    fn values_are_quoted() {
        let fields = json!({"a": "x \"y\",\nz", "b": ["1", "2"]});
        let fields = fields.as_object().expect("an object");
        assert_eq!(csv(fields), "\"a\",\"x \"\"y\"\",\nz\"\n\"b\",\"1\",\"2\"\n");
    }
}
