use crate::network::Output;

/// Sign of a line as the recognizer tells it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Sign<'d> {
    pub(crate) text: &'d str,
    /// Middle, as a share of the width of the line.
    pub(crate) middle: f32,
    /// Likelihood, 0 to 1.
    pub(crate) likelihood: f32,
}

/// Decodes the likelihoods of classes at each step along a line (connectionist temporal classification): class 0 is
/// nothing, and a class that follows itself is one sign. Class n is entry n - 1 of the dictionary; the one behind it is a
/// space.
pub(crate) fn decode<'d>(output: &Output, dictionary: &'d [String]) -> Vec<Sign<'d>> {
    let &[_, steps, classes] = output.shape.as_slice() else {
        return Vec::new();
    };
    if steps == 0 || classes == 0 {
        return Vec::new();
    }
    let mut signs = Vec::new();
    let mut before = 0;
    for (step, likelihoods) in output.values.chunks_exact(classes).enumerate() {
        let (class, likelihood) = likeliest(likelihoods);
        if class != 0 && class != before {
            signs.push(Sign {
                text: dictionary.get(class - 1).map_or(" ", String::as_str),
                middle: (step as f32 + 0.5) / steps as f32,
                likelihood,
            });
        }
        before = class;
    }
    signs
}

fn likeliest(likelihoods: &[f32]) -> (usize, f32) {
    let mut best = (0, f32::MIN);
    for (class, &likelihood) in likelihoods.iter().enumerate() {
        if likelihood > best.1 {
            best = (class, likelihood);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::decode;
    use crate::network::Output;

    fn text(classes_of_steps: &[usize]) -> String {
        let mut values = vec![0.0; 4 * classes_of_steps.len()];
        for (step, class) in classes_of_steps.iter().enumerate() {
            values[4 * step + class] = 0.9;
        }
        let shape = vec![1, classes_of_steps.len(), 4];
        let dictionary = ["a", "b"].map(str::to_owned);
        let signs = decode(&Output { shape, values }, &dictionary);
        signs.iter().map(|sign| sign.text).collect()
    }

    #[test]
    fn a_repeated_class_is_one_sign_unless_nothing_is_between() {
        for (steps, expected) in [
            (&[0, 1, 1, 0, 2][..], "ab"),
            (&[1, 0, 1], "aa"),
            (&[1, 1, 2, 2, 3, 1], "ab a"),
            (&[0, 0], ""),
            (&[], ""),
        ] {
            assert_eq!(text(steps), expected, "{steps:?}");
        }
        let malformed = Output {
            shape: vec![3],
            values: vec![1.0; 3],
        };
        assert!(decode(&malformed, &["a".to_owned()]).is_empty());
    }
}
