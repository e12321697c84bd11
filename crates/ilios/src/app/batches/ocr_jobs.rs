use crate::app::{App, AppError};
use crate::model::{Id, OcrJob, OcrJobWithBatch, StopReason, Tenant};

/// Jobs that are listed, at most.
const MAX_LISTED: u32 = 1_000;
/// Jobs that are stopped in one round.
const MAX_STOPPED: u32 = 100;

impl App {
    /// The job `id` of `tenant`, with its batch.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Store`].
    pub async fn ocr_job(&self, tenant: &Tenant, id: &Id) -> Result<OcrJobWithBatch, AppError> {
        let job = self.store.ocr_job(tenant, id).await?;
        let job = job.ok_or(AppError::NotFound)?;
        let batch = self.batch(tenant, id).await?;
        Ok((job, batch))
    }

    /// The lines of the job `id` of `tenant`, as they were given when it was made.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Store`].
    pub async fn ocr_job_lines(&self, tenant: &Tenant, id: &Id) -> Result<String, AppError> {
        self.store
            .ocr_job_lines(tenant, id)
            .await?
            .ok_or(AppError::NotFound)
    }

    /// The newest jobs of `tenant`, newest first.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn ocr_jobs(&self, tenant: &Tenant) -> Result<Vec<OcrJob>, AppError> {
        Ok(self.store.ocr_jobs(tenant, MAX_LISTED).await?)
    }

    /// Stops a job: its documents that have not ended are cancelled. One that has ended stays as it is.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Store`].
    pub async fn stop_ocr_job(&self, tenant: &Tenant, id: &Id, reason: StopReason) -> Result<(), AppError> {
        let ended = self.store.stop_ocr_job(tenant, id, reason).await?;
        let ended = ended.ok_or(AppError::NotFound)?;
        for document in &ended {
            self.events.running.stop(document);
            self.events.changes.notify(document);
        }
        self.events.changes.notify(id);
        Ok(())
    }

    /// Deletes a job: its documents that have not ended are cancelled, and its list of results goes. The documents stay
    /// as long as those of any batch.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Store`].
    pub async fn delete_ocr_job(&self, tenant: &Tenant, id: &Id) -> Result<(), AppError> {
        self.stop_ocr_job(tenant, id, StopReason::Cancelled).await?;
        match self.store.delete_ocr_job(tenant, id).await? {
            true => Ok(()),
            false => Err(AppError::NotFound),
        }
    }

    /// Stops the jobs of all tenants that have taken longer than they may.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn stop_overdue_ocr_jobs(&self) -> Result<(), AppError> {
        for (tenant, id) in self.store.overdue_ocr_jobs(MAX_STOPPED).await? {
            match self.stop_ocr_job(&tenant, &id, StopReason::Overdue).await {
                Ok(()) | Err(AppError::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}
