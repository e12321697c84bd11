ALTER TABLE documents ADD COLUMN batch_id TEXT;
ALTER TABLE documents ADD COLUMN batch_position BIGINT;
ALTER TABLE documents ADD COLUMN options TEXT NOT NULL DEFAULT '{}';
ALTER TABLE documents ADD COLUMN object_key TEXT;
ALTER TABLE documents ADD COLUMN error_code TEXT;
ALTER TABLE documents ADD COLUMN error TEXT;
ALTER TABLE documents ADD COLUMN upload_expires_at BIGINT;

CREATE INDEX documents_by_tenant ON documents (tenant, created_at, id);
CREATE INDEX documents_by_status ON documents (tenant, status, created_at, id) WHERE status <> 'completed';
CREATE INDEX documents_by_batch ON documents (batch_id, status) WHERE batch_id IS NOT NULL;
CREATE INDEX documents_by_expiry ON documents (expires_at) WHERE status IN ('completed', 'failed');
CREATE INDEX documents_by_upload ON documents (upload_expires_at) WHERE upload_expires_at IS NOT NULL;

CREATE TABLE batches (
    id              TEXT PRIMARY KEY,
    tenant          TEXT NOT NULL,
    priority        BIGINT NOT NULL,
    status          TEXT NOT NULL,
    created_at      BIGINT NOT NULL,
    completed_at    BIGINT
);

CREATE INDEX batches_by_tenant ON batches (tenant, created_at, id);

CREATE TABLE jobs (
    id              TEXT PRIMARY KEY,
    document_id     TEXT NOT NULL UNIQUE REFERENCES documents (id) ON DELETE CASCADE,
    tenant          TEXT NOT NULL,
    priority        BIGINT NOT NULL,
    status          TEXT NOT NULL,
    created_at      BIGINT NOT NULL,
    scheduled_at    BIGINT NOT NULL,
    attempt         BIGINT NOT NULL DEFAULT 0,
    failures        BIGINT NOT NULL DEFAULT 0,
    crashes         BIGINT NOT NULL DEFAULT 0,
    losses          BIGINT NOT NULL DEFAULT 0,
    owner           TEXT,
    lease_until     BIGINT,
    finished_at     BIGINT,
    error           TEXT
);

CREATE INDEX jobs_pending ON jobs (tenant, priority DESC, scheduled_at, id) WHERE status = 'pending';
CREATE INDEX jobs_processing ON jobs (tenant, lease_until) WHERE status = 'processing';

CREATE TABLE idempotency_keys (
    tenant          TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    fingerprint     TEXT NOT NULL,
    subject_id      TEXT NOT NULL,
    answer          TEXT NOT NULL,
    created_at      BIGINT NOT NULL,
    PRIMARY KEY (tenant, idempotency_key)
);

CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

CREATE TABLE object_deletions (
    object_key      TEXT PRIMARY KEY,
    created_at      BIGINT NOT NULL
);

CREATE TABLE open_uploads (
    upload_id       TEXT PRIMARY KEY,
    object_key      TEXT NOT NULL,
    created_at      BIGINT NOT NULL
);

CREATE TABLE settings (
    name            TEXT PRIMARY KEY,
    value           TEXT NOT NULL
);
