use ilios_convert::{OptionValues, OutputOption, WriteOptions};
use serde_json::Value;
use utoipa::Number;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{Object, ObjectBuilder, Schema, Type};
use utoipa::openapi::{OpenApi, RefOr, Required};

use super::facts::FORMS;
use super::{objects, operations};

/// Operations that take the options of the outputs in their query.
const QUERIES: &[&str] = &["download_batch", "read_document"];

/// Describes the options of the outputs where they are taken: as fields of all forms, and as parameters.
pub(super) fn add_output_options(openapi: &mut OpenApi) {
    for (name, object) in objects(openapi) {
        if FORMS.0.contains(&name.as_str()) {
            for option in WriteOptions::TABLE {
                let schema = RefOr::T(Schema::Object(schema(option, true)));
                object.properties.insert(option.name.to_owned(), schema);
            }
        }
    }
    for operation in operations(openapi) {
        let id = operation.operation_id.as_deref().unwrap_or_default();
        if QUERIES.contains(&id) {
            let parameters = WriteOptions::TABLE
                .iter()
                .map(|option| RefOr::T(parameter(option)));
            operation.parameters.get_or_insert_default().extend(parameters);
        }
    }
}

/// A parameter has no default: without it an option is that of the document's conversion.
fn parameter(option: &OutputOption) -> Parameter {
    ParameterBuilder::new()
        .name(option.name)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some(description(option)))
        .schema(Some(schema(option, false)))
        .build()
}

fn schema(option: &OutputOption, is_field: bool) -> Object {
    let kind = match option.values {
        OptionValues::Between(..) => Type::Integer,
        OptionValues::OneOf(_) | OptionValues::OneOfOrName(_) => Type::String,
    };
    let mut object = ObjectBuilder::new().schema_type(kind).build();
    match option.values {
        OptionValues::OneOf(names) => {
            object.enum_values = Some(names.iter().map(|name| Value::from(*name)).collect());
        }
        OptionValues::OneOfOrName(names) => {
            object.examples = names.iter().map(|name| Value::from(*name)).collect();
        }
        OptionValues::Between(least, most) => {
            object.minimum = Some(Number::UInt(least as usize));
            object.maximum = Some(Number::UInt(most as usize));
        }
    }
    if is_field {
        object.description = Some(description(option));
        let default = option.default_value();
        let number = default.parse::<u64>().map(Value::from);
        object.default = Some(number.unwrap_or_else(|_| Value::from(default)));
    }
    object
}

fn description(option: &OutputOption) -> String {
    format!("{}.", option.help)
}
