CREATE TABLE provider_batches (
    id                  TEXT PRIMARY KEY,
    batch_id            TEXT NOT NULL REFERENCES batches (id),
    tenant              TEXT NOT NULL,
    created_at          BIGINT NOT NULL,
    due_at              BIGINT NOT NULL,
    attempt             BIGINT NOT NULL DEFAULT 0,
    owner               TEXT,
    lease_until         BIGINT,
    input_file          TEXT,
    sent_at             BIGINT,
    provider_id         TEXT,
    status              TEXT NOT NULL,
    total_requests      BIGINT NOT NULL DEFAULT 0,
    completed_requests  BIGINT NOT NULL DEFAULT 0,
    failed_requests     BIGINT NOT NULL DEFAULT 0,
    ended_at            BIGINT
);

CREATE INDEX provider_batches_due ON provider_batches (due_at) WHERE ended_at IS NULL;
CREATE INDEX provider_batches_by_batch ON provider_batches (batch_id);

CREATE TABLE provider_batch_documents (
    document_id         TEXT PRIMARY KEY REFERENCES documents (id) ON DELETE CASCADE,
    provider_batch_id   TEXT NOT NULL REFERENCES provider_batches (id)
);

CREATE INDEX provider_batch_documents_by_batch ON provider_batch_documents (provider_batch_id);
