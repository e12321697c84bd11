use super::{LOCAL, MISTRAL};

/// Assignment of a document's pages to engines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The pages, where they can be counted before the conversion.
    pub pages: PlannedPages,
    /// The model that the paid service is asked for, where it is asked.
    pub model: Option<String>,
}

/// The pages of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlannedPages {
    /// Each page to convert: its 1-based number in the document and its engine, in the order of the document.
    Known(Vec<(u32, &'static str)>),
    /// All by one engine. How many there are is known only afterwards.
    Unknown(&'static str),
}

impl Plan {
    /// All by the local engine; `pages` where they are known.
    #[must_use]
    pub fn local(pages: Option<Vec<u32>>) -> Self {
        Self {
            pages: PlannedPages::all(LOCAL, pages),
            model: None,
        }
    }

    /// All by Mistral's `model`.
    #[must_use]
    pub fn mistral(pages: Option<Vec<u32>>, model: &str) -> Self {
        Self {
            pages: PlannedPages::all(MISTRAL, pages),
            model: Some(model.to_owned()),
        }
    }

    /// Some pages by Mistral's `model` and some here, each list ascending.
    #[must_use]
    pub fn mixed(by_mistral: Vec<u32>, local: Vec<u32>, model: &str) -> Self {
        let named = |pages: Vec<u32>, engine| pages.into_iter().map(move |page| (page, engine));
        let mut pages: Vec<_> = named(by_mistral, MISTRAL).chain(named(local, LOCAL)).collect();
        pages.sort_unstable();
        Self {
            pages: PlannedPages::Known(pages),
            model: Some(model.to_owned()),
        }
    }

    /// The number of pages that the paid service would bill; `None` when it cannot be known.
    #[must_use]
    pub fn billed_pages(&self) -> Option<u32> {
        match &self.pages {
            PlannedPages::Known(pages) => {
                let billed = pages.iter().filter(|(_, engine)| *engine == MISTRAL).count();
                Some(u32::try_from(billed).unwrap_or(u32::MAX))
            }
            PlannedPages::Unknown(engine) => (*engine != MISTRAL).then_some(0),
        }
    }
}

impl PlannedPages {
    fn all(engine: &'static str, pages: Option<Vec<u32>>) -> Self {
        match pages {
            Some(pages) => Self::Known(pages.into_iter().map(|page| (page, engine)).collect()),
            None => Self::Unknown(engine),
        }
    }
}
