//! Detection of plain texts that are a program or a configuration, whose indentation means something.

/// Lines that are examined.
const SAMPLE_LINES: usize = 400;
/// Lines with text, at least, by which a text is judged.
const MIN_LINES: usize = 3;
/// Beginnings of lines that programs have and prose has not.
const STATEMENTS: [&str; 22] = [
    "def ",
    "class ",
    "import ",
    "from ",
    "return ",
    "if (",
    "for (",
    "while (",
    "function ",
    "const ",
    "let ",
    "var ",
    "#include",
    "#define",
    "public ",
    "private ",
    "static ",
    "package ",
    "fn ",
    "use ",
    "struct ",
    "elif ",
];

/// Language of a text that surely is code; `None` within if it is not known which.
pub(super) fn language(text: &str) -> Option<Option<&'static str>> {
    let lines: Vec<&str> = text
        .lines()
        .take(SAMPLE_LINES)
        .filter(|line| !line.trim().is_empty())
        .collect();
    if lines.len() < MIN_LINES || !lines.iter().any(|line| line.starts_with([' ', '\t'])) {
        return None;
    }
    if is_yaml(&lines) {
        return Some(Some("yaml"));
    }
    is_code(&lines).then_some(None)
}

/// Returns true if all lines are keys, items or comments, and one that ends with a colon is followed by a deeper one.
fn is_yaml(lines: &[&str]) -> bool {
    let is_part = |line: &&str| {
        let line = line.trim();
        let line = line.strip_prefix("- ").unwrap_or(line);
        line.starts_with('#') || matches!(line, "---" | "..." | "-") || is_key(line) || is_item(line)
    };
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let nests = lines.windows(2).filter(|pair| match pair {
        [before, after] => {
            let begins = before.trim_end().ends_with(':') && is_key(before.trim());
            begins && (indent(after) > indent(before) || after.trim_start().starts_with("- "))
        }
        _ => false,
    });
    let keys = lines.iter().filter(|line| {
        let line = line.trim();
        is_key(line.strip_prefix("- ").unwrap_or(line))
    });
    nests.count() >= 1 && keys.count() * 2 >= lines.len() && lines.iter().all(is_part)
}

/// Returns true for `key:` and `key: value`, whose key is one word.
fn is_key(line: &str) -> bool {
    let Some((key, value)) = line.split_once(':') else {
        return false;
    };
    let key = key.trim_matches(['"', '\'']);
    !key.is_empty()
        && key.chars().all(|c| c.is_alphanumeric() || "_-./$@".contains(c))
        && (value.is_empty() || value.starts_with(' '))
}

/// Returns true for the value of an item, which is a word or stands in quotes.
fn is_item(line: &str) -> bool {
    let is_quoted = line.len() > 1 && ['"', '\'', '[', '{'].iter().any(|quote| line.starts_with(*quote));
    is_quoted || !line.contains(char::is_whitespace)
}

/// Returns true if half of the lines are statements or end like lines of a program, and some begin one.
fn is_code(lines: &[&str]) -> bool {
    let begins = |line: &&&str| {
        STATEMENTS
            .iter()
            .any(|statement| line.trim_start().starts_with(statement))
    };
    let ends = |line: &&&str| {
        let line = line.trim_end();
        line.ends_with(['{', '}', ';'])
            || line.ends_with("):")
            || line.ends_with(" {")
            || line.ends_with("=>")
    };
    let is_deep = |line: &&&str| line.starts_with("    ") || line.starts_with('\t') || line.starts_with("  ");
    let like_code = lines
        .iter()
        .filter(|line| begins(line) || ends(line) || is_deep(line) && !is_prose(line));
    let begun = lines.iter().filter(begins).count();
    let ended = lines.iter().filter(ends).count();
    // `from` and `class` also begin lines of prose, which end with a full stop.
    let prose = lines.iter().filter(|line| is_prose(line)).count();
    begun >= 1 && ended >= 1 && prose * 10 <= lines.len() && like_code.count() * 3 >= lines.len() * 2
}

/// Returns true for a line of several words that ends a sentence.
fn is_prose(line: &str) -> bool {
    let line = line.trim();
    line.split_whitespace().count() > 4 && line.ends_with(['.', '!', '?'])
}

#[cfg(test)]
mod tests {
    use super::language;

    #[test]
    fn programs_and_configurations_are_told_from_prose() {
        for (text, expected) in [
            (
                "server:\n  port: 80\n  hosts:\n    - a\n    - b\n\nclient:\n  name: x\n",
                Some(Some("yaml")),
            ),
            (
                "def f(x):\n    if x:\n        return 1\n    return 2\n\nclass A:\n    pass\n",
                Some(None),
            ),
            ("int main() {\n  return 0;\n}\n#include <x>\n", Some(None)),
            ("Dear Ann:\n  please come to the mill.\n  Bring bread.\n", None),
            ("Agenda:\n  - Bread and water\n  - Mills of the valley\n", None),
            ("Name: Ann\nTown: Elmford\nAge: 7\n", None),
            (
                "use the bridge;\n  it is closed at night.\nfrom May on it opens.\n",
                None,
            ),
        ] {
            assert_eq!(language(text), expected, "{text}");
        }
    }
}
