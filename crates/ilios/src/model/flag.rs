/// Reads yes or no in the words that people use for it: `true`, `1`, `on`, `yes`, and their opposites, in letters of
/// any size. `None` for anything else.
#[must_use]
pub fn parse_flag(text: &str) -> Option<bool> {
    let is = |words: [&str; 4]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is(["true", "1", "on", "yes"]) {
        return Some(true);
    }
    is(["false", "0", "off", "no"]).then_some(false)
}
