use tokenizers::Tokenizer;

/// Tokenizer of a `tokenizer.json`, the file that models for embeddings and generation are published with.
pub struct TokenizerFile(Tokenizer);

impl TokenizerFile {
    /// Reads the file.
    ///
    /// # Errors
    /// The reason it is no tokenizer.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        let mut tokenizer = Tokenizer::from_bytes(bytes).map_err(|error| error.to_string())?;
        // Some files ask for text that is cut, and filled up to one length: all of a text is counted, and nothing else.
        tokenizer
            .with_truncation(None)
            .map_err(|error| error.to_string())?
            .with_padding(None);
        // The first text shows whether the parts of the file go together.
        tokenizer
            .encode_fast("A text.", false)
            .map_err(|error| error.to_string())?;
        Ok(Self(tokenizer))
    }

    /// Number of tokens of a text, without those that mark the beginning and the end of an input. Of a text that it has
    /// no tokens for, the number of bytes: no chunk is longer than it may be.
    pub(super) fn count(&self, text: &str) -> usize {
        self.0
            .encode_fast(text, false)
            .map_or(text.len(), |encoding| encoding.len())
    }
}

#[cfg(test)]
mod tests {
    use super::TokenizerFile;

    /// A WordPiece tokenizer of a few words that fills up to 8 tokens and cuts at 2.
    const WORDS: &str = r###"{
        "version": "1.0",
        "truncation": {"direction": "Right", "max_length": 2, "strategy": "LongestFirst", "stride": 0},
        "padding": {"strategy": {"Fixed": 8}, "direction": "Right", "pad_to_multiple_of": null, "pad_id": 0,
            "pad_type_id": 0, "pad_token": "[PAD]"},
        "added_tokens": [],
        "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
            "strip_accents": null, "lowercase": true},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": null,
        "decoder": null,
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100,
            "vocab": {"[PAD]": 0, "[UNK]": 1, "the": 2, "cat": 3, "##s": 4, "sat": 5, ".": 6}}
    }"###;

    #[test]
    fn all_of_a_text_is_counted_and_nothing_else() {
        let file = TokenizerFile::read(WORDS.as_bytes()).expect("a tokenizer");
        for (text, tokens) in [
            ("", 0),
            ("the", 1),
            ("The cats sat.", 5),
            ("the cat sat the cats sat.", 8),
            ("the dog", 2),
        ] {
            assert_eq!(file.count(text), tokens, "{text:?}");
        }
    }

    #[test]
    fn what_is_no_tokenizer_is_refused() {
        for text in ["", "{}", "[1, 2]", "{\"model\": {\"type\": \"Nonsense\"}}"] {
            assert!(TokenizerFile::read(text.as_bytes()).is_err(), "{text}");
        }
    }
}
