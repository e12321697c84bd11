use std::sync::Arc;

use crate::app::{App, AppError, Upload};
use crate::engine::{MISTRAL, Owner, Plan, PlannedPages, Request};
use crate::model::{ConversionOptions, MicroCents, Tenant};

/// Plan and cost of a conversion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Estimate {
    /// The pages to convert; `None` where they cannot be counted before.
    pub pages: Option<Vec<EstimatedPage>>,
    /// The engine of all pages, where they cannot be counted.
    pub engine: Option<&'static str>,
    /// The model that would be asked for, where one is.
    pub model: Option<String>,
    /// Pages that would be billed; `None` where they cannot be counted before.
    pub billed_pages: Option<u32>,
    /// Their cost before the margin.
    pub base: Option<MicroCents>,
    /// With the margin.
    pub total: Option<MicroCents>,
}

/// A page that would be converted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EstimatedPage {
    /// 1-based number in the document.
    pub number: u32,
    /// Its engine.
    pub engine: &'static str,
}

impl App {
    /// Estimates the cost of converting a document. Does not convert and calls no paid service.
    ///
    /// # Errors
    /// [`AppError::TestKey`], [`AppError::Busy`], [`AppError::Engine`] when the document cannot be read.
    pub async fn estimate(
        &self,
        tenant: &Tenant,
        upload: Upload,
        options: ConversionOptions,
    ) -> Result<Estimate, AppError> {
        let options = self.allowed_options(tenant, options)?;
        let request = Request {
            owner: Owner::of(tenant),
            ..Request::new(Arc::new(upload.file), upload.file_name, options)
        };
        // Looking at a PDF takes a child, as converting does.
        let _slot = self.slot(tenant, &request).await?;
        let plan = self.engine.plan(&request).await?;
        Ok(self.priced(plan))
    }

    /// Refuses a conversion that would cost more than its client allows, before anything is spent.
    ///
    /// # Errors
    /// [`AppError::CostLimitExceeded`], [`AppError::Engine`] when the document cannot be read.
    pub async fn check_cost(&self, request: &Request) -> Result<(), AppError> {
        let Some(limit) = request.options.max_cost else {
            return Ok(());
        };
        let estimate = self.priced(self.engine.plan(request).await?);
        match estimate.total {
            Some(total) if total <= limit => Ok(()),
            cost => Err(AppError::CostLimitExceeded { cost, limit }),
        }
    }

    fn priced(&self, plan: Plan) -> Estimate {
        let billed_pages = plan.billed_pages();
        let charge = billed_pages.map(|pages| {
            let price = self
                .prices
                .mistral(plan.model.as_deref().unwrap_or_default(), false);
            price.charge(pages)
        });
        // Pages that are read here have a price too, where the operator has set one.
        let local = match &plan.pages {
            PlannedPages::Known(pages) => pages.iter().filter(|(_, engine)| *engine != MISTRAL).count(),
            PlannedPages::Unknown(_) => 0,
        };
        let charge = match plan.model {
            Some(_) => charge,
            None => charge.map(|_| {
                self.prices
                    .local()
                    .charge(u32::try_from(local).unwrap_or(u32::MAX))
            }),
        };
        let (pages, engine) = match plan.pages {
            PlannedPages::Known(pages) => {
                let pages = pages.into_iter();
                let page = |(number, engine)| EstimatedPage { number, engine };
                (Some(pages.map(page).collect()), None)
            }
            PlannedPages::Unknown(engine) => (None, Some(engine)),
        };
        Estimate {
            pages,
            engine,
            model: plan.model,
            billed_pages,
            base: charge.map(|charge| charge.base),
            total: charge.map(|charge| charge.total),
        }
    }
}
