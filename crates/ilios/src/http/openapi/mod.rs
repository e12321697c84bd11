//! The description of the HTTP interface. The routes say most of it; what their types cannot say is added here, and
//! so are the error responses that operations share.

mod bodies;
mod error_responses;
mod facts;
mod media;
mod merge;
mod nulls;
mod output_options;
mod surfaces;

use utoipa::openapi::RefOr;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::schema::{Object, Schema};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::Surfaces;
use super::respond::problem::ProblemBody;

/// General part of the API description, which the routes lack.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Ilios",
        description = "Turns documents into Markdown. Send a PDF, a scan, an Office file, a web page or an \
                       e-mail; get clean Markdown for people and language models.",
        license(name = "Apache-2.0", url = "https://www.apache.org/licenses/LICENSE-2.0"),
    ),
    tags(
        (name = "convert", description = "Documents in, Markdown out"),
        (name = "documents", description = "Documents of the queue, and what was converted before"),
        (name = "batches", description = "Documents that are sent together"),
        (name = "usage", description = "What was used and what it costs"),
        (name = "admin", description = "Tenants, API keys and the audit log"),
        (name = "server", description = "The server itself"),
    ),
    servers(
        (url = "/", description = "The server that this description comes from"),
        (url = "http://localhost:1337", description = "A server on this machine with its defaults"),
    ),
    components(schemas(ProblemBody)),
    security(("apiKey" = [])),
    modifiers(&ApiKey),
)]
pub(super) struct Description;

struct ApiKey;

impl Modify for ApiKey {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let mut scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        scheme.description = Some("An API key. `X-Api-Key` takes it too, and so does the password of HTTP Basic. An open server needs none.".to_owned());
        openapi
            .components
            .get_or_insert_default()
            .add_security_scheme("apiKey", SecurityScheme::Http(scheme));
    }
}

/// Adds what the types of the routes do not say.
pub(super) fn completed(
    mut openapi: utoipa::openapi::OpenApi,
    surfaces: Surfaces,
) -> utoipa::openapi::OpenApi {
    merge::merge_parts(&mut openapi);
    nulls::limit_nulls(&mut openapi);
    output_options::add_output_options(&mut openapi);
    facts::add_facts(&mut openapi);
    error_responses::add_error_responses(&mut openapi);
    media::mark_files(&mut openapi);
    bodies::inline_bodies(&mut openapi);
    surfaces::add_surfaces(&mut openapi, surfaces);
    openapi
}

/// All operations, to be changed.
fn operations(openapi: &mut utoipa::openapi::OpenApi) -> impl Iterator<Item = &mut Operation> {
    openapi.paths.paths.values_mut().flat_map(|path: &mut PathItem| {
        let PathItem {
            get,
            put,
            post,
            delete,
            ..
        } = path;
        [get, put, post, delete].into_iter().flatten()
    })
}

/// All schemas that are objects, with their names, to be changed.
fn objects(openapi: &mut utoipa::openapi::OpenApi) -> impl Iterator<Item = (&String, &mut Object)> {
    let components = openapi.components.iter_mut();
    let schemas = components.flat_map(|components| &mut components.schemas);
    schemas.filter_map(|(name, schema)| match schema {
        RefOr::T(Schema::Object(object)) => Some((name, object)),
        _ => None,
    })
}
