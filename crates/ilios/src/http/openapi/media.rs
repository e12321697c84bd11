use utoipa::openapi::content::Content;
use utoipa::openapi::schema::{KnownFormat, Object, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::openapi::{OpenApi, RefOr};

use super::operations;

/// Says of files that they are bytes.
pub(super) fn mark_files(openapi: &mut OpenApi) {
    for operation in operations(openapi) {
        if let Some(RefOr::T(body)) = &mut operation.request_body {
            body.content
                .iter_mut()
                .for_each(|(kind, content)| mark(kind, content));
        }
        for response in operation.responses.responses.values_mut() {
            if let RefOr::T(response) = response {
                response
                    .content
                    .iter_mut()
                    .for_each(|(kind, content)| mark(kind, content));
            }
        }
    }
}

fn mark(kind: &str, content: &mut RefOr<Content>) {
    let is_file =
        kind.starts_with("image/") || ["application/zip", "application/octet-stream"].contains(&kind);
    if let (true, RefOr::T(content)) = (is_file, content) {
        content.schema = Some(RefOr::T(Schema::Object(bytes())));
    }
}

fn bytes() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)))
        .build()
}
