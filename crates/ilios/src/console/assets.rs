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
    style!("base.css"),
    style!("convert.css"),
    style!("lists.css"),
    style!("read.css"),
    style!("shell.css"),
    script!("api.js"),
    script!("batch.js"),
    script!("batches.js"),
    script!("blocks.js"),
    script!("chunks.js"),
    script!("code.js"),
    script!("convert.js"),
    script!("document-row.js"),
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
