use std::collections::HashSet;

use hayro::hayro_syntax::object::array::ArrayIter;
use hayro::hayro_syntax::object::{Array, Dict, MaybeRef, Name, Object, ObjectIdentifier};
use hayro::hayro_syntax::xref::XRef;

use super::roles::Roles;
use super::{Element, MAX_ELEMENTS, MAX_PIECES, Piece, Structure};
use crate::pdf::objects::{identity, reference, resolve};

/// Columns or rows that a cell covers, at most.
const MAX_SPAN: u32 = 1_000;
/// Attributes of an element that are read, at most.
const MAX_ATTRIBUTES: usize = 16;
/// Depth to which elements may nest.
const MAX_DEPTH: usize = 256;

/// Element whose children are being read.
struct Open<'a> {
    kids: Kids<'a>,
    element: Option<u32>,
    /// Page of its content, where the content does not say another one.
    page: Option<ObjectIdentifier>,
}

/// Children of an element: one or an array.
enum Kids<'a> {
    One(Option<MaybeRef<Object<'a>>>),
    Many(ArrayIter<'a>),
}

impl<'a> Kids<'a> {
    fn of(dict: &Dict<'a>) -> Self {
        match dict.get::<Array<'a>>("K") {
            Some(kids) => Self::Many(kids.raw_iter()),
            None => Self::One(dict.get_raw("K")),
        }
    }

    fn next(&mut self) -> Option<MaybeRef<Object<'a>>> {
        match self {
            Self::One(kid) => kid.take(),
            Self::Many(kids) => kids.next(),
        }
    }
}

struct Walk<'a> {
    xref: &'a XRef,
    roles: Roles<'a>,
    seen: HashSet<usize>,
    structure: Structure,
    pieces: usize,
}

/// Reads the tree below its root, in its order.
pub(super) fn read<'a>(root: &Dict<'a>, xref: &'a XRef) -> Structure {
    let mut walk = Walk {
        xref,
        roles: Roles::new(root.get("RoleMap").unwrap_or_default()),
        seen: HashSet::from([identity(root)]),
        structure: Structure::default(),
        pieces: 0,
    };
    // A list instead of recursion: elements may nest deeper than the stack allows.
    let mut open = vec![Open {
        kids: Kids::of(root),
        element: None,
        page: None,
    }];
    while let Some(inner) = open.last_mut() {
        let Some(kid) = inner.kids.next() else {
            open.pop();
            continue;
        };
        if walk.pieces >= MAX_PIECES || walk.structure.elements.len() >= MAX_ELEMENTS {
            walk.structure.is_cut_off = true;
            break;
        }
        let (element, page) = (inner.element, inner.page);
        let child = walk.kid(kid, element, page);
        if let Some(child) = child {
            match open.len() <= MAX_DEPTH {
                true => open.push(child),
                false => walk.structure.is_cut_off = true,
            }
        }
    }
    walk.structure
}

impl<'a> Walk<'a> {
    /// Reads one child: marked content of the page, a reference to content or to an object, or an element, which is
    /// returned with its children.
    fn kid(
        &mut self,
        kid: MaybeRef<Object<'a>>,
        parent: Option<u32>,
        page: Option<ObjectIdentifier>,
    ) -> Option<Open<'a>> {
        match resolve(self.xref, kid)? {
            Object::Number(mcid) => self.piece(mcid.as_i64(), parent, page, None),
            // An array within an array is an error of the file, met in practice.
            Object::Array(kids) => {
                return Some(Open {
                    kids: Kids::Many(kids.raw_iter()),
                    element: parent,
                    page,
                })
                .filter(|_| self.seen.insert(kids.data().as_ptr().addr()));
            }
            Object::Dict(dict) => {
                let page = reference(&dict, "Pg").or(page);
                if let Some(mcid) = dict.get::<i64>("MCID") {
                    self.piece(mcid, parent, page, reference(&dict, "Stm"));
                } else if !dict.contains_key("Obj") {
                    return self.element(&dict, parent, page);
                }
            }
            _ => {}
        }
        None
    }

    fn piece(
        &mut self,
        mcid: i64,
        element: Option<u32>,
        page: Option<ObjectIdentifier>,
        form: Option<ObjectIdentifier>,
    ) {
        if let (Ok(mcid), Some(element), Some(page)) = (u32::try_from(mcid), element, page) {
            self.pieces += 1;
            let piece = Piece { mcid, element, form };
            self.structure.pages.entry(page).or_default().push(piece);
        }
    }

    fn element(
        &mut self,
        dict: &Dict<'a>,
        parent: Option<u32>,
        page: Option<ObjectIdentifier>,
    ) -> Option<Open<'a>> {
        let role = dict.get::<Name<'_>>("S")?;
        if !self.seen.insert(identity(dict)) {
            return None;
        }
        let id = u32::try_from(self.structure.elements.len()).ok()?;
        let role = self.roles.standard(&role);
        let spans = match &*role {
            "TD" | "TH" => spans(dict),
            _ => [1, 1],
        };
        match &*role {
            "H" | "H1" | "H2" | "H3" | "H4" | "H5" | "H6" => self.structure.headings += 1,
            "Table" => self.structure.has_tables = true,
            _ => {}
        }
        self.structure.elements.push(Element { role, parent, spans });
        Some(Open {
            kids: Kids::of(dict),
            element: Some(id),
            page,
        })
    }
}

/// Columns and rows that a cell covers, by its attributes: one dictionary or an array of them.
fn spans(cell: &Dict<'_>) -> [u32; 2] {
    let own = cell.get::<Dict<'_>>("A");
    let listed = cell.get::<Array<'_>>("A").unwrap_or_default();
    let listed = listed
        .iter::<Object<'_>>()
        .take(MAX_ATTRIBUTES)
        .filter_map(|object| match object {
            Object::Dict(attributes) => Some(attributes),
            _ => None,
        });
    let mut spans = [1, 1];
    for attributes in own.into_iter().chain(listed) {
        for (span, key) in spans.iter_mut().zip(["ColSpan", "RowSpan"]) {
            if let Some(number) = attributes.get::<u32>(key).filter(|number| *number > 0) {
                *span = number.min(MAX_SPAN);
            }
        }
    }
    spans
}
