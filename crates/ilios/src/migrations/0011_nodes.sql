-- Servers that say now and then that they are there.
CREATE TABLE nodes (
    id              TEXT PRIMARY KEY,
    host            TEXT NOT NULL,
    role            TEXT NOT NULL,
    workers         BIGINT NOT NULL,
    version         TEXT NOT NULL,
    started_at      BIGINT NOT NULL,
    seen_at         BIGINT NOT NULL
);
