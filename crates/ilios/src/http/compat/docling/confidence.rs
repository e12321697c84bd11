//! Grades of confidence. Pages that were recognized have the confidence in their words; nothing else is graded.

use serde_json::{Map, Value, json};

use crate::model::PageInfo;

/// Scores below which a grade is given, and its name.
const GRADES: [(f32, &str); 3] = [(0.5, "poor"), (0.8, "fair"), (0.9, "good")];

/// Report on a document of these pages.
pub(super) fn report(pages: &[PageInfo]) -> Value {
    let recognized = pages.iter().filter_map(|page| {
        let score = page.confidence.filter(|score| score.is_finite())?;
        Some((page.number, score))
    });
    let recognized: Vec<(u32, f32)> = recognized.collect();
    #[expect(clippy::cast_precision_loss, reason = "a mean of few pages need not be exact")]
    let mean = (!recognized.is_empty())
        .then(|| recognized.iter().map(|(_, score)| score).sum::<f32>() / recognized.len() as f32);
    let pages: Map<String, Value> = recognized
        .iter()
        .map(|(number, score)| (number.to_string(), scores(Some(*score))))
        .collect();
    let mut report = scores(mean);
    if let Some(report) = report.as_object_mut() {
        report.insert("pages".to_owned(), Value::Object(pages));
    }
    report
}

fn scores(recognition: Option<f32>) -> Value {
    // As the product does with one score: it is the mean and the low one.
    let grade = recognition.map_or("unspecified", grade);
    json!({
        "parse_score": null, "layout_score": null, "table_score": null, "ocr_score": recognition,
        "mean_score": recognition, "low_score": recognition, "mean_grade": grade, "low_grade": grade,
    })
}

fn grade(score: f32) -> &'static str {
    let found = GRADES.iter().find(|(below, _)| score < *below);
    found.map_or("excellent", |(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::grade;

    #[test]
    fn grades_are_those_of_the_product() {
        let grades = [0.0, 0.49, 0.5, 0.8, 0.89, 0.9, 1.0].map(grade);
        assert_eq!(
            grades,
            ["poor", "poor", "fair", "good", "good", "excellent", "excellent"]
        );
    }
}
