//! Entries of the trailer, which the library that reads the syntax keeps to itself. They are searched for in the bytes of
//! the file: a trailer is never encrypted or compressed, also where it is the dictionary of a cross-reference stream.

use hayro::hayro_syntax::object::ObjectIdentifier;
use memchr::memmem;

/// Object that the last trailer refers to by `key`, which begins with a slash.
pub(super) fn reference(file: &[u8], key: &[u8]) -> Option<ObjectIdentifier> {
    let finder = memmem::FinderRev::new(key);
    finder.rfind_iter(file).find_map(|at| {
        let value = file.get(at + key.len()..)?;
        let value = value.get(..value.len().min(64))?;
        let mut words = value
            .split(|byte| byte.is_ascii_whitespace() || byte == &0)
            .filter(|word| !word.is_empty());
        let number = number(words.next()?)?;
        let generation = i32::try_from(self::number(words.next()?)?).ok()?;
        let is_reference = words.next()?.starts_with(b"R");
        is_reference.then(|| ObjectIdentifier::new(number, generation))
    })
}

fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0_u32, |number, digit| {
        let digit = char::from(*digit).to_digit(10)?;
        number.checked_mul(10)?.checked_add(digit)
    })
}

#[cfg(test)]
mod tests {
    use hayro::hayro_syntax::object::ObjectIdentifier;

    use super::reference;

    #[test]
    fn the_last_reference_counts() {
        for (file, expected) in [
            (
                "trailer <</Info 3 0 R>> trailer <</Info\\n12 1 R>>",
                Some((12, 1)),
            ),
            ("<</Info 3 0 R/Infos 4 0 R>>", Some((3, 0))),
            ("<</Info 3 0 R>> /Info (text)", Some((3, 0))),
            ("<</Info 99999999999 0 R>>", None),
            ("<</Info 3 0", None),
            ("/Info", None),
            ("", None),
        ] {
            let file = file.replace("\\n", "\n");
            let expected = expected.map(|(number, generation)| ObjectIdentifier::new(number, generation));
            assert_eq!(reference(file.as_bytes(), b"/Info"), expected, "{file}");
        }
    }
}
