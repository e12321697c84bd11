//! Interfaces of other products and of the Model Context Protocol: by their own clients, and request by request.

mod clients;
mod datalab;
mod docling;
mod docling_socket;
mod guards;
mod mcp;
mod mistral;
mod openwebui;
mod request_sequences;
mod tenants;
mod tika;
mod unstructured;

use crate::harness::{Setup, TestServer};

/// A page of HTML with a heading, a paragraph, a table and a list.
const HTML: &str = "<html><head><title>T</title></head><body><h1>Report</h1><p>One paragraph.</p>\
<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table><ul><li>first</li><li>second</li></ul></body></html>";

/// A server with two tenants and workers.
async fn guarded() -> TestServer {
    TestServer::with(Setup {
        api_keys: "first-key,second-key",
        workers: 2,
        ..Setup::default()
    })
    .await
}
