use std::collections::HashMap;

use crate::Metadata;
use crate::write::markdown::printable;

/// Facts that the `meta` elements of a page say, by their key with hyphens.
#[derive(Debug, Default)]
pub(super) struct MetaTags(HashMap<String, String>);

impl MetaTags {
    pub(super) fn add(&mut self, key: &str, content: &str) {
        let key = key.trim().to_ascii_lowercase().replace([':', '.'], "-");
        let content = words(content);
        if !content.is_empty() {
            self.0.entry(key).or_insert(content);
        }
    }

    fn first(&self, keys: &[&str]) -> Option<String> {
        keys.iter().find_map(|key| self.0.get(*key).cloned())
    }

    pub(super) fn metadata(&self, title: &str) -> Metadata {
        Metadata {
            created: self.first(&["article-published_time", "dcterms-created", "date", "dc-date"]),
            modified: self.first(&["article-modified_time", "dcterms-modified", "last-modified"]),
            author: self.first(&["author", "dc-creator", "dcterms-creator"]),
            title: Some(words(title)).filter(|title| !title.is_empty()),
            page_count: None,
            attachments: Vec::new(),
        }
    }
}

/// Text in one line, without control characters.
fn words(text: &str) -> String {
    printable(text.to_owned())
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}
