CREATE TABLE document_images (
    document_id     TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    name            TEXT NOT NULL,
    object_key      TEXT NOT NULL,
    mime_type       TEXT NOT NULL,
    size            BIGINT NOT NULL,
    PRIMARY KEY (document_id, name)
);

CREATE INDEX document_images_by_object ON document_images (object_key);

CREATE TABLE conversion_parts (
    document_id     TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    name            TEXT NOT NULL,
    part            TEXT NOT NULL,
    created_at      BIGINT NOT NULL,
    PRIMARY KEY (document_id, name)
);

CREATE INDEX usage_records_by_engine ON usage_records (engine, created_at);
