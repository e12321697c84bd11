ALTER TABLE documents ADD COLUMN conversion BIGINT NOT NULL DEFAULT 1;
ALTER TABLE documents ADD COLUMN reconversion TEXT;
ALTER TABLE documents ADD COLUMN reconversion_error_code TEXT;
ALTER TABLE documents ADD COLUMN reconversion_error TEXT;

CREATE TABLE usage_records_of_conversions (
    id                  TEXT PRIMARY KEY,
    tenant              TEXT NOT NULL,
    document_id         TEXT NOT NULL,
    conversion          BIGINT NOT NULL,
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
    created_at          BIGINT NOT NULL,
    UNIQUE (document_id, conversion)
);

INSERT INTO usage_records_of_conversions
    SELECT id, tenant, document_id, 1, operation, engine, model, pages, input_tokens, output_tokens, unit_price,
        margin_basis_points, base, total, created_at
    FROM usage_records;

DROP TABLE usage_records;
ALTER TABLE usage_records_of_conversions RENAME TO usage_records;
CREATE INDEX usage_records_by_tenant ON usage_records (tenant, created_at);
CREATE INDEX usage_records_by_engine ON usage_records (engine, created_at);
