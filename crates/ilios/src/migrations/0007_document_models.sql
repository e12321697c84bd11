CREATE TABLE document_models (
    document_id     TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    piece           BIGINT NOT NULL,
    version         TEXT NOT NULL,
    encoding        TEXT NOT NULL,
    bytes           BYTEA NOT NULL,
    PRIMARY KEY (document_id, piece)
);
