use super::{Recognized, Text};
use crate::ir::{Doubt, DoubtCode, Severity};

/// Confidence of a page below which its text is doubtful.
const SURE: f32 = 0.9;
/// Confidence of a page below which most of its text is doubtful.
const LIKELY: f32 = 0.75;

/// Doubts about the text of a page.
pub(super) fn of(recognized: &Recognized) -> Vec<Doubt> {
    let doubt = |code, severity, message: String, share| Doubt {
        code,
        severity,
        message,
        share,
        blocks: Vec::new(),
    };
    let mut doubts = Vec::new();
    if recognized.foreign {
        doubts.push(doubt(
            DoubtCode::ScriptNotSupported,
            Severity::High,
            "the script of the languages asked for takes tesseract, which is not installed".into(),
            None,
        ));
    }
    if let Some(mean) = recognized
        .confidence()
        .map(|confidence| confidence.mean)
        .filter(|&mean| mean < SURE)
    {
        let severity = if mean < LIKELY {
            Severity::High
        } else {
            Severity::Medium
        };
        let message = format!(
            "the text was recognized with a confidence of {:.0} %",
            100.0 * mean
        );
        doubts.push(doubt(DoubtCode::LowConfidence, severity, message, None));
    }
    if let Text::BuiltIn(reading) = &recognized.text
        && reading.unread > 0
    {
        let all = (reading.unread + reading.lines.len()) as f32;
        let message = match reading.unread {
            1 => "1 place that looks like text could not be read".to_owned(),
            count => format!("{count} places that look like text could not be read"),
        };
        let share = Some(reading.unread as f32 / all);
        doubts.push(doubt(DoubtCode::NotRecognized, Severity::Low, message, share));
    }
    doubts
}
