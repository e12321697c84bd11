//! Charts of Word documents and presentations that the library does not read: those of points (`xVal`, `yVal`) and those
//! without categories. They are written anew in the form that it reads.

use std::collections::BTreeMap;

use super::chart::{self, ChartData};
use super::package::Package;
use crate::xml::escape;

/// Parts of a package that are charts, at most.
const MAX_CHARTS: usize = 1_000;

/// Charts in these folders of a package that have to be written anew.
pub(super) fn readable(package: &mut Package<'_>, folder: &str) -> BTreeMap<String, String> {
    let mut parts = BTreeMap::new();
    for name in package.charts(folder).into_iter().take(MAX_CHARTS) {
        let Some(text) = package.text(&name) else { continue };
        let is_read = text.contains(":cat>") && !text.contains(":xVal>");
        if let Some(chart) = chart::read(&text).filter(|_| !is_read) {
            parts.insert(name, written(&chart));
        }
    }
    parts
}

/// Writes a chart with its values as categories and series.
fn written(chart: &ChartData) -> String {
    let mut out = "<c:chartSpace xmlns:c=\"http://schemas.openxmlformats.org/drawingml/2006/chart\" \
                   xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\"><c:chart>"
        .to_owned();
    if !chart.title.trim().is_empty() {
        let title = escape(&chart.title);
        out.push_str(&format!(
            "<c:title><c:tx><c:rich><a:p><a:r><a:t>{title}</a:t></a:r></a:p></c:rich></c:tx></c:title>"
        ));
    }
    let value = |text: &String| format!("<c:v>{}</c:v>", escape(text));
    let column = |index: usize| -> String {
        let rows = chart.rows.iter().skip(1);
        rows.map(|row| row.get(index).map(&value).unwrap_or_default())
            .collect()
    };
    let names = chart.rows.first().map(Vec::as_slice).unwrap_or_default();
    for (index, name) in names.iter().enumerate().skip(1) {
        out.push_str(&format!(
            "<c:ser><c:tx>{}</c:tx><c:cat>{}</c:cat><c:val>{}</c:val></c:ser>",
            value(name),
            column(0),
            column(index)
        ));
    }
    out.push_str("</c:chart></c:chartSpace>");
    out
}

#[cfg(test)]
mod tests {
    use super::super::chart;
    use super::written;

    #[test]
    fn points_become_categories_and_values() {
        let point = |value| format!("<c:numCache><c:pt idx=\"0\"><c:v>{value}</c:v></c:pt></c:numCache>");
        let xml = format!(
            "<c:chart xmlns:c=\"c\"><c:scatterChart><c:ser><c:tx><c:v>Depth &amp; width</c:v></c:tx><c:xVal>{}</c:xVal><c:yVal>{}</c:yVal></c:ser></c:scatterChart></c:chart>",
            point("1.5"),
            point("7.5")
        );
        let chart = chart::read(&xml).unwrap();
        let written = written(&chart);
        assert!(written.contains("<c:tx><c:v>Depth &amp; width</c:v></c:tx><c:cat><c:v>1.5</c:v></c:cat><c:val><c:v>7.5</c:v></c:val>"));
    }
}
