use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::convert::ConvertRequest;
use crate::app::Estimate;
use crate::http::HttpState;
use crate::http::extract::file_form::FileReader;
use crate::http::extract::upload::{Admitted, UploadForm};
use crate::http::respond::problem::Problem;
use crate::model::{MicroCents, Tenant};

/// Plan and cost of a conversion. A `null` cannot be known before it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct EstimateAnswer {
    /// Each page to convert; `null` for types whose pages are not counted before.
    pages: Option<Vec<EstimatedPage>>,
    /// The engine of all pages, where they are not counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    engine: Option<&'static str>,
    /// The model that would be asked for, where one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<String>,
    /// Pages that would be billed.
    billed_pages: Option<u32>,
    /// Their cost before the margin: millionths of a US cent.
    base_micro_cents: Option<i64>,
    /// With the margin; what `maxCostCents` is compared with.
    total_micro_cents: Option<i64>,
    /// With the margin, rounded to the cent, such as `0.39`.
    #[serde(rename = "totalUSD")]
    total_usd: Option<String>,
}

/// A page that would be converted.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct EstimatedPage {
    /// 1-based number in the document.
    number: u32,
    /// `local` or `mistral`.
    engine: &'static str,
}

impl From<Estimate> for EstimateAnswer {
    fn from(estimate: Estimate) -> Self {
        let page = |page: crate::app::EstimatedPage| EstimatedPage {
            number: page.number,
            engine: page.engine,
        };
        Self {
            pages: estimate.pages.map(|pages| pages.into_iter().map(page).collect()),
            engine: estimate.engine,
            model: estimate.model,
            billed_pages: estimate.billed_pages,
            base_micro_cents: estimate.base.map(MicroCents::get),
            total_micro_cents: estimate.total.map(MicroCents::get),
            total_usd: estimate.total.map(MicroCents::display_dollars),
        }
    }
}

/// Estimate the cost of a conversion
///
/// Takes the form of `POST /v1/convert`. Nothing is converted or kept, and no paid service is asked.
#[utoipa::path(
    post,
    path = "/v1/estimate",
    tag = "convert",
    request_body(content = ConvertRequest, content_type = "multipart/form-data"),
    responses(
        (status = 200, description = "Pages, engines and price", body = EstimateAnswer),
        (status = 422, description = "The document cannot be read"),
        (status = 503, description = "The server is busy"),
    ),
)]
pub(in crate::http) async fn estimate(
    State(state): State<HttpState>,
    tenant: Tenant,
    _: Admitted,
    UploadForm(form): UploadForm<FileReader>,
) -> Result<Json<EstimateAnswer>, Problem> {
    let estimate = state.app.estimate(&tenant, form.upload, form.params.options);
    let estimate = Box::pin(estimate).await?;
    Ok(Json(estimate.into()))
}
