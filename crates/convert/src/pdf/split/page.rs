use hayro::hayro_syntax::object::{Array, Dict, MaybeRef, Name, Object, Rect};
use hayro::hayro_syntax::page::{Page, Rotation};

use super::object_copier::{ObjectCopier, TooLarge};
use super::used_xobjects::UsedXObjects;

/// Keys of an annotation that its appearance depends on. Its other entries lead to other pages, forms and scripts.
const APPEARANCE_KEYS: &[&[u8]] = &[
    b"Type",
    b"Subtype",
    b"Rect",
    b"AP",
    b"AS",
    b"F",
    b"Border",
    b"BS",
    b"C",
    b"CA",
    b"IC",
    b"QuadPoints",
    b"MK",
    b"DA",
    b"FT",
    b"Ff",
    b"V",
    b"Contents",
    b"OC",
    b"Vertices",
    b"L",
    b"InkList",
    b"RD",
];
/// Levels of the page tree that are searched for an inherited entry: the tree of a damaged file may have circles.
const MAX_PAGE_TREE_DEPTH: usize = 64;

/// Writes the page as object `number` below the node `parent`, and copies everything that it shows; with `used`, only
/// those images and forms.
///
/// # Errors
/// [`TooLarge`]: the part has no room for the page; the caller has to roll back.
pub(super) fn write(
    copy: &mut ObjectCopier<'_>,
    page: &Page<'_>,
    (number, parent): (usize, usize),
    used: Option<&UsedXObjects>,
) -> Result<(), TooLarge> {
    copy.file.begin(number);
    copy.file
        .put(format!("<</Type/Page/Parent {parent} 0 R").as_bytes());
    boxes(copy, page);
    for key in ["Contents", "UserUnit", "Group"] {
        if let Some(value) = page.raw().get_raw::<Object<'_>>(key) {
            copy.file.put(format!("/{key}").as_bytes());
            copy.value(&value, 0);
        }
    }
    copy.file.put(b"/Resources");
    let own = inherited(page.raw(), "Resources", |node| {
        node.get::<Dict<'_>>("Resources").is_some()
    });
    match (used, own) {
        (None, Some(resources)) => copy.value(&resources, 0),
        _ => resources(copy, page, used),
    }
    annotations(copy, page.raw());
    copy.file.put(b">>");
    copy.file.end();
    copy.copy_references()
}

fn boxes(copy: &mut ObjectCopier<'_>, page: &Page<'_>) {
    rect(copy, page, "MediaBox", Some(page.media_box()));
    rect(copy, page, "CropBox", None);
    let rotation = match page.rotation() {
        Rotation::None => 0,
        Rotation::Horizontal => 90,
        Rotation::Flipped => 180,
        Rotation::FlippedHorizontal => 270,
    };
    copy.file.put(format!("/Rotate {rotation}").as_bytes());
}

/// Writes the page box as the file has it, or else `otherwise`.
fn rect(copy: &mut ObjectCopier<'_>, page: &Page<'_>, name: &str, otherwise: Option<Rect>) {
    let is_rect = |node: &Dict<'_>| node.get::<Rect>(name).is_some();
    let found = inherited(page.raw(), name, is_rect);
    if let Some(found) = found {
        copy.file.put(format!("/{name}").as_bytes());
        copy.value(&found, 0);
    } else if let Some(rect) = otherwise {
        let numbers =
            [rect.x0, rect.y0, rect.x1, rect.y1].map(|number| if number.is_finite() { number } else { 0.0 });
        let [left, bottom, right, top] = numbers;
        copy.file
            .put(format!("/{name}[{left} {bottom} {right} {top}]").as_bytes());
    }
}

/// Returns the entry of the page, or of the nearest node above it that has a sound one.
fn inherited<'a>(
    page: &Dict<'a>,
    name: &str,
    sound: impl Fn(&Dict<'a>) -> bool,
) -> Option<MaybeRef<Object<'a>>> {
    let mut node = page.clone();
    for _ in 0..MAX_PAGE_TREE_DEPTH {
        if sound(&node) {
            return node.get_raw::<Object<'a>>(name);
        }
        node = node.get::<Dict<'a>>("Parent")?;
    }
    None
}

/// Writes the resources as the library has resolved them.
fn resources(copy: &mut ObjectCopier<'_>, page: &Page<'_>, used: Option<&UsedXObjects>) {
    let found = page.resources();
    copy.file.put(b"<<");
    for (name, dict) in [
        ("ExtGState", &found.ext_g_states),
        ("Font", &found.fonts),
        ("Properties", &found.properties),
        ("ColorSpace", &found.color_spaces),
        ("Pattern", &found.patterns),
        ("Shading", &found.shadings),
    ] {
        copy.file.put(format!("/{name}").as_bytes());
        copy.dict(dict, 0);
    }
    copy.file.put(b"/XObject<<");
    for (name, value) in found.x_objects.entries() {
        if used.is_none_or(|used| used.contains(&name)) {
            copy.name(&name);
            copy.value(&value, 0);
        }
    }
    copy.file.put(b">>>>");
}

/// Writes the visible parts of annotations, such as the values of form fields, and the web addresses of links.
fn annotations(copy: &mut ObjectCopier<'_>, page: &Dict<'_>) {
    let Some(annotations) = page.get::<Array<'_>>("Annots") else {
        return;
    };
    copy.file.put(b"/Annots[");
    for annotation in annotations.iter::<Dict<'_>>() {
        let address = annotation.get::<Dict<'_>>("A").filter(is_uri_action);
        if address.is_none() && !annotation.contains_key("AP") {
            continue;
        }
        copy.file.put(b"<<");
        for (key, value) in annotation.entries() {
            if APPEARANCE_KEYS.contains(&key.as_ref()) {
                copy.name(&key);
                copy.value(&value, 0);
            }
        }
        if let Some(value) = address.and_then(|action| action.get::<Object<'_>>("URI")) {
            copy.file.put(b"/A<</S/URI/URI");
            copy.object(&value, 0);
            copy.file.put(b">>");
        }
        copy.file.put(b">>");
    }
    copy.file.put(b"]");
}

fn is_uri_action(action: &Dict<'_>) -> bool {
    action
        .get::<Name<'_>>("S")
        .is_some_and(|kind| kind.as_ref() == b"URI")
}
