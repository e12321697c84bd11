//! Parts of a PDF beside the content of its pages: values of fields, layers, files, encryption.

use ilios_convert::{Conversion, ConvertError, Input, Limits, NoOcr, Options, convert};

use crate::pdf_objects::{pdf, stream};

/// Converts a page that says "Form" with these annotations, and these entries of the catalog. The objects begin with
/// number 7.
fn read(catalog: &str, annotations: &str, objects: &[&str]) -> Result<Conversion, ConvertError> {
    let mut all = vec![
        format!("<</Type/Catalog/Pages 2 0 R{catalog}>>"),
        "<</Type/Pages/Count 1/Kids[3 0 R]>>".to_owned(),
        format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>\
             /Properties<</L 6 0 R>>>>/Annots[{annotations}]>>"
        ),
        stream(
            "",
            "BT /F 12 Tf 72 700 Td (Name:) Tj 0 -30 Td (Remark:) Tj ET /OC /L BDC BT /F 12 Tf 72 300 Td (Unseen) Tj ET EMC",
        ),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
        "<</Type/OCG/Name(Layer)/Usage<</View<</ViewState/OFF>>>>>>".to_owned(),
    ];
    all.extend(objects.iter().map(|object| (*object).to_owned()));
    let bytes = pdf(&all);
    let input = Input {
        bytes: &bytes,
        name: "a.pdf",
    };
    convert(input, &Options::default(), &Limits::default(), &mut NoOcr)
}

fn text(catalog: &str, annotations: &str, objects: &[&str]) -> String {
    read(catalog, annotations, objects).unwrap().markdown()
}

#[test]
fn values_without_an_appearance_stand_at_their_fields() {
    let markdown = text(
        "/AcroForm<</Fields[]>>",
        "<</Subtype/Widget/FT/Tx/V(Ann Example)/Rect[120 696 300 712]>> \
         <</Subtype/FreeText/Contents(seen and read)/Rect[130 666 300 682]>> \
         <</Subtype/Widget/FT/Tx/V(secret)/F 2/Rect[120 500 300 516]>>",
        &[],
    );
    assert!(markdown.contains("Name: Ann Example"), "{markdown}");
    assert!(markdown.contains("Remark: seen and read"), "{markdown}");
    assert!(!markdown.contains("secret"), "{markdown}");
}

#[test]
fn an_appearance_shows_its_value_once() {
    let appearance = stream(
        "/Subtype/Form/BBox[0 0 180 16]/Resources<</Font<</F 5 0 R>>>>",
        "BT /F 12 Tf 2 4 Td (Shown) Tj ET",
    );
    let widget = "<</Subtype/Widget/FT/Tx/V(Stored)/Rect[120 696 300 712]/AP<</N 7 0 R>>>>";
    let markdown = text("/AcroForm<</Fields[]>>", widget, &[&appearance]);
    assert!(
        markdown.contains("Name: Shown") && !markdown.contains("Stored"),
        "{markdown}"
    );
    let anew = text("/AcroForm<</NeedAppearances true>>", widget, &[&appearance]);
    assert!(anew.contains("Name: Stored") && !anew.contains("Shown"), "{anew}");
}

#[test]
fn check_boxes_show_their_state() {
    let drawn = stream("/Subtype/Form/BBox[0 0 12 12]", "0 0 12 12 re f");
    let markdown = text(
        "/AcroForm<</Fields[]>>",
        "<</Subtype/Widget/FT/Btn/AS/Yes/AP<</N<</Yes 7 0 R>>>>/Rect[130 697 142 709]>> \
         <</Subtype/Widget/FT/Btn/AS/Off/AP<</N<</Yes 7 0 R>>>>/Rect[130 667 142 679]>>",
        &[&drawn],
    );
    assert!(
        markdown.contains("Name: ☑") && markdown.contains("Remark: ☐"),
        "{markdown}"
    );
}

#[test]
fn a_layer_that_is_off_is_left_out() {
    assert!(text("", "", &[]).contains("Unseen"));
    let markdown = text("/OCProperties<</OCGs[6 0 R]/D<<>>>>", "", &[]);
    assert!(
        markdown.contains("Name:") && !markdown.contains("Unseen"),
        "{markdown}"
    );
}

#[test]
fn a_missing_annotation_hides_none_of_the_others() {
    let widget = "<</Subtype/Widget/FT/Tx/V(Ann)/Rect[120 696 300 712]>>";
    let markdown = text("", &format!("99 0 R null {widget}"), &[]);
    assert!(markdown.contains("Name: Ann"), "{markdown}");
}

#[test]
fn files_are_named_and_warned_of() {
    let conversion = read(
        "/Names<</EmbeddedFiles<</Names[(a)<</F(data.csv)/EF<</F 7 0 R>>>>]>>>>",
        "",
        &[&stream("/Subtype/text#2Fcsv", "a,b")],
    )
    .unwrap();
    let [file] = conversion.metadata.attachments.as_slice() else {
        panic!("{:?}", conversion.metadata)
    };
    assert_eq!(
        (file.name.as_str(), file.mime_type.as_deref(), file.size),
        ("data.csv", Some("text/csv"), Some(3))
    );
    let messages: Vec<&str> = conversion
        .warnings
        .iter()
        .map(|warning| warning.message.as_str())
        .collect();
    assert_eq!(
        messages,
        ["files attached to the document are not converted: data.csv"]
    );
}

#[test]
fn encryption_that_no_password_opens_has_its_code() {
    let bytes = pdf(&[
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Count 0/Kids[]>>".to_owned(),
    ]);
    let file = String::from_utf8(bytes).unwrap();
    let file = file.replace(
        "trailer\n<<",
        "trailer\n<</ID[(a)(a)]/Encrypt<</Filter/Adobe.PubSec/V 5/SubFilter/adbe.pkcs7.s5>>",
    );
    let input = Input {
        bytes: file.as_bytes(),
        name: "a.pdf",
    };
    let refused = convert(input, &Options::default(), &Limits::default(), &mut NoOcr);
    assert_eq!(refused.unwrap_err().code(), "unsupported_encryption");
}
