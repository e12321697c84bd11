//! Links of cells of an Excel sheet, which the library leaves out.

use std::collections::HashMap;

use super::areas::Area;
use super::cell_names::position;
use crate::ir::Link;

/// Links over more than one cell, at most.
const MAX_AREAS: usize = 1_000;
/// Links of one sheet, at most: Excel allows no more.
const MAX_LINKS: usize = 65_530;

/// Link as the sheet names it.
#[derive(Debug, Default)]
pub(super) struct NamedLink {
    /// Cells, such as `B2` or `B2:C3`.
    pub(super) cells: String,
    /// Id of the relationship that has the address.
    pub(super) id: String,
    /// Place in the target, or in the workbook if there is no address.
    pub(super) location: String,
}

/// Links by the cells that they are on.
#[derive(Debug, Default)]
pub(super) struct CellLinks {
    of_cells: HashMap<(u32, u32), Link>,
    of_areas: Vec<(Area, Link)>,
    /// Links whose address is none that can be kept, or that lead to other cells.
    pub(super) left_out: u64,
}

impl CellLinks {
    /// Finds the addresses of links among the relationships of the sheet.
    pub(super) fn new(named: &[NamedLink], addresses: &HashMap<String, String>) -> Self {
        let mut links = Self::default();
        for link in named.iter().take(MAX_LINKS) {
            links.add(link, addresses);
        }
        links.left_out += named.len().saturating_sub(MAX_LINKS) as u64;
        links
    }

    fn add(&mut self, named: &NamedLink, addresses: &HashMap<String, String>) {
        let address = addresses.get(&named.id).map(|address| {
            let place = match named.location.as_str() {
                "" => String::new(),
                place => format!("#{place}"),
            };
            format!("{address}{place}")
        });
        let (first, last) = named
            .cells
            .split_once(':')
            .unwrap_or((&named.cells, &named.cells));
        let corners = position(first).zip(position(last));
        let link = address.and_then(|address| Link::to(&address));
        let (Some(((top, left), (bottom, right))), Some(link)) = (corners, link) else {
            self.left_out += 1;
            return;
        };
        if (top, left) == (bottom, right) {
            self.of_cells.entry((top, left)).or_insert(link);
        } else if self.of_areas.len() < MAX_AREAS {
            let area = Area {
                top: top.min(bottom),
                left: left.min(right),
                bottom: bottom.max(top),
                right: right.max(left),
            };
            self.of_areas.push((area, link));
        } else {
            self.left_out += 1;
        }
    }

    /// Link of a cell, whose formula may make one.
    pub(super) fn of(&self, row: u32, column: u32, formula: Option<&str>) -> Option<Link> {
        let area = || {
            let areas = self.of_areas.iter();
            areas.clone().find(|(area, _)| area.contains(row, column))
        };
        self.of_cells
            .get(&(row, column))
            .or_else(|| area().map(|(_, link)| link))
            .cloned()
            .or_else(|| Link::to(&address_of(formula?)?))
    }
}

/// Address of a formula such as `HYPERLINK("https://a.example","text")`.
fn address_of(formula: &str) -> Option<String> {
    let rest = formula.trim_start_matches('=').trim_start();
    let name = rest
        .get(..9)
        .filter(|name| name.eq_ignore_ascii_case("HYPERLINK"))?;
    let rest = rest.get(name.len()..)?.trim_start().strip_prefix('(')?;
    let (address, behind) = rest.trim_start().strip_prefix('"')?.split_once('"')?;
    // The address is the whole argument, and not joined with something else.
    let is_whole = behind.trim_start().starts_with([',', ')', ';']);
    is_whole.then(|| address.to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::{CellLinks, NamedLink, address_of};
    use crate::ir::Link;

    #[test]
    fn a_link_is_on_each_of_its_cells() {
        let link = |cells: &str, id: &str, location: &str| NamedLink {
            cells: cells.into(),
            id: id.into(),
            location: location.into(),
        };
        let addresses = HashMap::from([
            ("a".to_owned(), "https://a.example/x".to_owned()),
            ("b".to_owned(), "javascript:alert(1)".to_owned()),
        ]);
        let named = [
            link("B2", "a", "top"),
            link("C3:D4", "a", ""),
            link("A1", "b", ""),
            link("A2", "", "Other!A1"),
        ];
        let links = CellLinks::new(&named, &addresses);
        let href = |address: &str| Some(Link::Href(address.into()));
        assert_eq!(links.of(1, 1, None), href("https://a.example/x#top"));
        assert_eq!(links.of(3, 3, None), href("https://a.example/x"));
        assert_eq!((links.of(0, 0, None), links.of(1, 0, None)), (None, None));
        assert_eq!(links.left_out, 2);
    }

    #[test]
    fn a_formula_may_make_a_link() {
        assert_eq!(
            address_of("HYPERLINK(\"https://a.example\",\"text\")").as_deref(),
            Some("https://a.example")
        );
        for other in [
            "HYPERLINK(A1,\"x\")",
            "HYPERLINK(\"https://a\"&A1)",
            "SUM(A1)",
            "HYPERLINKÄ",
        ] {
            assert_eq!(address_of(other), None, "{other}");
        }
    }
}
