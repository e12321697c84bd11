//! The text of an API key: `ilios_live_` or `ilios_test_`, 32 random characters, 6 of a checksum. The prefix lets
//! scanners of leaked secrets find it; the checksum tells a mistyped key from a wrong one without asking a database.

use rand::RngCore;
use sha2::{Digest, Sha256};

use super::Secret;

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const LIVE: &str = "ilios_live_";
const TEST: &str = "ilios_test_";
/// Each is one of 62: 190 bits in all, so that a plain hash of the key can be stored. There is nothing to guess that a
/// slow one would have to protect.
const RANDOM_CHARACTERS: usize = 32;
const CHECKSUM_CHARACTERS: usize = 6;

/// A new key, of test data if `test`. `random` must be cryptographically strong.
#[must_use]
pub fn new_key(test: bool, random: &mut dyn RngCore) -> Secret {
    let mut text = if test { TEST } else { LIVE }.to_owned();
    let length = text.len() + RANDOM_CHARACTERS;
    while text.len() < length {
        // The six bits above 61 are thrown again: every character is equally likely.
        let throw = (random.next_u32() >> 26) as usize;
        text.extend(ALPHABET.get(throw).map(|letter| char::from(*letter)));
    }
    let checksum = checksum(&text);
    Secret::new(text + &checksum)
}

/// Returns true if `text` has the form of a key that was made by [`new_key`], its checksum included.
#[must_use]
pub fn is_key_text(text: &str) -> bool {
    let length = LIVE.len() + RANDOM_CHARACTERS + CHECKSUM_CHARACTERS;
    let of_ours = text.starts_with(LIVE) || text.starts_with(TEST);
    if !of_ours || text.len() != length || !text.is_ascii() {
        return false;
    }
    let (body, found) = text.split_at(length - CHECKSUM_CHARACTERS);
    checksum(body) == found
}

fn checksum(body: &str) -> String {
    let digest = Sha256::digest(body);
    let letters = digest.iter().take(CHECKSUM_CHARACTERS);
    letters
        .map(|byte| char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()]))
        .collect()
}
