-- Files that a tenant has put here to name them in requests; they are no documents.
CREATE TABLE files (
    id              TEXT PRIMARY KEY,
    tenant          TEXT NOT NULL,
    file_name       TEXT NOT NULL,
    size            BIGINT NOT NULL,
    mime_type       TEXT NOT NULL,
    sha256          TEXT NOT NULL,
    purpose         TEXT NOT NULL,
    object_key      TEXT NOT NULL,
    created_at      BIGINT NOT NULL,
    expires_at      BIGINT NOT NULL
);

CREATE INDEX files_by_tenant ON files (tenant, created_at, id);
CREATE INDEX files_by_expiry ON files (expires_at);

-- Batches that were asked for as lists of requests to read documents, with what each request wants of its document.
CREATE TABLE ocr_jobs (
    id              TEXT PRIMARY KEY REFERENCES batches (id) ON DELETE CASCADE,
    tenant          TEXT NOT NULL,
    details         TEXT NOT NULL,
    lines           TEXT NOT NULL,
    created_at      BIGINT NOT NULL,
    overdue_at      BIGINT NOT NULL,
    stopped         TEXT
);

CREATE INDEX ocr_jobs_by_tenant ON ocr_jobs (tenant, created_at, id);
CREATE INDEX ocr_jobs_by_end ON ocr_jobs (overdue_at) WHERE stopped IS NULL;
