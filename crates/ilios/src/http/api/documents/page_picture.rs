use std::ops::RangeInclusive;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use super::parsed_id;
use crate::app::PictureOf;
use crate::http::HttpState;
use crate::http::extract::param_values::value;
use crate::http::respond::paced::body_of;
use crate::http::respond::problem::Problem;
use crate::model::Tenant;

/// Resolutions of pictures, in pixels per inch.
const DPI: RangeInclusive<u32> = 36..=200;
/// Resolution of a picture where nothing is said: that of a screen.
const DEFAULT_DPI: u32 = 96;

/// Parameters of the query.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct PictureQuery {
    /// Pixels per inch, 36 to 200; 96 by default.
    #[param(value_type = Option<u32>)]
    dpi: Option<String>,
}

/// Get a picture of a page
///
/// Drawn in the sandbox from the original of a PDF or an image, while that is kept.
#[utoipa::path(
    get,
    path = "/api/documents/{id}/pages/{picture}",
    operation_id = "page_picture",
    tag = "documents",
    params(
        ("id" = String, Path, description = "Id of the document"),
        ("picture" = String, Path, description = "1-based number of the page and `.png`, such as `3.png`"),
        PictureQuery,
    ),
    responses(
        (status = 200, description = "The picture", content((String = "image/png"))),
        (status = 400, description = "The id is malformed, the document has no content yet or a parameter has a wrong value"),
        (status = 404, description = "No such document of this key, or it has no such page"),
        (status = 409, description = "The original was not kept"),
        (status = 422, description = "The document has no pages that can be drawn, or the page is broken"),
        (status = 503, description = "The server is busy; drawing takes a conversion's place"),
    ),
)]
pub(super) async fn page_picture(
    State(state): State<HttpState>,
    tenant: Tenant,
    Path((id, picture)): Path<(String, String)>,
    Query(query): Query<PictureQuery>,
) -> Result<Response, Problem> {
    let page = picture
        .strip_suffix(".png")
        .and_then(|number| number.parse().ok());
    let page = page.filter(|page| *page > 0).map(PictureOf::Page);
    answer(&state, &tenant, &id, page, &query).await
}

/// Get a picture of a block
///
/// The part of its page where it stands, with a small margin. A block over two pages is shown where it begins.
#[utoipa::path(
    get,
    path = "/api/documents/{id}/blocks/{picture}",
    operation_id = "block_picture",
    tag = "documents",
    params(
        ("id" = String, Path, description = "Id of the document"),
        ("picture" = String, Path, description = "Id of the block and `.png`, such as `p3b7.png`"),
        PictureQuery,
    ),
    responses(
        (status = 200, description = "The picture", content((String = "image/png"))),
        (status = 400, description = "The id is malformed, the document has no content yet or a parameter has a wrong value"),
        (status = 404, description = "No such document of this key, or it has no such block"),
        (status = 409, description = "The original was not kept, or the block has no place on a page"),
        (status = 422, description = "The document has no pages that can be drawn, or the page is broken"),
        (status = 503, description = "The server is busy; drawing takes a conversion's place"),
    ),
)]
pub(super) async fn block_picture(
    State(state): State<HttpState>,
    tenant: Tenant,
    Path((id, picture)): Path<(String, String)>,
    Query(query): Query<PictureQuery>,
) -> Result<Response, Problem> {
    let block = picture.strip_suffix(".png").and_then(|block| block.parse().ok());
    let block = block.map(PictureOf::Block);
    answer(&state, &tenant, &id, block, &query).await
}

async fn answer(
    state: &HttpState,
    tenant: &Tenant,
    id: &str,
    of: Option<PictureOf>,
    query: &PictureQuery,
) -> Result<Response, Problem> {
    let id = parsed_id(id)?;
    let dpi = value("dpi", query.dpi.as_deref())?.unwrap_or(DEFAULT_DPI);
    if !DPI.contains(&dpi) {
        let takes = format!("takes {} to {} pixels per inch", DPI.start(), DPI.end());
        return Err(Problem::invalid("dpi", takes));
    }
    let of = of.ok_or_else(Problem::not_found)?;
    let png = state.app.page_picture(tenant, &id, of, dpi).await?;
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("image/png"));
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, max-age=600"),
    );
    Ok((headers, body_of(png, ())).into_response())
}
