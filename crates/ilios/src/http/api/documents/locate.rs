use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use ilios_convert::ir::BlockId;
use ilios_convert::{LocateQuery, MAX_QUOTE_CHARS};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::parsed_id;
use crate::http::HttpState;
use crate::http::extract::param_values::{given, value};
use crate::http::respond::paced::body_of;
use crate::http::respond::problem::Problem;
use crate::model::Tenant;

/// Parameters of the query: one of `quotation`, `block`, `hash` and `page`.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct LocateParams {
    /// Text, as somebody has quoted it, of up to 4,000 characters: the places that have its letters; where there is none,
    /// those that are like it. `quote` is taken for it, too; clients that are generated may have a function of that name.
    #[serde(alias = "quote")]
    quotation: Option<String>,
    /// Id of a block, such as `p3b7`.
    block: Option<String>,
    /// Hash of a block, which another conversion of the same document keeps.
    hash: Option<String>,
    /// 1-based number of a page: the blocks on it.
    #[param(value_type = Option<u32>)]
    page: Option<String>,
    /// With `page`: the blocks in a box of it, `left,top,right,bottom` in its unit.
    bbox: Option<String>,
}

/// Places in a document, for the API description: a child writes it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LocateAnswer {
    /// Places, the best one first; 20 at most.
    matches: Vec<LocatedView>,
    /// True if there are more.
    more: bool,
}

/// Place in a document.
#[derive(Debug, Serialize, ToSchema)]
struct LocatedView {
    /// True if it has the letters of the quotation, whatever its case, accents, hyphens and quotation marks.
    exact: bool,
    /// Likeness, 0 to 1.
    score: f32,
    /// Text that was found.
    text: String,
    /// Locator of its first block: `ilios:DOCUMENT#p3b7`.
    locator: String,
    /// 1-based number of the page on which it begins.
    page: u32,
    /// Boxes around it: those of its words where the document was converted with `places=word`, of its lines with
    /// `places=line`, else of its blocks. None in a document without pages of a size.
    #[schema(value_type = Vec<Object>)]
    regions: Vec<()>,
    /// Blocks that it is in.
    blocks: Vec<LocatedBlock>,
}

/// Block of a place.
#[derive(Debug, Serialize, ToSchema)]
struct LocatedBlock {
    /// Its id.
    id: String,
    /// Its type.
    #[serde(rename = "type")]
    kind: String,
    /// Its hash.
    hash: String,
    /// Page in whose Markdown it is.
    page: u32,
    /// Its boxes.
    #[schema(value_type = Vec<Object>)]
    regions: Vec<()>,
    /// Place in a document without pages of a size.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    at: Option<()>,
    /// Row and column, from 0, of a cell of a table.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    cell: Option<()>,
    /// Range of the block in the Markdown of its page, in code points.
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<Vec<u32>>,
    /// Range of the quotation in the text of the block, in code points.
    #[serde(skip_serializing_if = "Option::is_none")]
    within: Option<Vec<u32>>,
}

/// Find a quotation in a document
///
/// Leads from an answer of a language model back to the page and the box. A quotation is found over the ends of lines,
/// columns and pages. Also finds a block by its id or its hash, and the blocks of a page or a box of it.
#[utoipa::path(
    get,
    path = "/api/documents/{id}/locate",
    operation_id = "locate",
    tag = "documents",
    params(("id" = String, Path, description = "Id of the document"), LocateParams),
    responses(
        (status = 200, description = "The places; none is an empty list", body = LocateAnswer),
        (status = 400, description = "The id is malformed, the document has no content yet or a parameter has a wrong value"),
        (status = 404, description = "No such document of this key"),
        (status = 422, description = "The document takes too much to be searched"),
        (status = 503, description = "The server is busy; searching takes a conversion's place"),
    ),
)]
pub(super) async fn locate(
    State(state): State<HttpState>,
    tenant: Tenant,
    Path(id): Path<String>,
    Query(params): Query<LocateParams>,
) -> Result<Response, Problem> {
    let id = parsed_id(&id)?;
    let found = state.app.located(&tenant, &id, params.query()?).await?;
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok((headers, body_of(found.into(), ())).into_response())
}

impl LocateParams {
    fn query(&self) -> Result<LocateQuery, Problem> {
        let page: Option<u32> = value("page", self.page.as_deref())?;
        if page == Some(0) {
            return Err(Problem::invalid("page", "takes a number from 1 on"));
        }
        let bbox = given(self.bbox.as_deref()).map(parsed_box).transpose()?;
        let block: Option<BlockId> = value("block", self.block.as_deref())?;
        let quote = given(self.quotation.as_deref()).map(quotation).transpose()?;
        let hash = given(self.hash.as_deref()).map(parsed_hash).transpose()?;
        if bbox.is_some() && page.is_none() {
            return Err(Problem::invalid("page", "is needed with `bbox`"));
        }
        let area = page.map(|page| LocateQuery::Area { page, bbox });
        let block = block.map(LocateQuery::Block);
        let mut asked = [quote, block, hash, area].into_iter().flatten();
        match (asked.next(), asked.next()) {
            (Some(query), None) => Ok(query),
            _ => Err(Problem::invalid(
                "quotation",
                "takes one of `quotation`, `block`, `hash` and `page`",
            )),
        }
    }
}

fn quotation(text: &str) -> Result<LocateQuery, Problem> {
    let query = LocateQuery::Quote(text.to_owned());
    if text.chars().count() > MAX_QUOTE_CHARS || !query.says_something() {
        let takes = format!("takes a text with letters or digits, of up to {MAX_QUOTE_CHARS} characters");
        return Err(Problem::invalid("quotation", takes));
    }
    Ok(query)
}

fn parsed_hash(text: &str) -> Result<LocateQuery, Problem> {
    let is_hash = text.len() == 12 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    match is_hash {
        true => Ok(LocateQuery::Hash(text.to_owned())),
        false => Err(Problem::invalid(
            "hash",
            "takes the `hash` of a block: 12 lower-case hexadecimal digits",
        )),
    }
}

fn parsed_box(text: &str) -> Result<[f32; 4], Problem> {
    let edges: Option<Vec<f32>> = text
        .split(',')
        .map(|edge| edge.trim().parse().ok().filter(|edge: &f32| edge.is_finite()))
        .collect();
    edges
        .and_then(|edges| <[f32; 4]>::try_from(edges).ok())
        .filter(|[left, top, right, bottom]| left < right && top < bottom)
        .ok_or_else(|| Problem::invalid("bbox", "takes four numbers: left,top,right,bottom"))
}
