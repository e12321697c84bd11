use std::collections::{HashMap, HashSet, VecDeque};

use hayro::hayro_syntax::object::{Array, Dict, MaybeRef, Name, ObjRef, Object, ObjectIdentifier, Stream};
use hayro::hayro_syntax::xref::XRef;

use super::pdf_writer::{Checkpoint, PdfWriter};

/// Keys of a stream's dictionary that are left out: they do not hold for the copy, are written anew, or lead to objects
/// that no page shows.
const OMITTED_STREAM_KEYS: &[&[u8]] = &[
    b"Length",
    b"F",
    b"FFilter",
    b"FDecodeParms",
    b"DL",
    b"Metadata",
    b"PieceInfo",
    b"StructParent",
    b"StructParents",
    b"OPI",
    b"Filter",
    b"DecodeParms",
];
/// Nesting of arrays and dictionaries, at most; the library reads no deeper.
const MAX_NESTING: usize = 512;

/// Error: the part exceeds its limit in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooLarge;

/// Copies objects from one file to another: each once, followed by the objects that it refers to. Encrypted strings
/// and streams are plain in the copy. References to pages become null: nothing that a page shows is behind them, and
/// following them would copy the whole document.
pub(super) struct ObjectCopier<'a> {
    pub(super) xref: &'a XRef,
    pub(super) file: PdfWriter,
    pages: &'a HashSet<ObjectIdentifier>,
    /// Numbers in the copy of the objects that were copied or referred to.
    numbers: HashMap<ObjectIdentifier, usize>,
    /// Objects that were referred to and are not copied yet.
    waiting: VecDeque<(ObjectIdentifier, usize)>,
    limit: usize,
}

impl<'a> ObjectCopier<'a> {
    /// Creates a copier from the file of `xref`, whose pages are `pages`, to a new file of at most `limit` bytes.
    pub(super) fn new(xref: &'a XRef, pages: &'a HashSet<ObjectIdentifier>, limit: usize) -> Self {
        Self {
            xref,
            file: PdfWriter::new(),
            pages,
            numbers: HashMap::new(),
            waiting: VecDeque::new(),
            limit,
        }
    }

    /// Undoes everything that was copied after `checkpoint`.
    pub(super) fn roll_back(&mut self, checkpoint: Checkpoint) {
        self.file.roll_back(checkpoint);
        self.waiting.clear();
        self.numbers.retain(|_, number| checkpoint.includes(*number));
    }

    /// Copies all objects that the objects written so far refer to, directly or not.
    pub(super) fn copy_references(&mut self) -> Result<(), TooLarge> {
        while let Some((id, number)) = self.waiting.pop_front() {
            let object = self.xref.get::<Object<'_>>(id);
            self.file.begin(number);
            match &object {
                // Damaged files refer to pages that are missing from the page tree.
                Some(Object::Dict(dict)) if is_page_tree_node(dict) => self.file.put(b"null"),
                Some(Object::Stream(stream)) => self.stream(stream)?,
                Some(object) => self.object(object, 0),
                None => self.file.put(b"null"),
            }
            self.file.end();
            self.check(0)?;
        }
        self.check(0)
    }

    fn check(&self, more: usize) -> Result<(), TooLarge> {
        if self.file.size().saturating_add(more) > self.limit {
            Err(TooLarge)
        } else {
            Ok(())
        }
    }

    fn stream(&mut self, stream: &Stream<'_>) -> Result<(), TooLarge> {
        let data = stream.raw_data();
        self.check(data.len())?;
        self.file.put(b"<<");
        for (key, value) in stream.dict().entries() {
            if !OMITTED_STREAM_KEYS.contains(&key.as_ref()) {
                self.name(&key);
                self.value(&value, 0);
            }
        }
        self.filters(stream.dict());
        self.file
            .put(format!("/Length {}>>\nstream\n", data.len()).as_bytes());
        self.file.put(&data);
        self.file.put(b"\nendstream");
        Ok(())
    }

    /// Writes the compression filters of a stream. The decryption filter has been applied already, so it is left out
    /// together with its parameters.
    fn filters(&mut self, dict: &Dict<'_>) {
        let is_crypt =
            |object: &Object<'_>| matches!(object, Object::Name(name) if name.as_ref() == b"Crypt");
        let (filter, parameters) = (
            dict.get::<Object<'_>>("Filter"),
            dict.get::<Object<'_>>("DecodeParms"),
        );
        let (filters, parameters) = match (filter, parameters) {
            (Some(Object::Array(filters)), parameters) => {
                let parameters = match parameters {
                    Some(Object::Array(parameters)) => parameters.raw_iter().map(Some).collect(),
                    _ => Vec::new(),
                };
                (filters.iter::<Object<'_>>().collect::<Vec<_>>(), parameters)
            }
            (Some(filter), parameters) => (vec![filter], vec![parameters.map(MaybeRef::NotRef)]),
            (None, _) => return,
        };
        let mut parameters = parameters.into_iter();
        let kept: Vec<_> = filters
            .into_iter()
            .map(|filter| (filter, parameters.next().flatten()))
            .filter(|(filter, _)| !is_crypt(filter))
            .collect();
        self.file.put(b"/Filter[");
        for (filter, _) in &kept {
            self.object(filter, 0);
        }
        self.file.put(b"]/DecodeParms[");
        for (_, parameters) in &kept {
            match parameters {
                Some(parameters) => self.value(parameters, 0),
                None => self.file.put(b"null"),
            }
            self.file.put(b" ");
        }
        self.file.put(b"]");
    }

    pub(super) fn value(&mut self, value: &MaybeRef<Object<'_>>, depth: usize) {
        match value {
            MaybeRef::Ref(reference) => self.reference(*reference),
            MaybeRef::NotRef(object) => self.object(object, depth),
        }
    }

    fn reference(&mut self, reference: ObjRef) {
        let id = ObjectIdentifier::from(reference);
        if self.pages.contains(&id) {
            return self.file.put(b" null");
        }
        // Numbers are given on the first reference, so that circles of objects end.
        let number = match self.numbers.get(&id) {
            Some(number) => *number,
            None => {
                let number = self.file.number();
                self.numbers.insert(id, number);
                self.waiting.push_back((id, number));
                number
            }
        };
        self.file.put(format!(" {number} 0 R").as_bytes());
    }

    pub(super) fn object(&mut self, object: &Object<'_>, depth: usize) {
        match object {
            _ if depth > MAX_NESTING => self.file.put(b" null"),
            // A stream is always an object of its own; inside another object it is an error of the file.
            Object::Null(_) | Object::Stream(_) => self.file.put(b" null"),
            Object::Boolean(true) => self.file.put(b" true"),
            Object::Boolean(false) => self.file.put(b" false"),
            Object::Number(number) => {
                let number = number.as_f64();
                let number = if number.is_finite() { number } else { 0.0 };
                self.file.put(format!(" {number}").as_bytes());
            }
            Object::String(string) => self.string(string.as_bytes()),
            Object::Name(name) => self.name(name),
            Object::Dict(dict) => self.dict(dict, depth),
            Object::Array(array) => self.array(array, depth),
        }
    }

    pub(super) fn dict(&mut self, dict: &Dict<'_>, depth: usize) {
        self.file.put(b"<<");
        for (key, value) in dict.entries() {
            self.name(&key);
            self.value(&value, depth + 1);
        }
        self.file.put(b">>");
    }

    fn array(&mut self, array: &Array<'_>, depth: usize) {
        self.file.put(b"[");
        for value in array.raw_iter() {
            self.value(&value, depth + 1);
        }
        self.file.put(b"]");
    }

    pub(super) fn name(&mut self, name: &Name<'_>) {
        self.file.put(b"/");
        for &byte in name.as_ref() {
            if byte.is_ascii_alphanumeric() || b"-_.+*:,;@!$&'=?^`|~".contains(&byte) {
                self.file.put(&[byte]);
            } else {
                self.file.put(format!("#{byte:02X}").as_bytes());
            }
        }
    }

    fn string(&mut self, bytes: &[u8]) {
        self.file.put(b"(");
        for &byte in bytes {
            match byte {
                b'(' | b')' | b'\\' => self.file.put(&[b'\\', byte]),
                b'\r' => self.file.put(b"\\r"),
                _ => self.file.put(&[byte]),
            }
        }
        self.file.put(b")");
    }
}

/// Returns true for a node of the page tree and for the catalog above it.
fn is_page_tree_node(dict: &Dict<'_>) -> bool {
    let kind = dict.get::<Name<'_>>("Type");
    kind.is_some_and(|kind| matches!(kind.as_ref(), b"Page" | b"Pages" | b"Catalog"))
}
