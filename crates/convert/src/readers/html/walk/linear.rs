use super::super::tree::{Data, NodeId, Tree};

/// Levels of a formula whose structure is shown; deeper ones are their text alone.
const MAX_LEVELS: u32 = 40;

/// Formula of MathML in one line: `(a+b)/c`, `x^2`.
pub(super) fn linear(tree: &Tree, math: NodeId) -> String {
    row(tree, math, 0)
}

fn row(tree: &Tree, id: NodeId, level: u32) -> String {
    tree.children(id).map(|child| part(tree, child, level)).collect()
}

fn part(tree: &Tree, id: NodeId, level: u32) -> String {
    let element = match tree.data(id) {
        Data::Text(text) => return text.split_whitespace().collect::<Vec<_>>().join(" "),
        Data::Element(element) => element,
        Data::Other => return String::new(),
    };
    if level >= MAX_LEVELS {
        return tree.words(id);
    }
    let parts = || {
        let elements = tree.children(id).filter(|child| tree.element(*child).is_some());
        let mut parts = elements.map(|child| part(tree, child, level + 1));
        [0; 3].map(|_| parts.next().unwrap_or_default())
    };
    match element.name() {
        "annotation" | "annotation-xml" => String::new(),
        "mfrac" => {
            let [above, below, _] = parts();
            format!("{}/{}", grouped(&above), grouped(&below))
        }
        "msup" | "mover" => {
            let [base, above, _] = parts();
            format!("{base}^{}", grouped(&above))
        }
        "msub" | "munder" => {
            let [base, below, _] = parts();
            format!("{base}_{}", grouped(&below))
        }
        "msubsup" | "munderover" => {
            let [base, below, above] = parts();
            format!("{base}_{}^{}", grouped(&below), grouped(&above))
        }
        "msqrt" => format!("√{}", grouped(&row(tree, id, level + 1))),
        "mroot" => {
            let [base, degree, _] = parts();
            format!("{}^(1/{degree})", grouped(&base))
        }
        "mtr" | "mlabeledtr" => format!("{}; ", row(tree, id, level + 1).trim_end_matches([',', ' '])),
        "mtd" => format!("{}, ", row(tree, id, level + 1)),
        "mo" => {
            let sign = row(tree, id, level + 1);
            let relation = matches!(
                sign.as_str(),
                "=" | "<" | ">" | "≤" | "≥" | "≠" | "≈" | "→" | "+" | "−" | "∈"
            );
            if relation { format!(" {sign} ") } else { sign }
        }
        _ => row(tree, id, level + 1),
    }
}

/// Text that reads as one operand.
fn grouped(text: &str) -> String {
    let text = text.trim();
    if text.chars().count() > 1 && !text.chars().all(char::is_alphanumeric) {
        format!("({text})")
    } else {
        text.to_owned()
    }
}
