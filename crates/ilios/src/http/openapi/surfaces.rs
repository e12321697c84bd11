use utoipa::openapi::path::{HttpMethod, Operation, OperationBuilder, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{OpenApi, Required, ResponseBuilder};

use crate::http::extract::required_scope::COMPAT_PATHS;
use crate::http::{Surface, Surfaces};

/// Describes the interfaces of other products that are served: which operations there are. What they take and answer is
/// described by their products.
pub(super) fn add_surfaces(openapi: &mut OpenApi, surfaces: Surfaces) {
    for surface in Surface::ALL {
        if !surfaces.has(surface) {
            continue;
        }
        let about = format!("As {} has it: docs/integrations", surface.product());
        let tag = TagBuilder::new()
            .name(surface.name())
            .description(Some(about))
            .build();
        openapi.tags.get_or_insert_default().push(tag);
        let own = COMPAT_PATHS.iter().filter(|(_, path, _)| surface.has_path(path));
        for (method, path, _) in own {
            if let Some(known) = known_method(method) {
                let operation = operation(surface, method, path);
                openapi.paths.add_path_operation(path, vec![known], operation);
            }
        }
    }
}

fn known_method(method: &str) -> Option<HttpMethod> {
    match method {
        "GET" => Some(HttpMethod::Get),
        "POST" => Some(HttpMethod::Post),
        "PUT" => Some(HttpMethod::Put),
        "DELETE" => Some(HttpMethod::Delete),
        _ => None,
    }
}

fn operation(surface: Surface, method: &str, path: &str) -> Operation {
    let words = path
        .split(|c: char| !c.is_ascii_alphabetic())
        .filter(|word| !word.is_empty());
    let words: Vec<&str> = words.collect();
    let id = format!(
        "{}_{}_{}",
        surface.name(),
        method.to_ascii_lowercase(),
        words.join("_")
    );
    let names = path
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let parameters = names.map(|name| {
        let text = ObjectBuilder::new().schema_type(Type::String).build();
        ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Path)
            .required(Required::True)
            .schema(Some(text))
            .build()
    });
    let parameters: Vec<_> = parameters.collect();
    let answer = ResponseBuilder::new().description(format!("As {} answers", surface.product()));
    OperationBuilder::new()
        .tag(surface.name())
        .operation_id(Some(id))
        .summary(Some(format!("{method} {path} of {}", surface.product())))
        .parameters((!parameters.is_empty()).then_some(parameters))
        .response("200", answer.build())
        .build()
}
