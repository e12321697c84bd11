use axum::Json;
use axum::extract::{Query, State};
use serde_json::{Value, json};

use super::object::{Details, object, status};
use crate::app::AppError;
use crate::http::HttpState;
use crate::http::compat::mistral::fields::Kind;
use crate::http::compat::mistral::queries::{Pairs, flag, number, refused, unknown};
use crate::http::compat::mistral::refusal::Refusal;
use crate::http::respond::problem::Problem;
use crate::model::{OcrJob, OcrJobWithBatch, Tenant, Timestamp};

/// Jobs of a page, at most.
const MAX_PAGE_SIZE: u64 = 1_000;

/// Jobs that are asked for.
struct Filter {
    page: u64,
    page_size: u64,
    model: Option<String>,
    created_after: Option<Timestamp>,
    statuses: Vec<String>,
    is_oldest_first: bool,
    /// Clients send the entries of `metadata` as parameters of their own.
    metadata: Vec<(String, String)>,
}

/// Lists jobs.
pub(super) async fn list(
    State(state): State<HttpState>,
    tenant: Tenant,
    Query(query): Query<Pairs>,
) -> Result<Json<Value>, Refusal> {
    let filter = Filter::read(query)?;
    let mut jobs = Vec::new();
    for job in state.app.ocr_jobs(&tenant).await? {
        if filter.takes(&job)? {
            jobs.push(job);
        }
    }
    if filter.is_oldest_first {
        jobs.reverse();
    }
    let mut found = Vec::new();
    if filter.statuses.is_empty() {
        let total = jobs.len();
        for job in filter.page_of(jobs) {
            found.extend(with_batch(&state, &tenant, job).await?);
        }
        return answer(&found, total);
    }
    for job in jobs {
        let job = with_batch(&state, &tenant, job).await?;
        let is_taken = |(job, batch): &OcrJobWithBatch| {
            let own = status(job, batch);
            filter.statuses.iter().any(|status| status == own)
        };
        found.extend(job.filter(is_taken));
    }
    let total = found.len();
    answer(&filter.page_of(found), total)
}

fn answer(jobs: &[OcrJobWithBatch], total: usize) -> Result<Json<Value>, Refusal> {
    let data: Result<Vec<Value>, Problem> = jobs.iter().map(object).collect();
    Ok(Json(json!({"data": data?, "object": "list", "total": total})))
}

/// A job with its batch; `None` if it is gone meanwhile.
async fn with_batch(
    state: &HttpState,
    tenant: &Tenant,
    job: OcrJob,
) -> Result<Option<OcrJobWithBatch>, AppError> {
    match state.app.batch(tenant, &job.id).await {
        Ok(batch) => Ok(Some((job, batch))),
        Err(AppError::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

impl Filter {
    fn read(query: Pairs) -> Result<Self, Refusal> {
        let mut filter = Self {
            page: 0,
            page_size: 100,
            model: None,
            created_after: None,
            statuses: Vec::new(),
            is_oldest_first: false,
            metadata: Vec::new(),
        };
        for (name, value) in query {
            match name.as_str() {
                "page" => filter.page = number("page", &value, 0..=u64::from(u32::MAX))?,
                "page_size" => filter.page_size = number("page_size", &value, 1..=MAX_PAGE_SIZE)?,
                "model" => filter.model = Some(value),
                "status" => filter.statuses.push(value),
                "created_after" => {
                    let time = value.parse().map_err(|_| {
                        let message = "Input should be a time such as 2026-01-31T12:00:00Z";
                        refused(Kind::Value, "created_after", message)
                    });
                    filter.created_after = Some(time?);
                }
                // All keys of a tenant see the same.
                "created_by_me" => drop(flag("created_by_me", &value)?),
                "order_by" => match value.as_str() {
                    "created" => filter.is_oldest_first = true,
                    "-created" => filter.is_oldest_first = false,
                    _ => {
                        let message = "Input should be 'created' or '-created'";
                        return Err(refused(Kind::Value, "order_by", message));
                    }
                },
                "agent_id" => return Err(unknown("agent_id")),
                _ => filter.metadata.push((name, value)),
            }
        }
        Ok(filter)
    }

    fn takes(&self, job: &OcrJob) -> Result<bool, Problem> {
        let details = Details::of(job)?;
        let has = |(name, value): &(String, String)| {
            let own = details.metadata.as_ref().and_then(|own| own.get(name));
            own == Some(value)
        };
        Ok((self.model.is_none() || self.model == details.model)
            && self.created_after.is_none_or(|time| job.created_at > time)
            && self.metadata.iter().all(has))
    }

    fn page_of<T>(&self, all: Vec<T>) -> Vec<T> {
        let start = self.page.saturating_mul(self.page_size);
        all.into_iter()
            .skip(usize::try_from(start).unwrap_or(usize::MAX))
            .take(usize::try_from(self.page_size).unwrap_or(usize::MAX))
            .collect()
    }
}
