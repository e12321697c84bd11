use super::tokenizer::Tokenizer;
use super::write::{
    Attachments, Boilerplate, ChunkContext, Comments, Furniture, Hidden, Images, PageBreaks, Places,
    Revisions, TableChunks, Tables, WriteOptions,
};

/// Option of the outputs. Every interface has those of [`WriteOptions::TABLE`] and takes its names, values, defaults and
/// descriptions from there.
#[derive(Debug, Clone, Copy)]
pub struct OutputOption {
    /// Name, in camelCase.
    pub name: &'static str,
    /// Values that it takes.
    pub values: OptionValues,
    /// Description.
    pub help: &'static str,
    get: fn(&WriteOptions) -> String,
    set: fn(&mut WriteOptions, &str) -> Result<(), String>,
}

/// Values of an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OptionValues {
    /// One of these; the first is the default.
    OneOf(&'static [&'static str]),
    /// One of these, the first being the default, or the name of something that the installation has.
    OneOfOrName(&'static [&'static str]),
    /// A whole number within these bounds.
    Between(u32, u32),
}

impl OutputOption {
    /// Value that it has when none is named.
    #[must_use]
    pub fn default_value(&self) -> String {
        (self.get)(&WriteOptions::default())
    }
}

macro_rules! choice_option {
    ($name:literal, $($field:ident).+, $type:ident, $help:literal) => {
        OutputOption {
            name: $name,
            values: OptionValues::OneOf($type::NAMES),
            help: $help,
            get: |options| options.$($field).+.as_str().to_owned(),
            set: |options, text| text.parse().map(|value| options.$($field).+ = value),
        }
    };
}

macro_rules! number_option {
    ($name:literal, $($field:ident).+, $least:literal, $most:literal, $help:literal) => {
        OutputOption {
            name: $name,
            values: OptionValues::Between($least, $most),
            help: $help,
            get: |options| options.$($field).+.to_string(),
            set: |options, text| number(text, $least, $most).map(|value| options.$($field).+ = value),
        }
    };
}

impl WriteOptions {
    /// All options.
    pub const TABLE: &'static [OutputOption] = &[
        choice_option!(
            "tables",
            tables,
            Tables,
            "Form of tables in Markdown. `auto` is Markdown where it can say the table, and HTML where cells are merged or hold blocks"
        ),
        choice_option!(
            "images",
            images,
            Images,
            "Pictures: a comment in their place, a link to each, or nothing"
        ),
        choice_option!(
            "pageBreaks",
            page_breaks,
            PageBreaks,
            "Sign between pages: a horizontal rule, nothing, or a comment with the number before each page"
        ),
        choice_option!(
            "furniture",
            furniture,
            Furniture,
            "Running headers and footers, page numbers and watermarks: left out of the text, or kept"
        ),
        choice_option!(
            "hidden",
            hidden,
            Hidden,
            "Hidden rows, sheets and text: in the text behind a comment that says so, left out of it, or in it"
        ),
        choice_option!(
            "comments",
            comments,
            Comments,
            "Comments by readers of the document: left out of the text, or kept"
        ),
        choice_option!(
            "revisions",
            revisions,
            Revisions,
            "Tracked changes: the text when all of them are accepted, or deletions too"
        ),
        choice_option!(
            "places",
            places,
            Places,
            "Fineness of the boxes in JSON: those of blocks, of their lines too, or of lines and words"
        ),
        choice_option!(
            "boilerplate",
            boilerplate,
            Boilerplate,
            "Menus, banners and whatever else surrounds the main content of a web page: kept, or left out when it is converted"
        ),
        choice_option!(
            "attachments",
            attachments,
            Attachments,
            "Files that a message brings: listed, or converted behind its text too. Forwarded messages are read in either case"
        ),
        number_option!(
            "chunkTokens",
            chunks.tokens,
            32,
            8192,
            "Tokens of a chunk, at most"
        ),
        number_option!(
            "chunkOverlap",
            chunks.overlap,
            0,
            4096,
            "Tokens of the chunk before that a chunk repeats"
        ),
        OutputOption {
            name: "tokenizer",
            values: OptionValues::OneOfOrName(Tokenizer::NAMES),
            help: "Tokenizer that counts the tokens of chunks, or the name of one in `TOKENIZERS_DIR`",
            get: |options| options.chunks.tokenizer.as_str().to_owned(),
            set: |options, text| text.parse().map(|value| options.chunks.tokenizer = value),
        },
        choice_option!(
            "tableChunks",
            chunks.tables,
            TableChunks,
            "Tables in chunks: rows with the header repeated, or a line for each cell"
        ),
        choice_option!(
            "chunkContext",
            chunks.context,
            ChunkContext,
            "Headings above a chunk: beside its text, or in front of it too"
        ),
    ];

    /// Sets the option `name`; answers whether there is one.
    ///
    /// # Errors
    /// The values that it takes, in words.
    pub fn set(&mut self, name: &str, text: &str) -> Result<bool, String> {
        match Self::TABLE.iter().find(|option| option.name == name) {
            Some(option) => (option.set)(self, text).map(|()| true),
            None => Ok(false),
        }
    }

    /// Value of the option `name`, if there is one.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<String> {
        let option = Self::TABLE.iter().find(|option| option.name == name)?;
        Some((option.get)(self))
    }
}

fn number(text: &str, least: u32, most: u32) -> Result<u32, String> {
    let parsed = text.parse().ok().filter(|number| (least..=most).contains(number));
    parsed.ok_or_else(|| format!("takes a whole number from {least} to {most}"))
}

#[cfg(test)]
mod tests {
    use super::{OptionValues, WriteOptions};

    #[test]
    fn every_value_of_an_option_can_be_set_and_is_told() {
        for option in WriteOptions::TABLE {
            let values: Vec<String> = match option.values {
                OptionValues::OneOf(names) | OptionValues::OneOfOrName(names) => {
                    names.iter().map(|name| (*name).to_owned()).collect()
                }
                OptionValues::Between(least, most) => vec![least.to_string(), most.to_string()],
            };
            for value in values {
                let mut options = WriteOptions::default();
                assert_eq!(options.set(option.name, &value), Ok(true), "{}", option.name);
                assert_eq!(options.get(option.name), Some(value), "{}", option.name);
            }
            if let OptionValues::OneOf(names) | OptionValues::OneOfOrName(names) = option.values {
                assert_eq!(
                    names[0],
                    option.default_value(),
                    "{}: the default is the first",
                    option.name
                );
            }
        }
    }

    #[test]
    fn other_values_are_refused_with_those_it_takes() {
        let mut options = WriteOptions::default();
        for (name, value, takes) in [
            ("tables", "xml", "takes auto, markdown, html, csv"),
            ("chunkTokens", "31", "takes a whole number from 32 to 8192"),
            ("chunkTokens", "", "takes a whole number from 32 to 8192"),
            (
                "tokenizer",
                "../other",
                "takes cl100k_base, o200k_base, characters, or the name of a tokenizer of the installation",
            ),
        ] {
            assert_eq!(options.set(name, value), Err(takes.into()), "{name}={value}");
        }
        assert_eq!(options.set("colour", "red"), Ok(false));
        assert_eq!(options, WriteOptions::default());
    }
}
