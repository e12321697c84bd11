use unpdf::parser::backend::{ContentOp, PdfValue, get_number_from_value};

/// Rules whose ends differ by no more are of one extent, in units of the content.
const EXTENT: f32 = 3.0;
/// So many rules are looked at; a page with more has surely two of one extent.
const MANY: usize = 400;

/// Whether two horizontal rules of one extent are drawn, one above the other: the least that bounds a table.
/// Scaling moves both alike, so the content's own units do.
pub(super) fn are_in(operations: &[ContentOp]) -> bool {
    let mut rules: Vec<(f32, f32, f32)> = Vec::new();
    let mut at = (0.0, 0.0);
    let mut matrix = Matrix::default();
    let mut saved: Vec<Matrix> = Vec::new();
    for operation in operations {
        let numbers = |index: usize| number(&operation.operands, index);
        match operation.operator.as_str() {
            "q" => saved.push(matrix),
            "Q" => matrix = saved.pop().unwrap_or_default(),
            "cm" => matrix = matrix.then(std::array::from_fn(numbers)),
            "m" => at = matrix.point(numbers(0), numbers(1)),
            "l" => {
                let to = matrix.point(numbers(0), numbers(1));
                if (to.1 - at.1).abs() <= 1.0 {
                    rules.push((at.0.min(to.0), at.0.max(to.0), to.1));
                }
                at = to;
            }
            "re" => {
                let (x, y, width, height) = (numbers(0), numbers(1), numbers(2), numbers(3));
                let (near, far) = (matrix.point(x, y), matrix.point(x + width, y + height));
                let (left, right) = (near.0.min(far.0), near.0.max(far.0));
                rules.push((left, right, near.1));
                if (far.1 - near.1).abs() > EXTENT {
                    rules.push((left, right, far.1));
                }
            }
            _ => {}
        }
        if rules.len() > MANY {
            return true;
        }
    }
    let long = |rule: &(f32, f32, f32)| rule.1 - rule.0 > 4.0 * EXTENT;
    rules.retain(long);
    rules.iter().enumerate().any(|(index, rule)| {
        rules.iter().skip(index + 1).any(|other| {
            let ends = (rule.0 - other.0).abs() <= EXTENT && (rule.1 - other.1).abs() <= EXTENT;
            ends && (rule.2 - other.2).abs() > EXTENT
        })
    })
}

fn number(operands: &[PdfValue], index: usize) -> f32 {
    operands.get(index).and_then(get_number_from_value).unwrap_or(0.0)
}

/// A transformation of the plane, as `cm` writes it.
#[derive(Debug, Clone, Copy)]
struct Matrix([f32; 6]);

impl Default for Matrix {
    fn default() -> Self {
        Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0])
    }
}

impl Matrix {
    /// `first`, then this one.
    fn then(self, first: [f32; 6]) -> Self {
        let [a, b, c, d, e, f] = first;
        let [p, q, r, s, t, u] = self.0;
        Self([
            a * p + b * r,
            a * q + b * s,
            c * p + d * r,
            c * q + d * s,
            e * p + f * r + t,
            e * q + f * s + u,
        ])
    }

    fn point(self, x: f32, y: f32) -> (f32, f32) {
        let [a, b, c, d, e, f] = self.0;
        (a * x + c * y + e, b * x + d * y + f)
    }
}
