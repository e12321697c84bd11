//! The store alone: claims from a long queue, and claims with completions.

use std::sync::Arc;
use std::time::Instant;

use ilios::app::App;
use ilios::model::{
    Batch, ClaimedJob, ConversionOptions, Document, DocumentContent, DocumentMetadata, FileName, MicroCents,
    Operation, Priority, Progress, RetentionDays, RetryPolicy, Status, Tenant, UsageRecord,
};
use ilios::store::{CompletedJob, JobOutcome, NewBatch, NewDocument, NextClaim, StoreError};
use ilios_convert::{Format, Metadata};

use crate::{CLAIM_BATCH, LEASE, Outcome, percentiles};

/// Claims one by one from a queue of `rows` jobs.
pub(crate) async fn long_queue(app: &App, rows: usize) -> Outcome<()> {
    const CONCURRENCY: usize = 1_000;
    let tenant = Tenant::anonymous();
    for _ in 0..rows.div_ceil(CONCURRENCY) {
        app.store()
            .submit_batch(queued(app, &tenant, CONCURRENCY)?, None)
            .await?;
    }
    let mut times = Vec::new();
    for _ in 0..2_000 {
        let begin = Instant::now();
        let claimed = app.store().claim_jobs("bench", LEASE, 1).await?;
        times.push(begin.elapsed());
        claimed.first().ok_or("nothing to claim")?;
    }
    println!("claim with {rows} queued rows: {}", percentiles(&mut times));
    Ok(())
}

/// Workers that complete a small document and take the next one in the same step.
pub(crate) async fn claims_and_ends(app: &Arc<App>, jobs: usize, workers: usize) -> Outcome<()> {
    let begin = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for worker in 0..workers {
        let app = Arc::clone(app);
        let count = jobs / workers;
        tasks.spawn(async move { complete(&app, &format!("bench-{worker}"), count).await });
    }
    let mut completed = 0;
    while let Some(count) = tasks.join_next().await {
        completed += count??;
    }
    let speed = completed as f64 / begin.elapsed().as_secs_f64();
    println!("claim and completion, {workers} workers: {speed:.0} jobs/s");
    Ok(())
}

async fn complete(app: &App, owner: &str, count: usize) -> Result<usize, StoreError> {
    let mut taken = app.store().claim_jobs(owner, LEASE, CLAIM_BATCH).await?;
    let mut completed = 0;
    while !taken.is_empty() && completed < count {
        let attempts: Vec<_> = taken
            .drain(..)
            .map(|job| (job.lease.clone(), outcome(app, &job)))
            .collect();
        completed += attempts.len();
        let next = NextClaim {
            most: CLAIM_BATCH,
            lease: LEASE,
        };
        (_, taken) = app
            .store()
            .finish_jobs(owner, attempts, RetryPolicy::default(), next)
            .await?;
    }
    Ok(completed)
}

fn outcome(app: &App, job: &ClaimedJob) -> JobOutcome {
    let now = app.now();
    JobOutcome::Completed(Box::new(CompletedJob {
        model: None,
        replaces: false,
        content: DocumentContent {
            markdown: "text\n".into(),
            pages: Vec::new(),
        },
        metadata: DocumentMetadata {
            engine: "local".into(),
            model: "none".into(),
            format: Format::Text,
            extracted_pages: 1,
            processing_time_ms: 1,
            source: Metadata::default(),
            warnings: Vec::new(),
            partial: None,
            service: None,
            fallback: None,
            imported: None,
        },
        usage: UsageRecord {
            id: app.new_id(),
            tenant: job.document.tenant.clone(),
            document_id: job.document.id.clone(),
            operation: Operation::Convert,
            engine: "local".into(),
            model: "none".into(),
            pages: 1,
            input_tokens: 1,
            output_tokens: 1,
            unit_price: MicroCents::default(),
            margin_basis_points: 3_000,
            base: MicroCents::default(),
            total: MicroCents::default(),
            created_at: now,
        },
        sha256: job.document.sha256.clone(),
        mime_type: job.document.mime_type.clone(),
        file_size: job.document.file_size,
    }))
}

fn queued(app: &App, tenant: &Tenant, count: usize) -> Outcome<NewBatch> {
    let now = app.now();
    let id = app.new_id();
    let documents = (0..count).map(|number| NewDocument {
        document: Document {
            reconversion: None,
            id: app.new_id(),
            tenant: tenant.clone(),
            file_name: FileName::clean("a.txt"),
            file_size: 1,
            mime_type: "text/plain".into(),
            sha256: String::new(),
            status: Status::Pending,
            created_at: now,
            processed_at: None,
            retention: RetentionDays::default(),
            metadata: None,
            batch: Some(id.clone()),
            options: ConversionOptions::default(),
            object_key: None,
            failure: None,
        },
        job: (number % 10 + 1)
            .to_string()
            .parse::<Priority>()
            .ok()
            .map(|priority| (app.new_id(), priority)),
        upload_expires_at: None,
    });
    Ok(NewBatch {
        documents: documents.collect(),
        provider: Vec::new(),
        ocr_job: None,
        batch: Batch {
            id: id.clone(),
            tenant: tenant.clone(),
            priority: Priority::default(),
            status: Status::Pending,
            created_at: now,
            completed_at: None,
            progress: Progress::default(),
        },
    })
}
