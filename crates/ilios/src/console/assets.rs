/// A file of the console.
#[derive(Debug, Clone, Copy)]
pub struct Asset {
    /// Name in `/console/`.
    pub name: &'static str,
    /// Media type.
    pub content_type: &'static str,
    /// Content.
    pub bytes: &'static [u8],
}

macro_rules! asset {
    ($content_type:literal, $folder:literal, $name:literal) => {
        Asset {
            name: $name,
            content_type: $content_type,
            bytes: include_bytes!(concat!($folder, $name)),
        }
    };
}

macro_rules! script {
    ($name:literal) => {
        asset!("text/javascript; charset=utf-8", "web/js/", $name)
    };
}

macro_rules! style {
    ($name:literal) => {
        asset!("text/css; charset=utf-8", "web/css/", $name)
    };
}

/// All files beside the page.
pub const ASSETS: &[Asset] = &[
    asset!("image/svg+xml", "web/", "icon.svg"),
    asset!("application/pdf", "../../../../samples/", "annual-report.pdf"),
    style!("colours.css"),
    style!("docs.css"),
    Asset {
        name: "console.css",
        content_type: "text/css; charset=utf-8",
        // One request instead of one for each: nothing is painted before all of them are there.
        bytes: concat!(
            include_str!("web/css/colours.css"),
            include_str!("web/css/base.css"),
            include_str!("web/css/shell.css"),
            include_str!("web/css/convert.css"),
            include_str!("web/css/read.css"),
            include_str!("web/css/lists.css"),
        )
        .as_bytes(),
    },
    script!("api.js"),
    script!("batch.js"),
    script!("batches.js"),
    script!("blocks.js"),
    script!("chunks.js"),
    script!("code.js"),
    script!("convert.js"),
    script!("document-row.js"),
    script!("docs.js"),
    script!("documents.js"),
    script!("dom.js"),
    script!("files.js"),
    script!("find.js"),
    script!("format.js"),
    script!("health.js"),
    script!("job-card.js"),
    script!("jobs.js"),
    script!("key.js"),
    script!("keys.js"),
    script!("main.js"),
    script!("options.js"),
    script!("page-view.js"),
    script!("pictures.js"),
    script!("plot.js"),
    script!("queue.js"),
    script!("read-parts.js"),
    script!("read-views.js"),
    script!("read.js"),
    script!("rows.js"),
    script!("scrolling.js"),
    script!("states.js"),
    script!("tables.js"),
    script!("text-view.js"),
    script!("theme.js"),
    script!("toast.js"),
    script!("tree.js"),
    script!("unready.js"),
    script!("usage.js"),
    script!("words.js"),
];
