use super::secret_files::FILE_SUFFIX;
use super::variables;

/// Names of so few letters are near to many that mean something else.
const MIN_COMPARED_LENGTH: usize = 6;

/// The names that are not known and near to one that is, each with that one, unless it is set itself.
pub(super) fn among<'a>(names: impl Iterator<Item = &'a str>) -> Vec<(&'a str, String)> {
    let names: Vec<&str> = names.collect();
    let known: Vec<String> = known().collect();
    let unknown = names
        .iter()
        .filter(|name| !known.iter().any(|known| known == *name));
    let mut found: Vec<_> = unknown
        .filter_map(|name| Some((*name, meant(name, &known)?)))
        .filter(|(_, meant)| !names.contains(&meant.as_str()))
        .collect();
    found.sort_unstable();
    found
}

/// Every name that the program reads.
fn known() -> impl Iterator<Item = String> {
    variables().flat_map(|variable| {
        let file = variable.secret.then(|| format!("{}{FILE_SUFFIX}", variable.name));
        std::iter::once(variable.name.to_owned()).chain(file)
    })
}

/// The known name that `name` is probably meant to be.
fn meant(name: &str, known: &[String]) -> Option<String> {
    let upper = name.to_ascii_uppercase();
    let near = known.iter().filter_map(|known| {
        let most = match known.len() {
            0..MIN_COMPARED_LENGTH => 0,
            MIN_COMPARED_LENGTH => 1,
            _ => 2,
        };
        let distance = distance(&upper, known);
        // A short name in small letters is somebody else's, such as `host`.
        (distance <= most && known.len() >= MIN_COMPARED_LENGTH).then_some((distance, known))
    });
    near.min().map(|(_, known)| known.clone())
}

/// The letters to insert, delete, change or swap with their neighbours that make one text of the other.
fn distance(one: &str, other: &str) -> usize {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len().abs_diff(other.len()) > 2 {
        return usize::MAX;
    }
    let mut rows = vec![vec![0; other.len() + 1]; one.len() + 1];
    for i in 0..=one.len() {
        for j in 0..=other.len() {
            rows[i][j] = match (i, j) {
                (0, far) | (far, 0) => far,
                (i, j) => {
                    let change = rows[i - 1][j - 1] + usize::from(one[i - 1] != other[j - 1]);
                    let step = (rows[i - 1][j] + 1).min(rows[i][j - 1] + 1).min(change);
                    let swapped = i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1];
                    if swapped {
                        step.min(rows[i - 2][j - 2] + 1)
                    } else {
                        step
                    }
                }
            };
        }
    }
    rows[one.len()][other.len()]
}
