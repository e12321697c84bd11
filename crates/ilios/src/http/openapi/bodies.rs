use utoipa::openapi::{OpenApi, RefOr};

use super::operations;

/// Describes what is sent where it is sent. Clients are generated with fields that must be there wherever a default is
/// known, which is right of answers; of what is sent the generators take it for what it is, if it stands here.
pub(super) fn inline_bodies(openapi: &mut OpenApi) {
    let Some(components) = &openapi.components else {
        return;
    };
    let schemas = components.schemas.clone();
    for operation in operations(openapi) {
        let Some(RefOr::T(body)) = &mut operation.request_body else {
            continue;
        };
        for content in body.content.values_mut() {
            if let RefOr::T(content) = content
                && let Some(RefOr::Ref(reference)) = &content.schema
            {
                let name = reference.ref_location.rsplit('/').next().unwrap_or_default();
                content.schema = schemas.get(name).cloned();
            }
        }
    }
    remove_unused(openapi);
}

/// Removes schemas that nothing refers to, until there is none.
fn remove_unused(openapi: &mut OpenApi) {
    loop {
        let text = openapi.to_json().unwrap_or_default();
        let Some(components) = &mut openapi.components else {
            return;
        };
        let before = components.schemas.len();
        let used = |name: &str| text.contains(&format!("\"#/components/schemas/{name}\""));
        components.schemas.retain(|name, _| used(name));
        if components.schemas.len() == before {
            return;
        }
    }
}
