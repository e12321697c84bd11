use super::{line, page};
use crate::layout::column_metrics::ColumnMetrics;

/// Answers of one question for each line but the first.
fn answers(drawing: &str, ask: impl Fn(&ColumnMetrics<'_>, usize) -> bool) -> Vec<bool> {
    let lines = page(drawing);
    let metrics = ColumnMetrics::measure(&lines);
    (1..lines.len()).map(|index| ask(&metrics, index)).collect()
}

#[test]
fn a_gap_is_more_than_the_usual_pitch() {
    let drawing = "
A paragraph of several lines whose pitch
is the usual one of this page, so that
a larger space is a gap.

After the gap another paragraph begins
and goes on in the usual pitch.";
    let gaps = answers(drawing, |metrics, index| metrics.has_gap_above(index));
    assert_eq!(gaps, [false, false, true, false]);
}

#[test]
fn full_lines_at_an_even_wide_distance_have_no_gap() {
    let drawing = "
The first lines of the page stand close
together and so define the usual pitch,
which is that of three lines here.

Widely set text comes after them with no

full stop at the end of its lines as all

of it is one sentence that goes on ever";
    let gaps = answers(drawing, |metrics, index| metrics.has_gap_above(index));
    assert_eq!(gaps.get(..3), Some([false, false, true].as_slice()));
    assert_eq!(gaps.get(3..), Some([false, false].as_slice()));
}

#[test]
fn a_line_ends_early_if_the_next_word_had_room() {
    let drawing = "
These lines are about equally long here
and none of them has any room at its end
except this one.
The next sentence begins another thought
but it does so without a gap above it.";
    let early = answers(drawing, |metrics, index| metrics.previous_ends_early(index));
    assert_eq!(early, [false, false, true, false]);
}

#[test]
fn ragged_lines_within_a_sentence_do_not_end_early() {
    let drawing = "
Ragged lines leave room at the right margin
as long words do not fit
into what is left of them, which is no sign
of an end, because the sentence goes on.";
    let early = answers(drawing, |metrics, index| metrics.previous_ends_early(index));
    assert_eq!(early, [false, false, false]);
}

#[test]
fn lines_centred_on_one_axis_are_told_from_equal_ones() {
    let drawing = "
        A centred title of a report
               in two lines
A line at the left edge of the page
A line at the left edge of the page";
    let centred = answers(drawing, |metrics, index| metrics.is_centred_with_previous(index));
    assert_eq!(centred, [true, false, false]);
}

#[test]
fn the_next_column_does_not_continue_the_one_before() {
    // Each case: column and baseline of the second line below one at (0, 600).
    for (column, baseline, continues) in [
        (0, 588.0, true),
        (4, 588.0, true),
        (60, 588.0, false),
        (60, 700.0, false),
        (0, 600.0, false),
        (0, 599.0, false),
    ] {
        let lines = [
            line(0, 600.0, "the last line of a column"),
            line(column, baseline, "another line of the page"),
        ];
        let metrics = ColumnMetrics::measure(&lines);
        assert_eq!(metrics.continues_column(1), continues, "{column} {baseline}");
    }
}

#[test]
fn one_line_that_sticks_out_is_no_margin() {
    let drawing = "
Lines of one column end at one place,
and only one of them sticks out over all of them
because it has a number that could not
be broken, so that it makes no margin";
    let full = answers(drawing, |metrics, index| metrics.reaches_right_margin(index));
    assert_eq!(full, [true, true, true]);
}

#[test]
fn a_page_of_one_line_or_none_has_metrics() {
    let lines = [line(0, 600.0, "alone")];
    let metrics = ColumnMetrics::measure(&lines);
    assert!(metrics.has_gap_above(0) && metrics.previous_ends_early(0));
    assert!(!metrics.continues_column(0) && metrics.reaches_right_margin(0));
    let _ = ColumnMetrics::measure(&[]);
}
