use super::{Recognized, SURE, Text};
use crate::ir::{Doubt, DoubtCode, Severity};

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
    let unsure = recognized
        .confidence()
        .map(|confidence| confidence.mean)
        .filter(|&mean| mean < SURE);
    let message = match (recognized.foreign, recognized.is_strange()) {
        (true, _) => Some("the script of the languages asked for takes tesseract, which is not installed"),
        (false, true) => {
            Some("the text is in another script than Latin or Chinese, or written by hand: name its language")
        }
        (false, false) => None,
    };
    if let Some(message) = message {
        let code = DoubtCode::ScriptNotSupported;
        doubts.push(doubt(code, Severity::High, message.to_owned(), None));
    }
    if let Some(mean) = unsure {
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
