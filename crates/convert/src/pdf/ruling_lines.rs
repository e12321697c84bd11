use unpdf::parser::backend::{ContentOp, PdfValue, get_number_from_value};

/// Difference between the ends of two lines of one extent, at most, in units of the content.
const EXTENT_TOLERANCE: f32 = 3.0;
/// Length of a line in units of the content, at least: shorter ones are dashes and underlines of single characters.
const MIN_LENGTH: f32 = 12.0;
/// Lines after which the search stops: a page with more has two of one extent.
const MAX_LINES: usize = 400;

/// Returns true if the content draws two horizontal lines of one extent, one above the other: the least that bounds a
/// table. Finding the table is expensive; this test saves it for most pages. Scaling changes both lines alike, so
/// units of the content are good enough.
pub(super) fn can_bound_table(operations: &[ContentOp]) -> bool {
    // Left end, right end and height of each line.
    let mut lines: Vec<(f32, f32, f32)> = Vec::new();
    let mut at = (0.0, 0.0);
    let mut matrix = Matrix::default();
    let mut saved: Vec<Matrix> = Vec::new();
    for operation in operations {
        let numbers = |index: usize| number(&operation.operands, index);
        match operation.operator.as_str() {
            "q" => saved.push(matrix),
            "Q" => matrix = saved.pop().unwrap_or_default(),
            "cm" => matrix = matrix.after(std::array::from_fn(numbers)),
            // Only the operators that draw straight lines matter; curves never bound a table.
            "m" => at = matrix.point(numbers(0), numbers(1)),
            "l" => {
                let to = matrix.point(numbers(0), numbers(1));
                if (to.1 - at.1).abs() <= 1.0 {
                    lines.push((at.0.min(to.0), at.0.max(to.0), to.1));
                }
                at = to;
            }
            "re" => {
                let (x, y, width, height) = (numbers(0), numbers(1), numbers(2), numbers(3));
                let (near, far) = (matrix.point(x, y), matrix.point(x + width, y + height));
                let (left, right) = (near.0.min(far.0), near.0.max(far.0));
                // A thin rectangle is a line; a high one is a cell, whose top and bottom are lines.
                lines.push((left, right, near.1));
                if (far.1 - near.1).abs() > EXTENT_TOLERANCE {
                    lines.push((left, right, far.1));
                }
            }
            _ => {}
        }
        // The comparison below is quadratic.
        if lines.len() > MAX_LINES {
            return true;
        }
    }
    lines.retain(|line| line.1 - line.0 > MIN_LENGTH);
    let near = |a: f32, b: f32| (a - b).abs() <= EXTENT_TOLERANCE;
    lines.iter().enumerate().any(|(index, line)| {
        lines.iter().skip(index + 1).any(|other| {
            near(line.0, other.0) && near(line.1, other.1) && (line.2 - other.2).abs() > EXTENT_TOLERANCE
        })
    })
}

fn number(operands: &[PdfValue], index: usize) -> f32 {
    operands.get(index).and_then(get_number_from_value).unwrap_or(0.0)
}

/// Transformation matrix as the operator `cm` has it (ISO 32000-1, 8.3.4).
#[derive(Debug, Clone, Copy)]
struct Matrix([f32; 6]);

impl Default for Matrix {
    fn default() -> Self {
        Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0])
    }
}

impl Matrix {
    /// Returns the transformation that applies `first` and then this one.
    fn after(self, first: [f32; 6]) -> Self {
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
