use hayro::hayro_syntax::object::ObjectIdentifier;

use super::Structure;
use crate::pdf::test_documents::open;

/// The tree below a root with these entries, on the pages 3 and 4; the objects begin with number 5.
fn structure(root: &str, objects: &[&str]) -> Structure {
    let mut all = vec![
        format!("<</Type/Catalog/Pages 2 0 R/StructTreeRoot<<{root}>>>>"),
        "<</Type/Pages/Count 2/Kids[3 0 R 4 0 R]>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>".to_owned(),
    ];
    all.extend(objects.iter().map(|object| (*object).to_owned()));
    Structure::read(&open(&all))
}

/// The content of a page as `mcid role`.
fn content(structure: &Structure, page: u32) -> Vec<String> {
    let pieces = structure.pages.get(&ObjectIdentifier::new(page, 0));
    let pieces = pieces.into_iter().flatten();
    let words = pieces.map(|piece| {
        let path: Vec<&str> = structure
            .path(piece.element)
            .map(|id| &*structure.element(id).unwrap().role)
            .collect();
        let form = piece.form.map(|form| format!(" in {}", form.obj_number));
        format!("{} {}{}", piece.mcid, path.join(" < "), form.unwrap_or_default())
    });
    words.collect()
}

#[test]
fn content_comes_in_the_order_of_the_tree() {
    let tree = structure(
        "/K 5 0 R/RoleMap<</Heading/MyHead/MyHead/H1/P/H2/Loop/Loop2/Loop2/Loop>>",
        &[
            "<</S/Document/K[6 0 R 7 0 R 8 0 R 9 0 R]/Lang(de-DE)>>",
            "<</S/Heading/Pg 3 0 R/K 2>>",
            "<</S/P/Pg 3 0 R/K[1 <</MCID 0/Pg 4 0 R>> <</Type/MCR/MCID 5/Stm 99 0 R>> <</Type/OBJR/Obj 88 0 R>>]>>",
            "<</S/Figure/Pg 4 0 R/Alt(A bird)/ActualText()/K[[3]]>>",
            "<</S/Loop/Pg 4 0 R/K -1>>",
        ],
    );
    assert_eq!(
        content(&tree, 3),
        ["2 H1 < Document", "1 P < Document", "5 P < Document in 99"]
    );
    assert_eq!(content(&tree, 4), ["0 P < Document", "3 Figure < Document"]);
    assert_eq!(&*tree.elements.last().unwrap().role, "Loop");
    assert!(!tree.is_cut_off);
}

#[test]
fn circles_and_depth_end() {
    let circle = structure(
        "/K 5 0 R",
        &["<</S/P/Pg 3 0 R/K[5 0 R 0 5 0 R 6 0 R]>>", "[6 0 R 1 6 0 R]"],
    );
    assert_eq!(content(&circle, 3), ["0 P", "1 P"]);
    let chain: Vec<String> = (6..2_006)
        .map(|next| format!("<</S/P/Pg 3 0 R/K[0 {next} 0 R]>>"))
        .collect();
    let chain: Vec<&str> = chain.iter().map(String::as_str).collect();
    let deep = structure("/K 5 0 R", &chain);
    assert!(deep.is_cut_off);
    assert_eq!(content(&deep, 3).len(), 256);
}

#[test]
fn what_is_no_tree_is_empty() {
    for root in [
        "",
        "/K null",
        "/K 7",
        "/K(a)",
        "/K[<<>> <</S 7>> 99 0 R]",
        "/K<</S/P/K<</MCID 1>>>>",
    ] {
        let tree = structure(root, &[]);
        assert!(tree.pages.is_empty(), "{root}");
    }
}

#[test]
fn cells_tell_what_they_cover() {
    let tree = structure(
        "/K[5 0 R 6 0 R 7 0 R]",
        &[
            "<</S/TD/A<</O/Table/ColSpan 2>>>>",
            "<</S/TH/A[<</O/Layout/Width 7>> 0 <</O/Table/RowSpan 3/ColSpan 0>>]>>",
            "<</S/P/A<</ColSpan 4>>>>",
        ],
    );
    let spans: Vec<[u32; 2]> = tree.elements.iter().map(|element| element.spans).collect();
    assert_eq!(spans, [[2, 1], [1, 3], [1, 1]]);
}
