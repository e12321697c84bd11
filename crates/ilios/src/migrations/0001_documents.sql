CREATE TABLE documents (
    id              TEXT PRIMARY KEY,
    tenant          TEXT NOT NULL,
    file_name       TEXT NOT NULL,
    file_size       BIGINT NOT NULL,
    mime_type       TEXT NOT NULL,
    sha256          TEXT NOT NULL,
    status          TEXT NOT NULL,
    created_at      BIGINT NOT NULL,
    processed_at    BIGINT,
    retention_days  BIGINT NOT NULL,
    expires_at      BIGINT NOT NULL,
    metadata        TEXT
);

CREATE TABLE document_contents (
    document_id     TEXT PRIMARY KEY REFERENCES documents (id) ON DELETE CASCADE,
    markdown        TEXT NOT NULL,
    pages           TEXT NOT NULL
);

CREATE TABLE usage_records (
    id                  TEXT PRIMARY KEY,
    tenant              TEXT NOT NULL,
    document_id         TEXT NOT NULL UNIQUE,
    operation           TEXT NOT NULL,
    engine              TEXT NOT NULL,
    model               TEXT NOT NULL,
    pages               BIGINT NOT NULL,
    input_tokens        BIGINT NOT NULL,
    output_tokens       BIGINT NOT NULL,
    unit_price          BIGINT NOT NULL,
    margin_basis_points BIGINT NOT NULL,
    base                BIGINT NOT NULL,
    total               BIGINT NOT NULL,
    created_at          BIGINT NOT NULL
);

CREATE INDEX usage_records_by_tenant ON usage_records (tenant, created_at);
