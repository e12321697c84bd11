use axum::Json;
use axum::extract::{Query, State};
use serde_json::{Value, json};

use super::object::{object, sample_type};
use crate::http::HttpState;
use crate::http::compat::mistral::queries::{Pairs, flag, number, unknown};
use crate::http::compat::mistral::refusal::Refusal;
use crate::model::{Tenant, TenantFile};

/// Files of a page, at most.
const MAX_PAGE_SIZE: u64 = 1_000;

/// Files that are asked for. Of a list, any value will do; an empty one takes all.
struct Filter {
    page: u64,
    page_size: u64,
    include_total: bool,
    sample_types: Vec<String>,
    sources: Vec<String>,
    mime_types: Vec<String>,
    search: Option<String>,
    purpose: Option<String>,
}

/// Lists files, newest first.
pub(super) async fn list(
    State(state): State<HttpState>,
    tenant: Tenant,
    Query(query): Query<Pairs>,
) -> Result<Json<Value>, Refusal> {
    let filter = Filter::read(query)?;
    let files = state.app.files(&tenant).await?;
    let found: Vec<&TenantFile> = files.iter().filter(|file| filter.takes(file)).collect();
    let start = filter.page.saturating_mul(filter.page_size);
    let page = found
        .iter()
        .skip(usize::try_from(start).unwrap_or(usize::MAX))
        .take(usize::try_from(filter.page_size).unwrap_or(usize::MAX));
    let data: Vec<Value> = page.map(|file| object(file)).collect();
    let total = filter.include_total.then_some(found.len());
    Ok(Json(json!({"data": data, "object": "list", "total": total})))
}

impl Filter {
    fn read(query: Pairs) -> Result<Self, Refusal> {
        let mut filter = Self {
            page: 0,
            page_size: 100,
            include_total: true,
            sample_types: Vec::new(),
            sources: Vec::new(),
            mime_types: Vec::new(),
            search: None,
            purpose: None,
        };
        for (name, value) in query {
            match name.as_str() {
                "page" => filter.page = number("page", &value, 0..=u64::from(u32::MAX))?,
                "page_size" => filter.page_size = number("page_size", &value, 1..=MAX_PAGE_SIZE)?,
                "include_total" => filter.include_total = flag("include_total", &value)?,
                "sample_type" => filter.sample_types.push(value),
                "source" => filter.sources.push(value),
                "mimetypes" => filter.mime_types.push(value),
                "search" => filter.search = Some(value.to_lowercase()),
                "purpose" => filter.purpose = Some(value),
                name => return Err(unknown(name)),
            }
        }
        Ok(filter)
    }

    fn takes(&self, file: &TenantFile) -> bool {
        let one_of =
            |values: &[String], own: &str| values.is_empty() || values.iter().any(|value| value == own);
        let name = file.file_name.as_str().to_lowercase();
        one_of(&self.sample_types, sample_type(file))
            && one_of(&self.sources, "upload")
            && one_of(&self.mime_types, &file.mime_type)
            && self
                .purpose
                .as_ref()
                .is_none_or(|purpose| *purpose == file.purpose)
            && self.search.as_ref().is_none_or(|search| name.contains(search))
    }
}
