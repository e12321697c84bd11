//! Interfaces of other products, and the Model Context Protocol: their paths, forms and words, as thin maps onto the same
//! use cases, keys, limits and errors that our own operations have.

mod big_json;
mod datalab;
mod docling;
mod document;
mod fields;
mod files_form;
mod json_answer;
mod json_text;
mod languages;
mod mcp;
mod mistral;
mod openwebui;
mod tika;
mod unstructured;
mod version;

use axum::Router;
use axum::middleware::{from_fn_with_state, map_request, map_response};
use axum::response::Response;
use axum::routing::get;

use super::HttpState;
use super::Surface;
use super::extract::auth::require_key;
use super::respond::problem::ErrorForm;

pub use mcp::{DocumentTools, McpServer, McpTools, OpenFile, ToolAnswer, ToolFault, tool_names};

/// The operations of all interfaces that are served.
pub(super) fn operations(state: &HttpState) -> Router<HttpState> {
    let served = |surface| state.edge.surfaces.has(surface);
    let mut router = Router::new();
    if served(Surface::OpenWebUi) {
        router = router.merge(guarded(openwebui::operations(), openwebui::ERRORS, state));
        router = router.merge(guarded(datalab::operations(), datalab::ERRORS, state));
    }
    if served(Surface::Tika) {
        router = router
            .merge(guarded(tika::operations(), tika::ERRORS, state))
            .merge(tika::public());
    }
    if served(Surface::Docling) {
        let sockets = guarded(docling::sockets(), docling::ERRORS, state);
        router = router
            .merge(guarded(docling::operations(), docling::ERRORS, state))
            .merge(sockets.route_layer(map_request(docling::key_of_query)))
            .merge(docling::public());
    }
    if served(Surface::Unstructured) {
        let operations = guarded(unstructured::operations(), unstructured::ERRORS, state);
        router = router
            .merge(operations.route_layer(map_request(unstructured::own_key)))
            .merge(unstructured::public());
    }
    if served(Surface::Mcp) {
        let checked = from_fn_with_state(state.clone(), mcp::check_page);
        router = router.merge(guarded(
            mcp::operations().route_layer(checked),
            mcp::ERRORS,
            state,
        ));
    }
    if served(Surface::Mistral) {
        router = router.merge(guarded(mistral::operations(), mistral::ERRORS, state));
    }
    if served(Surface::Tika) || served(Surface::Docling) {
        router = router.route("/version", get(version::version));
    }
    router
}

/// Operations that need a key, with the errors of their product.
fn guarded(operations: Router<HttpState>, errors: ErrorForm, state: &HttpState) -> Router<HttpState> {
    operations
        .route_layer(from_fn_with_state(state.clone(), require_key))
        .route_layer(map_response(move |mut response: Response| async move {
            response.extensions_mut().insert(errors);
            response
        }))
}
