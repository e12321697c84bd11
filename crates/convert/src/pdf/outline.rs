use std::collections::{HashMap, HashSet};

use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Dict, ObjectIdentifier};

use super::destinations::{Destination, Destinations};
use super::objects::{catalog, nonblank_text, reference};
use super::source::catch_panics;
use crate::layout::outline_titles::OutlineTitle;

/// Items of an outline that are read, at most.
const MAX_ITEMS: usize = 100_000;

/// Titles of one page that lines are compared with, at most.
const MAX_PAGE_TITLES: usize = 200;

/// Titles of an outline by the pages that they lead to.
#[derive(Debug, Default)]
pub(super) struct OutlineTitles(HashMap<u32, Vec<OutlineTitle>>);

impl OutlineTitles {
    /// Reads the outline of a document; one that is broken has no titles.
    pub(super) fn read(pdf: &Pdf) -> Self {
        let items = catch_panics(|| read(pdf, &Destinations::new(pdf))).unwrap_or_default();
        let mut titles = Self::default();
        for item in items {
            let title = OutlineTitle::new(&item.title, item.level);
            if let (Some(destination), Some(title)) = (item.destination, title) {
                let page = titles.0.entry(destination.page).or_default();
                if page.len() < MAX_PAGE_TITLES {
                    page.push(title);
                }
            }
        }
        titles
    }

    /// Titles of the 1-based page.
    pub(super) fn on_page(&self, number: u32) -> &[OutlineTitle] {
        self.0.get(&number).map_or(&[], Vec::as_slice)
    }
}

/// Item of the outline that viewers show beside the pages.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct OutlineItem {
    /// Title, without white space around it and with single spaces.
    pub(super) title: String,
    /// Depth, from 1.
    pub(super) level: u32,
    /// Place that it leads to, if that is in the document.
    pub(super) destination: Option<Destination>,
}

/// Reads the outline of a document in its order. An item that comes again ends its branch, so that circles end.
pub(super) fn read<'a>(pdf: &'a Pdf, destinations: &Destinations<'a>) -> Vec<OutlineItem> {
    let root = catalog(pdf).and_then(|catalog| catalog.get::<Dict<'a>>("Outlines"));
    let mut items = Vec::new();
    let mut seen: HashSet<ObjectIdentifier> = HashSet::new();
    // The item that comes next on each level above.
    let mut open = vec![root.and_then(|root| reference(&root, "First"))];
    while let Some(next) = open.last_mut() {
        let item = next
            .take()
            .filter(|id| items.len() < MAX_ITEMS && seen.insert(*id));
        let Some(item) = item.and_then(|id| pdf.xref().get::<Dict<'_>>(id)) else {
            open.pop();
            continue;
        };
        *next = reference(&item, "Next");
        let level = u32::try_from(open.len()).unwrap_or(u32::MAX);
        if let Some(title) = nonblank_text(&item, "Title") {
            items.push(OutlineItem {
                title: title.split_whitespace().collect::<Vec<_>>().join(" "),
                level,
                destination: destinations.of(&item),
            });
        }
        open.push(reference(&item, "First"));
    }
    items
}

#[cfg(test)]
mod tests {
    use super::super::destinations::Destinations;
    use super::read;
    use crate::pdf::test_documents::open;

    /// Items as `level title page x y`.
    fn outline(catalog: &str, items: &[&str]) -> Vec<String> {
        let mut objects = vec![
            format!("<</Type/Catalog/Pages 2 0 R/Outlines<</First 5 0 R>>{catalog}>>"),
            "<</Type/Pages/Count 2/Kids[3 0 R 4 0 R]/MediaBox[0 0 100 200]>>".to_owned(),
            "<</Type/Page/Parent 2 0 R>>".to_owned(),
            "<</Type/Page/Parent 2 0 R/Rotate 90>>".to_owned(),
        ];
        objects.extend(items.iter().map(|item| (*item).to_owned()));
        let pdf = open(&objects);
        let items = read(&pdf, &Destinations::new(&pdf)).into_iter();
        let items = items.map(|item| {
            let place = item.destination.map(|place| match place.point {
                Some([x, y]) => format!(" {} {x} {y}", place.page),
                None => format!(" {}", place.page),
            });
            format!("{} {}{}", item.level, item.title, place.unwrap_or_default())
        });
        items.collect()
    }

    #[test]
    fn items_have_levels_and_places() {
        let items = outline(
            "",
            &[
                "<</Title( One\r\n  two )/First 6 0 R/Next 7 0 R/Dest[3 0 R/XYZ 10 150 0]>>",
                "<</Title(Inner)/A<</S/GoTo/D[4 0 R/FitH 150]>>>>",
                "<</Title(Last)/Next 8 0 R/Dest[1/Fit]>>",
                "<</Title()/First 9 0 R>>",
                "<</Title(Web)/A<</S/URI/URI(https://example.org)>>>>",
            ],
        );
        assert_eq!(
            items,
            ["1 One two 1 10 150", "2 Inner 2 150 100", "1 Last 2", "2 Web"]
        );
    }

    #[test]
    fn places_may_have_names() {
        let items = |destination: &str| {
            let item = format!("<</Title(A)/Dest{destination}>>");
            let names = "/Names<</Dests<</Names[(new)<</D[3 0 R/FitV 20]>>(self)(self)]>>>>";
            outline(&format!("/Dests<</old[4 0 R/Fit]>>{names}"), &[&item])
        };
        assert_eq!(items("/old"), ["1 A 2"]);
        assert_eq!(items("(new)"), ["1 A 1 20 200"]);
        assert_eq!(items("(self)"), ["1 A"]);
        assert_eq!(items("(none)"), ["1 A"]);
        assert_eq!(items("[9 0 R/Fit]"), ["1 A"]);
        assert_eq!(items("[7/Fit]"), ["1 A"]);
        assert_eq!(items("[-1/Fit]"), ["1 A"]);
    }

    #[test]
    fn circles_and_depth_end() {
        assert_eq!(outline("", &["<</Title(A)/First 5 0 R/Next 5 0 R>>"]), ["1 A"]);
        let deep: Vec<String> = (6..5_006)
            .map(|next| format!("<</Title(A)/First {next} 0 R>>"))
            .collect();
        let deep: Vec<&str> = deep.iter().map(String::as_str).collect();
        assert_eq!(outline("", &deep).len(), 5_000);
    }
}
