use std::collections::BTreeMap;

use utoipa::openapi::schema::{Object, Schema};
use utoipa::openapi::{OpenApi, RefOr};

type Schemas = BTreeMap<String, RefOr<Schema>>;

/// Makes one object of each that is described as the sum of several: many clients and pages know no other.
pub(super) fn merge_parts(openapi: &mut OpenApi) {
    let Some(components) = &mut openapi.components else {
        return;
    };
    let before = components.schemas.clone();
    for schema in components.schemas.values_mut() {
        if let RefOr::T(Schema::AllOf(sum)) = schema {
            let mut merged = Object::new();
            for part in &sum.items {
                add(&mut merged, part, &before);
            }
            merged.description.clone_from(&sum.description);
            *schema = RefOr::T(Schema::Object(merged));
        }
    }
}

fn add(merged: &mut Object, part: &RefOr<Schema>, schemas: &Schemas) {
    match part {
        RefOr::T(Schema::Object(object)) => {
            merged.properties.extend(object.properties.clone());
            merged.required.extend(object.required.iter().cloned());
        }
        RefOr::T(Schema::AllOf(sum)) => sum.items.iter().for_each(|part| add(merged, part, schemas)),
        RefOr::Ref(reference) => {
            let name = reference.ref_location.rsplit('/').next().unwrap_or_default();
            if let Some(schema) = schemas.get(name) {
                add(merged, schema, schemas);
            }
        }
        RefOr::T(_) => {}
    }
}
