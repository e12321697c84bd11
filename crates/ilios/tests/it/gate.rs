//! An engine without children, whose conversions end when the test lets them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::future::BoxFuture;
use ilios::engine::{
    Converted, Engine, EngineError, RenderRequest, Rendering, Request, read_text, spool_text,
};
use ilios::spool::Spooled;
use ilios_convert::{Conversion, Format, Metadata, OutputFormat, Page, PageKind};
use tokio::sync::Semaphore;

/// Each line of a file becomes a page.
pub(crate) struct Gate {
    permits: Semaphore,
    begun: AtomicUsize,
    model: &'static str,
}

impl Gate {
    /// Nothing ends before [`Self::let_through`].
    pub(crate) fn closed() -> Arc<Self> {
        Arc::new(Self {
            permits: Semaphore::new(0),
            begun: AtomicUsize::new(0),
            model: "gate",
        })
    }

    /// Everything ends at once.
    pub(crate) fn open(model: &'static str) -> Arc<Self> {
        Arc::new(Self {
            permits: Semaphore::new(1_000_000),
            begun: AtomicUsize::new(0),
            model,
        })
    }

    /// Lets so many conversions end.
    pub(crate) fn let_through(&self, conversions: usize) {
        self.permits.add_permits(conversions);
    }

    /// Waits until so many conversions have begun.
    pub(crate) async fn begun(&self, conversions: usize) {
        while self.begun.load(Ordering::SeqCst) < conversions {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    }

    /// Conversions that have begun.
    pub(crate) fn count(&self) -> usize {
        self.begun.load(Ordering::SeqCst)
    }
}

impl Engine for Gate {
    fn convert<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Converted, EngineError>> {
        Box::pin(async {
            self.begun.fetch_add(1, Ordering::SeqCst);
            self.permits.acquire().await.expect("the gate").forget();
            let bytes = request.file.in_memory().expect("a small file");
            let page = |(number, line): (u32, &str)| Page {
                markdown: line.to_owned(),
                ..Page::new(number, PageKind::TextLayer)
            };
            let text = String::from_utf8_lossy(bytes);
            let conversion = Conversion {
                format: Format::Text,
                metadata: Metadata::default(),
                pages: (1..).zip(text.lines()).map(page).collect(),
                images: Vec::new(),
                warnings: Vec::new(),
                partial: None,
            };
            Ok(Converted::local(conversion, self.model))
        })
    }

    fn render<'a>(&'a self, request: &'a RenderRequest) -> BoxFuture<'a, Result<Arc<Spooled>, EngineError>> {
        Box::pin(async {
            self.begun.fetch_add(1, Ordering::SeqCst);
            self.permits.acquire().await.expect("the gate").forget();
            let input = read_text(&request.input).await?;
            if matches!(request.rendering, Rendering::Page { .. }) {
                let picture = spool_text(&request.spool, "a picture".into()).await;
                return Ok(Arc::new(picture.expect("a spool")));
            }
            let pages = input.lines().take_while(|line| !line.is_empty());
            let pages = pages.map(|line| serde_json::from_str::<serde_json::Value>(line).expect("a page"));
            let pages: Vec<String> = pages
                .map(|page| page["markdown"].as_str().expect("text").to_owned() + "\n")
                .collect();
            let text = match &request.rendering {
                Rendering::Document(output) if output.form == OutputFormat::Json.into() => {
                    let pages = pages.iter().map(|text| serde_json::json!({"markdown": text}));
                    serde_json::json!({"pages": pages.collect::<Vec<_>>()}).to_string()
                }
                Rendering::Located { .. } => serde_json::json!({"matches": [], "more": false}).to_string(),
                _ => format!("rendered: {}", pages.concat()),
            };
            let spooled = spool_text(&request.spool, text).await.expect("a spool");
            Ok(Arc::new(spooled))
        })
    }
}
