//! Names of cells, such as `B3`, and the positions that they say.

/// Row and column, from 0, of a reference such as `B3`.
pub(super) fn position(reference: &str) -> Option<(u32, u32)> {
    let reference = reference.trim_start_matches('$');
    let letters = reference.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (letters, digits) = reference.split_at_checked(letters)?;
    let column = letters.bytes().try_fold(0_u32, |column, letter| {
        let digit = u32::from(letter.to_ascii_uppercase() - b'A') + 1;
        column.checked_mul(26)?.checked_add(digit)
    })?;
    let row: u32 = digits.trim_start_matches('$').parse().ok()?;
    Some((row.checked_sub(1)?, column.checked_sub(1)?))
}

/// Name of a cell, such as `B3`.
pub(super) fn name(row: u32, column: u32) -> String {
    let (mut letters, mut rest) = (Vec::new(), u64::from(column) + 1);
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
        rest /= 26;
    }
    let letters: String = letters.into_iter().rev().collect();
    format!("{letters}{}", u64::from(row) + 1)
}

#[cfg(test)]
mod tests {
    use super::{name, position};

    #[test]
    fn the_name_of_a_cell_says_its_position() {
        for at in [(0, 0), (2, 1), (9, 25), (0, 26), (1_048_575, 16_383)] {
            assert_eq!(position(&name(at.0, at.1)), Some(at));
        }
        assert_eq!(position("$AB$12"), Some((11, 27)));
        assert_eq!(position("12"), None);
    }
}
