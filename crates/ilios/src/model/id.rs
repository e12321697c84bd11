use std::fmt;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};

use rand::RngCore;
use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};

use super::Timestamp;

/// An id of a document, batch or usage record: 24 lower-case letters and digits. Matches what old clients
/// expect of a CUID2 (`^[a-z0-9]{20,30}$`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(String);

/// The text is no id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("takes 20 to 30 lower-case letters and digits")]
pub struct IdError;

/// Makes ids. The source of randomness is passed in, so that a test can repeat it.
pub struct Ids(Mutex<Last>);

/// The last id.
struct Last {
    random: Box<dyn RngCore + Send>,
    millis: i64,
    digits: u128,
}

const ALPHABET: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
const TIME_DIGITS: usize = 8;
const RANDOM_DIGITS: usize = 15;
/// Hexadecimal digits of a derived id: 120 bits.
const DERIVED_DIGITS: usize = 30;
/// The first id of a millisecond takes its random digits from the lower half of what they can say.
const MAX_FIRST_RANDOM: u128 = 36_u128.pow(15) / 2;
/// Maximum distance between ids of the same millisecond.
const MAX_STEP: u128 = 1 << 56;

impl Ids {
    /// Ids from `random`, which must be cryptographically strong outside tests: an id is a part of a URL.
    pub fn new(random: impl RngCore + Send + 'static) -> Self {
        Self(Mutex::new(Last {
            random: Box::new(random),
            millis: i64::MIN,
            digits: 0,
        }))
    }

    /// A new id. It begins with the time, so that rows made together lie together in the database's trees.
    /// Within a millisecond ids rise, so that what is made one after the other is also sorted so. Its random
    /// digits (76 bits; 56 from one id of a millisecond to the next) make it unique and hard to guess.
    #[must_use]
    pub fn next(&self, now: Timestamp) -> Id {
        let mut text = String::with_capacity(1 + TIME_DIGITS + RANDOM_DIGITS);
        text.push('d');
        push_base36(
            &mut text,
            u128::try_from(now.as_millis()).unwrap_or(0),
            TIME_DIGITS,
        );
        push_base36(&mut text, self.digits(now.as_millis()), RANDOM_DIGITS);
        Id(text)
    }

    /// Runs `draw` with the source of randomness.
    pub fn draw<T>(&self, draw: impl FnOnce(&mut dyn RngCore) -> T) -> T {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        draw(&mut last.random)
    }

    fn digits(&self, millis: i64) -> u128 {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let random = (u128::from(last.random.next_u64()) << 64) | u128::from(last.random.next_u64());
        last.digits = if last.millis == millis {
            last.digits + 1 + random % MAX_STEP
        } else {
            random % MAX_FIRST_RANDOM
        };
        last.millis = millis;
        last.digits
    }
}

/// Appends the lowest `digits` base-36 digits of `number`, most significant first.
fn push_base36(text: &mut String, number: u128, digits: usize) {
    for position in (0..digits).rev() {
        let digit = number / 36_u128.pow(u32::try_from(position).unwrap_or(0)) % 36;
        text.push(char::from(ALPHABET[usize::try_from(digit).unwrap_or(0)]));
    }
}

impl Id {
    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Id {
    /// The id that stands for `name` within what `self` stands for: the same for the same, always.
    #[must_use]
    pub fn derived(&self, name: &str) -> Self {
        Self::standing_for(&format!("{self}/{name}"))
    }

    /// The id that stands for a text which is none itself: the same for the same, always.
    #[must_use]
    pub fn standing_for(text: &str) -> Self {
        let digest = format!("{:x}", Sha256::digest(text));
        Self(digest.chars().take(DERIVED_DIGITS).collect())
    }
}

impl FromStr for Id {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let valid = (20..=30).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        if valid {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError)
        }
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}
