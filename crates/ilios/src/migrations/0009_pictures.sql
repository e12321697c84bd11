-- Pictures of a conversion that has not replaced the result yet stand beside those of the result, and have their size.
CREATE TABLE document_images_of_conversions (
    document_id     TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    pending         BIGINT NOT NULL,
    name            TEXT NOT NULL,
    object_key      TEXT NOT NULL,
    mime_type       TEXT NOT NULL,
    size            BIGINT NOT NULL,
    width           BIGINT,
    height          BIGINT,
    PRIMARY KEY (document_id, pending, name)
);

INSERT INTO document_images_of_conversions
    SELECT document_id, 0, name, object_key, mime_type, size, NULL, NULL FROM document_images;

DROP TABLE document_images;
ALTER TABLE document_images_of_conversions RENAME TO document_images;
CREATE INDEX document_images_by_object ON document_images (object_key);
