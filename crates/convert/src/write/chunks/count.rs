use std::sync::OnceLock;

use tiktoken::CoreBpe;

use super::tokenizer_file::TokenizerFile;
use crate::options::Tokenizer;

static CL100K_BASE: OnceLock<CoreBpe> = OnceLock::new();
static O200K_BASE: OnceLock<CoreBpe> = OnceLock::new();

/// Bytes of a token, at most: the longest are 128 spaces.
const LONGEST_TOKEN: usize = 128;

/// Bytes of a token of usual text, or a few more.
const USUAL_TOKEN: usize = 8;

/// Counter of tokens.
pub(super) struct Counter(Unit);

/// Unit that text is counted in.
enum Unit {
    BuiltIn(&'static CoreBpe),
    Installed(Box<TokenizerFile>),
    Characters,
    /// More than any tokenizer counts.
    Bytes,
}

impl Counter {
    /// Counts by `tokenizer`. Where it is to be one of the installation and there is none, bytes are counted: a chunk is
    /// too short then, and never too long.
    pub(super) fn new(tokenizer: &Tokenizer, installed: Option<TokenizerFile>) -> Self {
        Self(match (tokenizer, installed) {
            (Tokenizer::Cl100kBase, _) => {
                Unit::BuiltIn(CL100K_BASE.get_or_init(tiktoken::encoding::cl100k_base))
            }
            (Tokenizer::O200kBase, _) => {
                Unit::BuiltIn(O200K_BASE.get_or_init(tiktoken::encoding::o200k_base))
            }
            (Tokenizer::Characters, _) => Unit::Characters,
            (Tokenizer::Installed(_), Some(file)) => Unit::Installed(Box::new(file)),
            (Tokenizer::Installed(_), None) => Unit::Bytes,
        })
    }

    /// Number of tokens.
    pub(super) fn count(&self, text: &str) -> u32 {
        let count = match &self.0 {
            Unit::BuiltIn(encoding) => encoding.count(text),
            Unit::Installed(file) => file.count(text),
            Unit::Characters => text.chars().count(),
            Unit::Bytes => text.len(),
        };
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// Number of tokens, if they are no more than `limit`. Long text is not looked at, so that the time this takes does
    /// not grow with it.
    pub(super) fn within(&self, text: &str, limit: u32) -> Option<u32> {
        let most = usize::try_from(limit).unwrap_or(usize::MAX);
        if text.len() > most.saturating_mul(LONGEST_TOKEN) {
            return None;
        }
        // What is far beyond the limit shows in its beginning: of the tokens there, only those at its end may be others
        // when more text follows.
        if let Some(beginning) = beginning(text, most.saturating_mul(USUAL_TOKEN))
            && self.count(beginning) > limit.saturating_add(limit / 8).saturating_add(64)
        {
            return None;
        }
        Some(self.count(text)).filter(|count| *count <= limit)
    }
}

/// Beginning of a text of this many bytes, about; `None` if the text is not longer.
fn beginning(text: &str, bytes: usize) -> Option<&str> {
    let end = (bytes..text.len()).find(|at| text.is_char_boundary(*at))?;
    text.get(..end)
}

#[cfg(test)]
mod tests {
    use super::{Counter, LONGEST_TOKEN};
    use crate::options::Tokenizer;

    #[test]
    fn counts_are_those_of_the_tokenizers() {
        // By another implementation of the same encodings.
        for (text, cl100k, o200k) in [
            ("", 0, 0),
            ("hello world", 2, 2),
            ("<|endoftext|>", 7, 7),
            ("It's 12345 o'clock; WE'LL see.\r\n\r\n\t// done/\n", 17, 16),
            ("| a | b |\n| --- | --- |\n", 10, 10),
            ("Grüße aus Köln", 6, 5),
            ("東京都は日本の首都です。", 12, 8),
            ("नमस्ते दुनिया 👩\u{200d}🚀", 20, 10),
            ("مرحبا بالعالم", 10, 4),
            ("   indented    text\u{a0}\u{3000}x", 8, 8),
        ] {
            let counts = [Tokenizer::Cl100kBase, Tokenizer::O200kBase, Tokenizer::Characters]
                .map(|tokenizer| Counter::new(&tokenizer, None).count(text) as usize);
            assert_eq!(counts, [cl100k, o200k, text.chars().count()], "{text:?}");
        }
    }

    #[test]
    fn no_token_is_longer_than_128_bytes() {
        for tokenizer in [Tokenizer::Cl100kBase, Tokenizer::O200kBase] {
            let counter = Counter::new(&tokenizer, None);
            for part in [" ", "-", "=", "a", "\n", "*", "\u{a0}", "\u{6771}"] {
                let text = part.repeat(LONGEST_TOKEN * 8);
                assert!(counter.count(&text) >= 8, "{part:?}");
            }
        }
    }

    #[test]
    fn text_beyond_the_limit_has_no_count() {
        let counter = Counter::new(&Tokenizer::Cl100kBase, None);
        assert_eq!(counter.within("hello world", 2), Some(2));
        assert_eq!(counter.within("hello world", 1), None);
        assert_eq!(counter.within(&" ".repeat(100_000_000), 32), None);
    }
}
