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

#[test]
fn contents_end_with_a_page_of_figures_or_roman_numerals() {
    for (text, is_entry) in [
        ("Chapter 1 .... 12", true),
        ("Einleitung\u{2026}\u{2026} 3", true),
        ("II Methods ........ xiv", true),
        ("Index\u{a0}.\u{a0}.\u{a0}.\u{a0}.\u{a0}. 230", true),
        ("1.2.3 Tides ......3", true),
        ("Total .......... 1250 EUR", false),
        ("He waited ....", false),
        ("and so on ... 5", false),
        ("Version 1.2.3.4", false),
        ("Price: 12.50", false),
        ("Introduction 4", false),
        ("a....b", false),
        ("4", false),
        ("", false),
    ] {
        assert_eq!(ends_contents_entry(text), is_entry, "{text}");
    }
}

#[test]
fn captions_of_every_name_are_recognized() {
    for (text, is_caption) in [
        ("FIGURE 4: The bay", true),
        ("FIG. 4. The bay", true),
        ("TABLE II. Tides", true),
        ("Abb. 7: Der Hafen", true),
        ("Tabelle 2: Gezeiten", true),
        ("Chart 5: Tides", true),
        ("Scheme 2. The pump", true),
        ("Exhibit A: The letter", true),
        ("Table 2-1. Tides", true),
        ("Figure 1.2: The bay", true),
        ("Figure 12a. The bay", true),
        ("Figure 1.2 \u{2014} The bay", true),
        ("Figure skating. A sport", false),
        ("Figurehead. The wooden woman", false),
        ("Tablets 2. Take one", false),
        ("See Figure 3.", false),
        ("figure 3. is meant", false),
        ("Fig. 3 and Fig. 4. show it", false),
        ("Table", false),
        ("", false),
    ] {
        assert_eq!(starts_caption(text), is_caption, "{text}");
    }
}

#[test]
fn other_brackets_are_no_references() {
    for (text, is_reference) in [
        ("[7]\tAdams", true),
        ("[001] Adams", true),
        ("[12", false),
        ("[1 2] x", false),
        ("[12]", false),
        ("[1, 2] show", false),
        ("[\u{661}] x", false),
        ("(1) Adams", false),
        ("1] Adams", false),
        ("", false),
    ] {
        assert_eq!(starts_reference_entry(text), is_reference, "{text}");
    }
}
