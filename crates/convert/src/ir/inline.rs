use serde::{Deserialize, Serialize};

use super::BlockId;

/// Part of a line of text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Inline {
    /// Text of one style.
    Run(Run),
    /// Line break that the author has set.
    Break,
}

/// Text of one style. It holds no markup, and no line end.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// The text; empty only for a picture.
    pub text: String,
    /// Its style.
    pub style: Style,
    /// Target of the link that it is.
    pub link: Option<Link>,
    /// Everything rarer.
    pub marks: Option<Box<Marks>>,
}

/// Style of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a property that text has or has not, in any combination"
)]
pub struct Style {
    /// Bold.
    pub bold: bool,
    /// Italic.
    pub italic: bool,
    /// Underlined.
    pub underline: bool,
    /// Struck through.
    pub strike: bool,
    /// Computer text.
    pub code: bool,
    /// Raised.
    pub superscript: bool,
    /// Lowered.
    pub subscript: bool,
    /// Small capitals.
    pub small_caps: bool,
    /// Highlighted.
    pub highlight: bool,
}

/// Target of a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Link {
    /// Address: `http`, `https`, `mailto`, `tel`, or `#` and a name in the document.
    Href(String),
    /// Address within the site or folder of the document, such as `a/b.html` or `/home`. It leads nowhere from elsewhere:
    /// Markdown and JSON keep it, and HTML does not link to it.
    Path(String),
    /// Block of the document.
    Block(BlockId),
}

/// Rarer properties of a run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Marks {
    /// Language, as BCP 47 writes it.
    pub lang: Option<String>,
    /// Footnote that the run refers to.
    pub note: Option<BlockId>,
    /// Comment that was made on the run.
    pub comment: Option<BlockId>,
    /// Name of the picture that stands here; the run's text is its alternative text.
    pub image: Option<String>,
    /// Formula that stands here; the run's text is the formula as text.
    pub formula: Option<Formula>,
    /// Reading of the run, set above it.
    pub ruby: Option<String>,
    /// Tracked insertion.
    pub inserted: Option<Revision>,
    /// Tracked deletion.
    pub deleted: Option<Revision>,
}

/// Formula.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Formula {
    /// As TeX, where known.
    pub tex: Option<String>,
    /// As MathML, where known.
    pub mathml: Option<String>,
    /// As text.
    pub text: String,
}

/// Author and time of a tracked change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// Author, as the document says it.
    pub author: Option<String>,
    /// Time, as the document says it.
    pub date: Option<String>,
}

/// Schemes that a link may have.
const SCHEMES: [&str; 4] = ["http", "https", "mailto", "tel"];

impl Link {
    /// Returns the link to `address`, which may be relative as those of web pages and Markdown are.
    #[must_use]
    pub fn of_page(address: &str) -> Option<Self> {
        Self::to(address).or_else(|| Self::path(address.trim()))
    }

    fn path(address: &str) -> Option<Self> {
        if let Some(host) = address.strip_prefix("//") {
            return Self::to(&format!("https://{host}")).filter(|_| !host.is_empty());
        }
        let first = address.split(['/', '?', '#']).next().unwrap_or_default();
        let odd = |c: char| c.is_control() || c == '\\' || c.is_whitespace() && c != ' ';
        let is_path = !address.is_empty() && address != "#" && !first.contains(':') && !address.contains(odd);
        is_path.then(|| Self::Path(address.replace(' ', "%20")))
    }

    /// Returns the link to `address`; `None` for an address that may run code, open a local file or hide its end.
    #[must_use]
    pub fn to(address: &str) -> Option<Self> {
        let address = address.trim();
        if address.is_empty()
            || address
                .chars()
                .any(|c| c.is_control() || c.is_whitespace() && c != ' ')
        {
            return None;
        }
        let known = match address.split_once(':') {
            _ if address.starts_with('#') => address.len() > 1,
            Some((scheme, rest)) => {
                !rest.is_empty() && SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known))
            }
            None => false,
        };
        known.then(|| Self::Href(address.replace(' ', "%20")))
    }
}

impl Run {
    /// Creates a run of plain text.
    pub fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    /// Creates a run of styled text.
    pub fn styled(text: impl Into<String>, style: Style) -> Self {
        Self {
            text: text.into(),
            style,
            ..Self::default()
        }
    }

    /// Name of the picture that the run stands for.
    #[must_use]
    pub fn image(&self) -> Option<&str> {
        self.marks.as_deref()?.image.as_deref()
    }

    /// Returns true if the runs differ in nothing but their text.
    #[must_use]
    pub fn looks_like(&self, other: &Self) -> bool {
        self.style == other.style && self.link == other.link && self.marks == other.marks
    }
}

impl Inline {
    /// Creates a run of plain text.
    pub fn plain(text: impl Into<String>) -> Self {
        Self::Run(Run::plain(text))
    }

    /// Text that it shows; a line break is a newline.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Run(run) => &run.text,
            Self::Break => "\n",
        }
    }
}
