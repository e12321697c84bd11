//! A choice of pages: parsing, display, and which pages it holds.

use ilios_convert::PageRanges;
use proptest::prelude::*;

/// Ranges as a client may write them: in any order, overlapping, at the ends of the numbers.
fn ranges() -> impl Strategy<Value = Vec<(u32, u32)>> {
    let number = prop_oneof![1..40_u32, (u32::MAX - 3)..=u32::MAX];
    prop::collection::vec((number.clone(), number), 1..12)
        .prop_map(|ranges| ranges.into_iter().map(|(a, b)| (a.min(b), a.max(b))).collect())
}

fn written(ranges: &[(u32, u32)]) -> String {
    ranges
        .iter()
        .map(|(first, last)| format!("{first}-{last}"))
        .collect::<Vec<_>>()
        .join(",")
}

proptest! {
    #[test]
    fn display_parses_to_the_same_choice(ranges in ranges()) {
        let choice: PageRanges = written(&ranges).parse().unwrap();
        let again: PageRanges = choice.to_string().parse().unwrap();
        prop_assert_eq!(&choice, &again);
        prop_assert_eq!(choice.to_string(), again.to_string());
    }

    #[test]
    fn a_page_is_chosen_when_one_of_the_ranges_holds_it(ranges in ranges(), page in prop_oneof![0..50_u32, any::<u32>()]) {
        let choice: PageRanges = written(&ranges).parse().unwrap();
        let expected = ranges.iter().any(|&(first, last)| first <= page && page <= last);
        prop_assert_eq!(choice.contains(page), expected);
    }

    #[test]
    fn pages_are_the_chosen_ones_in_ascending_order(ranges in ranges(), count in 0..60_u32) {
        let choice: PageRanges = written(&ranges).parse().unwrap();
        let expected: Vec<u32> = (1..=count).filter(|&page| choice.contains(page)).collect();
        prop_assert_eq!(choice.pages(count).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn any_text_is_parsed_or_refused(text in "\\PC*") {
        let _ = text.parse::<PageRanges>();
    }

    #[test]
    fn any_text_of_the_right_characters_is_parsed_or_refused(text in "[0-9,\\- ]{0,40}") {
        if let Ok(choice) = text.parse::<PageRanges>() {
            prop_assert_eq!(choice.to_string().parse::<PageRanges>().unwrap(), choice);
        }
    }
}

#[test]
fn zero_backward_ranges_and_words_are_refused() {
    for text in [
        "",
        "0",
        "3-1",
        "a",
        "1-",
        "-1",
        "1,,2",
        "+1",
        "1.5",
        "4294967296",
        "1 2",
    ] {
        assert!(text.parse::<PageRanges>().is_err(), "{text:?}");
    }
}

#[test]
fn neighbouring_and_overlapping_ranges_are_written_as_one() {
    let choice: PageRanges = "7, 2-3,4-5,5,1".parse().unwrap();
    assert_eq!(choice.to_string(), "1-5,7");
}

#[test]
fn more_ranges_than_a_person_writes_are_refused() {
    let text = vec!["1"; 5_001].join(",");
    assert!(text.parse::<PageRanges>().is_err());
}

#[test]
fn pages_make_a_choice_of_ranges() {
    let choice = PageRanges::of([7, 1, 2, 0, 3, 7]).unwrap();
    assert_eq!(choice.to_string(), "1-3,7");
    assert_eq!(PageRanges::of([0]), None);
    let every_other = PageRanges::of((1..=10_000).step_by(2)).unwrap();
    assert_eq!(
        every_other.to_string().parse::<PageRanges>().unwrap(),
        every_other
    );
}

#[test]
fn a_choice_is_written_in_its_shortest_form() {
    for (text, expected) in [
        ("1", "1"),
        ("5-5", "5"),
        ("1,1", "1"),
        ("3,1", "1,3"),
        ("1-2,3", "1-3"),
        ("1-3,2-5", "1-5"),
        ("1-9,2-3", "1-9"),
        ("9,7,5", "5,7,9"),
        (" 1 - 3 , 7 ", "1-3,7"),
        ("001-003", "1-3"),
        ("4294967295", "4294967295"),
        ("2-4294967295,7", "2-4294967295"),
        ("4294967294,4294967295", "4294967294-4294967295"),
    ] {
        let choice: PageRanges = text.parse().unwrap();
        assert_eq!(choice.to_string(), expected, "{text:?}");
    }
}

#[test]
fn signs_that_only_look_like_ranges_are_refused() {
    for text in [
        "1-2-3",
        "1--2",
        "1\u{2013}3",
        "\u{ff11}",
        "0-3",
        "1-0",
        "0-0",
        "1;2",
        ",",
        "1,",
        ",1",
        "-",
        " ",
        "1e3",
        "0x1",
        "all",
        "1-3 7",
        "-1-3",
        "1-99999999999",
        "\u{661}",
    ] {
        assert!(text.parse::<PageRanges>().is_err(), "{text:?}");
    }
}

#[test]
fn a_document_has_only_those_of_the_chosen_pages_that_exist() {
    for (text, count, expected) in [
        ("2-4,9", 3, vec![2, 3]),
        ("2-4,9", 9, vec![2, 3, 4, 9]),
        ("7-9", 3, vec![]),
        ("1", 0, vec![]),
        ("1-4294967295", 2, vec![1, 2]),
        ("3,1", 3, vec![1, 3]),
    ] {
        let choice: PageRanges = text.parse().unwrap();
        assert_eq!(
            choice.pages(count).collect::<Vec<_>>(),
            expected,
            "{text} of {count}"
        );
    }
}

#[test]
fn a_choice_is_a_string_of_json() {
    let choice: PageRanges = serde_json::from_str("\"3,1-2,7\"").unwrap();
    assert_eq!(serde_json::to_string(&choice).unwrap(), "\"1-3,7\"");
    for json in ["\"\"", "\"0\"", "3", "[1, 3]", "null"] {
        assert!(serde_json::from_str::<PageRanges>(json).is_err(), "{json}");
    }
}
