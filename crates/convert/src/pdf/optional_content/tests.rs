use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Dict, ObjectIdentifier};

use super::OptionalContent;
use crate::pdf::test_documents::open;

/// A document with the groups 3 and 4, this default configuration, and these further objects, from number 5 on.
fn document(configuration: &str, groups: [&str; 2], objects: &[&str]) -> Pdf {
    let group = |entries: &str| format!("<</Type/OCG/Name(A){entries}>>");
    let mut all = vec![
        format!("<</Type/Catalog/Pages 2 0 R/OCProperties<</OCGs[3 0 R 4 0 R]/D<<{configuration}>>>>>>"),
        "<</Type/Pages/Count 0/Kids[]>>".to_owned(),
        group(groups[0]),
        group(groups[1]),
    ];
    all.extend(objects.iter().map(|object| (*object).to_owned()));
    open(&all)
}

fn states(pdf: &Pdf, numbers: impl IntoIterator<Item = u32>) -> Vec<bool> {
    let content = OptionalContent::read(pdf);
    numbers
        .into_iter()
        .map(|number| {
            let id = ObjectIdentifier::new(number, 0);
            content.is_on(&pdf.xref().get::<Dict<'_>>(id).unwrap(), Some(id))
        })
        .collect()
}

#[test]
fn the_default_configuration_says_what_is_off() {
    let view_off = "/Usage<</View<</ViewState/OFF>>/Print<</PrintState/ON>>>>";
    let view_on = "/Usage<</View<</ViewState/ON>>>>";
    let automatic = "/OFF[3 0 R]/AS[<</Event/View/Category[/View]/OCGs[3 0 R]>>]";
    for (configuration, groups, expected) in [
        ("", ["", ""], [true, true]),
        ("/OFF[3 0 R]", ["", ""], [false, true]),
        ("/BaseState/OFF", ["", ""], [false, false]),
        ("/BaseState/OFF/ON[4 0 R]", ["", ""], [false, true]),
        ("/BaseState/Unchanged/OFF[4 0 R]", ["", ""], [true, false]),
        ("", [view_off, ""], [false, true]),
        ("/OFF[3 0 R]", [view_on, ""], [false, true]),
        (automatic, [view_on, ""], [true, true]),
        (
            "/OFF[3 0 R 4 0 R]",
            ["/Intent/Design", "/Intent[/Design/View]"],
            [true, false],
        ),
    ] {
        let pdf = document(configuration, groups, &[]);
        assert_eq!(states(&pdf, [3, 4]), expected, "{configuration} {groups:?}");
    }
}

#[test]
fn memberships_follow_their_policy_or_expression() {
    for (entries, expected) in [
        ("/OCGs[3 0 R 4 0 R]", true),
        ("/OCGs[3 0 R 4 0 R]/P/AnyOn", true),
        ("/OCGs[3 0 R 4 0 R]/P/AllOn", false),
        ("/OCGs[3 0 R 4 0 R]/P/AnyOff", true),
        ("/OCGs[3 0 R 4 0 R]/P/AllOff", false),
        ("/OCGs 3 0 R", false),
        ("/OCGs 4 0 R/P/AllOff", false),
        ("/OCGs[]/P/AllOff", true),
        ("", true),
        ("/VE[/Not 3 0 R]/OCGs 3 0 R", true),
        ("/VE[/And 3 0 R 4 0 R]", false),
        ("/VE[/Or 3 0 R 4 0 R]", true),
        ("/VE[/And[/Not 3 0 R][/Or 3 0 R[/Not[/Not 4 0 R]]]]", true),
        ("/VE[/Xor 3 0 R 4 0 R]/OCGs 3 0 R", false),
        ("/VE[/Not]/OCGs 4 0 R", true),
        ("/VE[]", true),
    ] {
        let membership = format!("<</Type/OCMD{entries}>>");
        let pdf = document("/OFF[3 0 R]", ["", ""], &[&membership]);
        assert_eq!(states(&pdf, [5]), [expected], "{entries}");
    }
    // Content that stands in for a hidden layer is not shown while all are on.
    let pdf = document("", ["", ""], &["<</Type/OCMD/OCGs 3 0 R/P/AllOff>>"]);
    assert_eq!(states(&pdf, [5]), [false]);
}

#[test]
fn annotations_and_objects_are_in_layers() {
    let pdf = document(
        "/OFF[3 0 R]",
        ["", ""],
        &["<</OC 3 0 R>>", "<</OC 4 0 R>>", "<<>>"],
    );
    let content = OptionalContent::read(&pdf);
    let shown = [5, 6, 7].map(|number| {
        let object = pdf.xref().get::<Dict<'_>>(ObjectIdentifier::new(number, 0));
        content.shows(&object.unwrap())
    });
    assert_eq!(shown, [false, true, true]);
}

#[test]
fn expressions_in_a_circle_or_without_end_hide_nothing() {
    let membership = "<</Type/OCMD/VE 6 0 R>>";
    for expression in [
        "[/Not 6 0 R]".to_owned(),
        "[/Or 6 0 R 6 0 R 6 0 R 6 0 R]".to_owned(),
        format!("{}3 0 R{}", "[/Not".repeat(100), "]".repeat(100)),
        format!("[/Or {}]", "3 0 R ".repeat(20_000)),
    ] {
        let pdf = document("/OFF[3 0 R]", ["", ""], &[membership, &expression]);
        assert_eq!(states(&pdf, [5]), [true], "{expression:.40}");
    }
}
