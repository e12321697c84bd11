//! Text of RTF documents that is hidden or whose deletion is tracked, which the library takes for text: it is marked
//! before the library reads it.
//!
//! ```text
//!   {\deleted ten\par}  ──>  {\deleted «S»ten«E»\par «S»«E»}     S, E: signs before and behind deleted text
//!   {\v ten}            ──>  {\v «H»ten«E»}                      H, E: signs before and behind hidden text
//!
//!   A property holds to the end of its group, to \plain, or to \deleted0 or \v0; a sign stands at each change of it.
//!   Signs do not reach over the end of a paragraph or cell, where the library begins a text anew.
//! ```

use super::signs::{DELETED, HIDDEN, KEPT, SHOWN};

/// Groups within each other whose properties are told apart; those that are nested deeper have those of the last.
const MAX_GROUPS: usize = 1_000;
/// Control words behind which the library begins a text anew.
const ENDS: [&[u8]; 7] = [b"par", b"cell", b"row", b"nestcell", b"nestrow", b"sect", b"page"];

/// Marks the hidden and deleted text of an RTF document; `None` if it has none.
pub(super) fn marked(bytes: &[u8]) -> Option<Vec<u8>> {
    let is_hidden = || {
        memchr::memmem::find_iter(bytes, b"\\v")
            .any(|at| !bytes.get(at + 2).is_some_and(u8::is_ascii_alphabetic))
    };
    if memchr::memmem::find(bytes, b"\\deleted").is_none() && !is_hidden() {
        return None;
    }
    let mut marker = Marker {
        rest: bytes,
        out: Vec::with_capacity(bytes.len() + bytes.len() / 8),
        groups: vec![Group::default()],
        deeper: 0,
    };
    while let Some((byte, rest)) = marker.rest.split_first() {
        match byte {
            b'{' => marker.open(),
            b'}' => marker.close(),
            b'\\' => marker.control(),
            _ => marker.copy(1),
        }
        debug_assert!(marker.rest.len() <= rest.len(), "each step goes on");
    }
    Some(marker.out)
}

struct Marker<'a> {
    rest: &'a [u8],
    out: Vec<u8>,
    groups: Vec<Group>,
    /// Open groups beyond those that are told apart.
    deeper: usize,
}

/// Properties that are marked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Marked {
    deleted: bool,
    hidden: bool,
}

/// Properties of the text in a group.
#[derive(Debug, Clone, Copy, Default)]
struct Group {
    marked: Marked,
    /// Its text is none of the document's.
    destination: bool,
}

impl Marker<'_> {
    /// Copies this many bytes.
    fn copy(&mut self, count: usize) {
        let (copied, rest) = self.rest.split_at(count.min(self.rest.len()));
        self.out.extend_from_slice(copied);
        self.rest = rest;
    }

    fn group(&self) -> Group {
        self.groups.last().copied().unwrap_or_default()
    }

    fn open(&mut self) {
        self.copy(1);
        if self.groups.len() < MAX_GROUPS {
            self.groups.push(self.group());
        } else {
            self.deeper += 1;
        }
    }

    fn close(&mut self) {
        if self.deeper > 0 {
            self.deeper -= 1;
            return self.copy(1);
        }
        let inner = self.group();
        if self.groups.len() > 1 {
            self.groups.pop();
        }
        let outer = self.group();
        // Signs stand where both properties hold: within the group for those that end, behind it for those that go on.
        let both = Marked {
            deleted: inner.marked.deleted && outer.marked.deleted,
            hidden: inner.marked.hidden && outer.marked.hidden,
        };
        if !inner.destination {
            self.signs(inner.marked, both);
        }
        self.copy(1);
        if !outer.destination {
            self.signs(both, outer.marked);
        }
    }

    fn control(&mut self) {
        let word = self.rest.get(1..).unwrap_or_default();
        let letters = word.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        if letters == 0 {
            // A symbol; `\*` says that the group is a destination that a reader may skip.
            if word.first() == Some(&b'*')
                && let Some(group) = self.groups.last_mut()
            {
                group.destination = true;
            }
            return self.copy(2);
        }
        let (name, behind) = word.split_at(letters);
        let sign = usize::from(behind.first() == Some(&b'-'));
        let digits = behind.iter().skip(sign).take_while(|byte| byte.is_ascii_digit());
        let digits = digits.count();
        let number = behind.get(..sign + digits).filter(|_| digits > 0);
        let number = number.and_then(|number| std::str::from_utf8(number).ok()?.parse::<i64>().ok());
        let space = usize::from(behind.get(number.map_or(0, |_| sign + digits)) == Some(&b' '));
        let length = 1 + letters + number.map_or(0, |_| sign + digits) + space;
        let marked = self.group().marked;
        let holds = number != Some(0);
        match name {
            b"bin" => {
                let payload = usize::try_from(number.unwrap_or(0)).unwrap_or(0);
                self.copy(length.saturating_add(payload));
            }
            b"deleted" => self.set(
                Marked {
                    deleted: holds,
                    ..marked
                },
                length,
            ),
            b"v" => self.set(
                Marked {
                    hidden: holds,
                    ..marked
                },
                length,
            ),
            b"plain" => self.set(Marked::default(), length),
            name if marked != Marked::default() && ENDS.contains(&name) => {
                self.change(Marked::default());
                self.copy(length);
                self.change(marked);
            }
            _ => self.copy(length),
        }
    }

    /// Copies a control word that sets or ends properties: what ends is signed before it, what begins behind it.
    fn set(&mut self, marked: Marked, length: usize) {
        let before = self.group().marked;
        self.change(Marked {
            deleted: before.deleted && marked.deleted,
            hidden: before.hidden && marked.hidden,
        });
        self.copy(length);
        self.change(marked);
    }

    fn change(&mut self, marked: Marked) {
        let before = self.group().marked;
        if let Some(group) = self.groups.last_mut() {
            group.marked = marked;
        }
        if !self.group().destination {
            self.signs(before, marked);
        }
    }

    /// Writes a sign for each property that changes.
    fn signs(&mut self, before: Marked, after: Marked) {
        if before.deleted != after.deleted {
            self.sign(if after.deleted { DELETED } else { KEPT });
        }
        if before.hidden != after.hidden {
            self.sign(if after.hidden { HIDDEN } else { SHOWN });
        }
    }

    /// Writes a sign, in a group of its own: `\uc0` says that nothing stands for it in older programs.
    fn sign(&mut self, sign: char) {
        // Numbers of characters are signed numbers of 16 bits.
        let number = i64::from(u32::from(sign)) - 0x1_0000;
        self.out
            .extend_from_slice(format!("{{\\uc0\\u{number} }}").as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::marked;

    const S: &str = "{\\uc0\\u-556 }";
    const E: &str = "{\\uc0\\u-555 }";
    const H: &str = "{\\uc0\\u-550 }";
    const N: &str = "{\\uc0\\u-549 }";

    fn text(rtf: &str) -> String {
        let marked = marked(rtf.as_bytes()).map(|bytes| String::from_utf8(bytes).unwrap());
        let text = marked.unwrap();
        text.replace(S, "«")
            .replace(E, "»")
            .replace(H, "‹")
            .replace(N, "›")
    }

    #[test]
    fn signs_stand_at_each_change() {
        for (rtf, expected) in [
            ("{\\deleted ten}", "{\\deleted «ten»}"),
            ("{\\deleted a {\\plain b} c}", "{\\deleted «a {»\\plain b}« c»}"),
            ("\\deleted a\\deleted0 b", "\\deleted «a»\\deleted0 b"),
            ("{\\deleted a\\par b}", "{\\deleted «a»\\par «b»}"),
            ("{\\deleted1\\b a}", "{\\deleted1«\\b a»}"),
            ("\\\\deleted {\\deleted x}", "\\\\deleted {\\deleted «x»}"),
            (
                "\\bin9 {\\deleted{\\deleted x}",
                "\\bin9 {\\deleted{\\deleted «x»}",
            ),
            (
                "{\\*\\fldinst{\\deleted HYPERLINK}}{\\deleted x}",
                "{\\*\\fldinst{\\deleted HYPERLINK}}{\\deleted «x»}",
            ),
            ("a{\\v b}c\\view1", "a{\\v ‹b›}c\\view1"),
            ("{\\v a\\v0 b\\v1 c}", "{\\v ‹a›\\v0 b\\v1 ‹c›}"),
            ("{\\v a\\par b\\plain c}", "{\\v ‹a›\\par ‹b›\\plain c}"),
            (
                "{\\v a{\\v0 b}{\\deleted c}}",
                "{\\v ‹a{›\\v0 b}‹{\\deleted «c»}›}",
            ),
        ] {
            assert_eq!(text(rtf), expected, "{rtf}");
        }
    }

    #[test]
    fn a_document_without_either_stays_as_it_is() {
        assert_eq!(marked(b"{\\rtf1\\viewkind4 ten}"), None);
    }

    #[test]
    fn hostile_groups_are_marked_in_linear_time() {
        let mut rtf = "{\\deleted ".repeat(100_000);
        rtf.push_str(&"}".repeat(200_000));
        assert!(marked(rtf.as_bytes()).is_some());
        assert!(marked(b"\\deleted\\").is_some() && marked(b"\\deleted-").is_some());
    }
}
