use hayro::hayro_syntax::object::Array;

use super::{Form, Widget, WidgetKind};
use crate::pdf::frame::PageFrame;
use crate::pdf::objects::resolve;
use crate::pdf::optional_content::OptionalContent;
use crate::pdf::test_documents::open;
use crate::pdf::test_documents::pdf_objects::stream;

/// The widgets of a page with these annotations; the objects begin with number 5.
fn widgets(form: &str, annotations: &str, objects: &[&str]) -> (bool, Vec<Widget>) {
    let mut all = vec![
        format!(
            "<</Type/Catalog/Pages 2 0 R/AcroForm<<{form}>>/OCProperties<</OCGs[4 0 R]/D<</OFF[4 0 R]>>>>>>"
        ),
        "<</Type/Pages/Count 1/Kids[3 0 R]>>".to_owned(),
        format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Annots[{annotations}]>>"),
        "<</Type/OCG/Name(A)>>".to_owned(),
    ];
    all.extend(objects.iter().map(|object| (*object).to_owned()));
    let pdf = open(&all);
    let mut form = Form::new(&pdf);
    let (page, layers) = (&pdf.pages()[0], OptionalContent::read(&pdf));
    let annotations = page.raw().get::<Array<'_>>("Annots").unwrap();
    let annotations = annotations
        .raw_iter()
        .filter_map(|annotation| resolve(pdf.xref(), annotation)?.into_dict());
    let widgets = annotations
        .filter_map(|annotation| form.widget(&annotation, PageFrame::of(page), &layers))
        .collect();
    (form.needs_appearances, widgets)
}

/// The one widget with these entries.
fn widget(entries: &str) -> Widget {
    let (_, widgets) = widgets(
        "",
        &format!("<</Subtype/Widget/Rect[10 20 30 40]{entries}>>"),
        &[],
    );
    let [widget] = widgets.as_slice() else {
        panic!("{entries}: {widgets:?}")
    };
    widget.clone()
}

#[test]
fn texts_are_read() {
    for (entries, value) in [
        ("/FT/Tx/V(Kendall)", Some("Kendall")),
        ("/FT/Tx/V(one\\rtwo\\r\\n)", Some("one\ntwo")),
        ("/FT/Tx/V<FEFF00e4>", Some("ä")),
        ("/FT/Tx/V( )", None),
        ("/FT/Tx", None),
        ("/FT/Tx/Ff 8192/V(secret)", None),
        ("/FT/Tx/V 7", None),
    ] {
        let widget = widget(entries);
        assert_eq!(widget.kind, WidgetKind::Text);
        assert_eq!(widget.value.as_deref(), value, "{entries}");
        assert_eq!(widget.mark(), None);
        let extent = widget.extent;
        assert_eq!(
            [extent.left, extent.bottom, extent.right, extent.top],
            [10.0, 20.0, 30.0, 40.0]
        );
    }
    let (_, widgets) = widgets(
        "",
        "<</Subtype/Widget/Rect[0 0 9 9]/FT/Tx/V 5 0 R>>",
        &[&stream("", "long")],
    );
    assert_eq!(widgets[0].value.as_deref(), Some("long"));
}

#[test]
fn choices_show_the_text_of_their_option() {
    let options = "/Opt[[(de)(Germany)][(fr)(France)](Spain)]";
    for (entries, value) in [
        ("/V(fr)", Some("France")),
        ("/V(Spain)", Some("Spain")),
        ("/V(own)", Some("own")),
        ("/V[(de)(fr)]", Some("Germany\nFrance")),
        ("/I[2 0 9]", Some("Spain\nGermany")),
        ("", None),
    ] {
        let widget = widget(&format!("/FT/Ch{options}{entries}"));
        assert_eq!(widget.kind, WidgetKind::Choice);
        assert_eq!(widget.value.as_deref(), value, "{entries}");
        assert_eq!(&*widget.options, ["Germany", "France", "Spain"]);
    }
}

#[test]
fn boxes_and_buttons_have_states() {
    let states = "/AP<</N<</Off null/Blue null>>>>";
    let checkbox = |on| WidgetKind::Checkbox { on };
    let radio = |on| WidgetKind::Radio { on };
    for (entries, kind, mark, value) in [
        ("/AS/Blue", checkbox(true), '☑', Some("Blue")),
        ("/AS/Off", checkbox(false), '☐', Some("Blue")),
        ("/V/Blue", checkbox(true), '☑', Some("Blue")),
        ("/V/Red", checkbox(false), '☐', Some("Blue")),
        ("", checkbox(false), '☐', Some("Blue")),
        ("/Ff 32768/AS/Blue", radio(true), '☑', Some("Blue")),
        ("/Ff 49152/V/Red", radio(false), '☐', Some("Blue")),
    ] {
        let widget = widget(&format!("/FT/Btn{states}{entries}"));
        assert_eq!(widget.kind, kind, "{entries}");
        assert_eq!(widget.mark(), Some(mark));
        assert_eq!(widget.value.as_deref(), value, "{entries}");
    }
    assert_eq!(
        widget("/FT/Btn/V/Yes").kind,
        checkbox(true),
        "nothing but its value"
    );
    assert_eq!(widget("/FT/Btn/AS/Yes/AP<</N<</Yes null>>>>").value, None);
    let option = widget("/FT/Btn/Opt[(First)(Second)]/AP<</N<</1 null/Off null>>>>");
    assert_eq!(option.value.as_deref(), Some("Second"));
    let button = widget("/FT/Btn/Ff 65536/MK<</CA(Send)>>");
    assert_eq!(
        (button.kind, button.value.as_deref()),
        (WidgetKind::Button, Some("Send"))
    );
    let signature = widget("/FT/Sig/V<</Name(Ann)>>");
    assert_eq!(
        (signature.kind, signature.value.as_deref()),
        (WidgetKind::Signature, Some("Ann"))
    );
}

#[test]
fn fields_inherit() {
    let form = stream("/Subtype/Form", "");
    let (anew, widgets) = widgets(
        "/NeedAppearances true/DA(/Helv 0 Tf 0 g)",
        "5 0 R 6 0 R 10 0 R",
        &[
            "<</Subtype/Widget/Parent 7 0 R/Rect[0 0 9 9]/AP<</N 9 0 R>>/F 2>>",
            "<</Subtype/Widget/Parent 7 0 R/Rect[0 0 9 9]/AP<</N<</On 9 0 R>>>>/AS/Off/OC 4 0 R>>",
            "<</T(name)/V(Ann)/TU(Your name)/Parent 8 0 R/DA(/F 9.5 Tf)>>",
            "<</T(person)/FT/Tx>>",
            &form,
            "<</Subtype/Widget/Rect[0 0 9 9]/FT/Tx/T(own)/AP<</N 9 0 R>>>>",
        ],
    );
    assert!(anew);
    let [first, second, own] = widgets.as_slice() else {
        panic!("{widgets:?}")
    };
    for widget in [first, second] {
        assert_eq!(widget.name.as_deref(), Some("person.name"));
        assert_eq!(widget.label.as_deref(), Some("Your name"));
        assert_eq!(widget.value.as_deref(), Some("Ann"));
        assert_eq!(widget.text_size, Some(9.5));
        assert!(widget.is_hidden);
    }
    assert!(first.has_appearance && !second.has_appearance);
    assert!(own.has_appearance && !own.is_hidden);
    assert_eq!((own.name.as_deref(), own.text_size), (Some("own"), None));
}

#[test]
fn circles_and_what_is_no_widget_end() {
    let circle = [
        "<</Subtype/Widget/Rect[0 0 9 9]/Parent 6 0 R>>",
        "<</FT/Tx/V(a)/T(t)/Parent 6 0 R>>",
    ];
    let (_, found) = widgets("", "5 0 R 5 0 R null 99 0 R <</Subtype/Link>>", &circle);
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].value.as_deref(), Some("a"));
    let chain: Vec<String> = (6..3_006)
        .map(|next| format!("<</Subtype/Widget/Rect[0 0 9 9]/T(t)/Parent {next} 0 R>>"))
        .chain(["<</FT/Tx/V(a)>>".to_owned()])
        .collect();
    let chain: Vec<&str> = chain.iter().map(String::as_str).collect();
    assert_eq!(widgets("", "5 0 R", &chain).1, [], "the kind is too far above");
    let many = "5 0 R ".repeat(40);
    let long = format!(
        "<</Subtype/Widget/Rect[0 0 9 9]/FT/Tx/V({})>>",
        "a".repeat(1 << 20)
    );
    assert_eq!(
        widgets("", &many, &[&long]).1.len(),
        15,
        "their values are too long together"
    );
    let options = format!("/FT/Ch/Opt[{}]/V[{}]", "(a)".repeat(20_000), "(b)".repeat(20_000));
    assert_eq!(widget(&options).options.len(), 10_000);
}
