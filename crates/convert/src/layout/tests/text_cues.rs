use crate::layout::text_cues::{ends_contents_entry, starts_caption, starts_reference_entry};

#[test]
fn entries_of_contents_end_with_leaders_and_a_page() {
    for (text, is_entry) in [
        ("1 Introduction ............ 4", true),
        ("Preface . . . . . . . . . . . vii", true),
        ("Index \u{2026} 230 ", true),
        ("Appendix \u{b7}\u{b7}\u{b7}\u{b7}\u{b7} 17", true),
        ("Wait... 3", false),
        ("the answer is 42", false),
        ("............", false),
    ] {
        assert_eq!(ends_contents_entry(text), is_entry, "{text}");
    }
}

#[test]
fn captions_start_with_a_name_a_number_and_a_sign() {
    for (text, is_caption) in [
        ("Figure 3. The harbour", true),
        ("Fig. 12: The harbour", true),
        ("Table IV. Tides", true),
        ("Tab. 2| Tides", true),
        ("Abbildung 1: Der Hafen", true),
        ("Table A.3 \u{2013} Tides", true),
        ("  Figure 3: indented", true),
        ("Figure 3 shows the harbour", false),
        ("Table of contents", false),
        ("Figures are below.", false),
    ] {
        assert_eq!(starts_caption(text), is_caption, "{text}");
    }
}

#[test]
fn references_start_with_a_number_in_brackets() {
    for (text, is_reference) in [
        ("[1] Adams, B.", true),
        ("  [123] Adams, B.", true),
        ("[1234] Adams", false),
        ("[1]Adams", false),
        ("[a] Adams", false),
        ("[] Adams", false),
        ("see [1] there", false),
    ] {
        assert_eq!(starts_reference_entry(text), is_reference, "{text}");
    }
}
