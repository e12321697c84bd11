use serde::{Deserialize, Serialize};

use super::{BlockId, Inline};

/// Caption.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Caption {
    /// Text.
    pub inlines: Vec<Inline>,
    /// Table or figure that it belongs to.
    pub target: Option<BlockId>,
}

/// Entry of a table of contents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ContentsEntry {
    /// Depth, from 1.
    pub level: u8,
    /// Text.
    pub inlines: Vec<Inline>,
    /// Page, as it is printed.
    pub page: Option<String>,
    /// Block that it leads to.
    pub target: Option<BlockId>,
}

/// Field of a form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Field {
    /// Kind.
    pub kind: FieldKind,
    /// Name in the form.
    pub name: Option<String>,
    /// Text beside it.
    pub label: Option<String>,
    /// Value.
    pub value: String,
    /// State of a check box or radio button.
    pub checked: Option<bool>,
    /// Values that can be chosen.
    pub options: Vec<String>,
}

/// Kind of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FieldKind {
    /// Text.
    Text,
    /// Choice of a list.
    Choice,
    /// Check box.
    Checkbox,
    /// Radio button.
    Radio,
    /// Signature.
    Signature,
    /// Date.
    Date,
}

/// Comment or stamp.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Annotation {
    /// Author, as the document says it.
    pub author: Option<String>,
    /// Time, as the document says it.
    pub date: Option<String>,
    /// Text.
    pub text: String,
}
