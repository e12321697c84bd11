use utoipa::openapi::schema::{ArrayItems, Schema, SchemaType, Type};
use utoipa::openapi::{OpenApi, RefOr};

use super::{objects, operations};

/// Answers in which a field is there and may be `null`. Every other optional field is absent when it has no value.
pub(super) const MAY_BE_NULL: &[(&str, &[&str])] = &[
    ("BatchDocument", &["error", "processedAt"]),
    ("BatchStatus", &["completedAt"]),
    ("DocumentAnswer", &["processedAt"]),
    (
        "EstimateAnswer",
        &[
            "pages",
            "billedPages",
            "baseMicroCents",
            "totalMicroCents",
            "totalUSD",
        ],
    ),
    ("Line", &["content", "metadata", "error", "processedAt"]),
];

/// Says `null` only where it comes. The types of fields tell what may be absent, which is another thing.
pub(super) fn limit_nulls(openapi: &mut OpenApi) {
    for parameter in operations(openapi).flat_map(|operation| operation.parameters.iter_mut().flatten()) {
        if let RefOr::T(parameter) = parameter
            && let Some(schema) = &mut parameter.schema
        {
            without_null(schema);
        }
    }
    for (name, object) in objects(openapi) {
        let nulls = MAY_BE_NULL.iter().find(|(schema, _)| schema == name);
        for (field, property) in &mut object.properties {
            if nulls.is_some_and(|(_, fields)| fields.contains(&field.as_str())) {
                object.required.push(field.clone());
            } else {
                without_null(property);
            }
        }
    }
}

fn without_null(schema: &mut RefOr<Schema>) {
    let RefOr::T(inner) = schema else {
        return;
    };
    match inner {
        Schema::Object(object) => typed(&mut object.schema_type),
        Schema::Array(array) => {
            typed(&mut array.schema_type);
            if let ArrayItems::RefOrSchema(items) = &mut array.items {
                without_null(items);
            }
        }
        Schema::OneOf(choice) => {
            choice.items.retain(|item| !is_null(item));
            if let [only] = choice.items.as_slice() {
                *schema = only.clone();
            }
        }
        _ => {}
    }
}

fn typed(types: &mut SchemaType) {
    if let SchemaType::Array(several) = types {
        several.retain(|one| *one != Type::Null);
        if let [only] = several.as_slice() {
            *types = SchemaType::Type(only.clone());
        }
    }
}

fn is_null(schema: &RefOr<Schema>) -> bool {
    matches!(schema, RefOr::T(Schema::Object(object)) if object.schema_type == SchemaType::Type(Type::Null))
}
