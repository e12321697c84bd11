use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures::FutureExt;
use rmcp::model::{
    CacheScope, CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, CustomRequest,
    CustomResult, DiscoverResult, ErrorCode, ErrorData, Implementation, JsonObject,
    ListResourceTemplatesResult, ListToolsResult, PaginatedRequestParams, ReadResourceRequestParams,
    ReadResourceResponse, ReadResourceResult, ResourceContents, ResourceTemplate, ServerCapabilities,
    ServerConfig, Tool,
};
use rmcp::service::RequestContext;
use rmcp::{RoleServer, ServerHandler};

use super::answer::{ToolAnswer, ToolFault};
use super::catalog::{self, INSTRUCTIONS};
use super::notices::with_notices;
use crate::engine::Progress;

/// Milliseconds for which a client may keep the list of tools, which changes with the program alone.
const LIST_TTL_MS: u64 = 3_600_000;
/// Begin of the addresses of documents.
const DOCUMENTS: &str = "ilios://documents/";
/// Methods that are known: parameters of another form than theirs are wrong, not the method.
const METHODS: [&str; 6] = [
    "initialize",
    "tools/call",
    "tools/list",
    "resources/read",
    "resources/list",
    "resources/templates/list",
];

/// Tools behind the protocol.
pub trait McpTools: Send + Sync + 'static {
    /// True if `file:` addresses may be converted.
    fn takes_files(&self) -> bool;

    /// Uses the tool `name`, and notes in `progress` how far it has come. The work ends when this is dropped.
    ///
    /// # Errors
    /// [`ToolFault`], for the model to read.
    fn call(
        &self,
        name: &str,
        arguments: JsonObject,
        progress: &Progress,
    ) -> impl Future<Output = Result<ToolAnswer, ToolFault>> + Send;

    /// The Markdown of the document `id`.
    ///
    /// # Errors
    /// [`ToolFault`]; `not_found` where there is none.
    fn read(&self, id: &str) -> impl Future<Output = Result<String, ToolFault>> + Send;
}

/// Server of the protocol. Clones share their tools.
#[derive(Debug)]
pub struct McpServer<T>(Arc<T>);

impl<T> Clone for McpServer<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T: McpTools> McpServer<T> {
    /// A server of `tools`.
    pub fn new(tools: T) -> Self {
        Self(Arc::new(tools))
    }
}

/// Does `work` until the client does not want it any more. A fault of ours costs this one answer.
async fn until_cancelled<T>(
    context: &RequestContext<RoleServer>,
    work: impl Future<Output = Result<T, ErrorData>>,
) -> Result<T, ErrorData> {
    tokio::select! {
        biased;
        () = context.ct.cancelled() => Err(ErrorData::internal_error("cancelled", None)),
        outcome = AssertUnwindSafe(work).catch_unwind() => outcome.unwrap_or_else(|_| {
            tracing::error!("a tool panicked");
            Err(ErrorData::internal_error("the server failed", None))
        }),
    }
}

fn result(outcome: Result<ToolAnswer, ToolFault>) -> CallToolResult {
    match outcome {
        Ok(ToolAnswer { text, structured }) => {
            let mut result = CallToolResult::success(vec![ContentBlock::text(text)]);
            result.structured_content = Some(structured);
            result
        }
        Err(fault) => CallToolResult::error(vec![ContentBlock::text(fault.to_string())]),
    }
}

impl<T: McpTools> ServerHandler for McpServer<T> {
    fn get_info(&self) -> ServerConfig {
        let capabilities = ServerCapabilities::builder()
            .enable_tools()
            .enable_resources()
            .build();
        let program = Implementation::new("ilios", env!("CARGO_PKG_VERSION")).with_title("Ilios");
        ServerConfig::new(capabilities)
            .with_server_info(program)
            .with_instructions(INSTRUCTIONS)
    }

    async fn discover(&self, _: RequestContext<RoleServer>) -> Result<DiscoverResult, ErrorData> {
        let versions = self.supported_protocol_versions().into_owned();
        Ok(DiscoverResult::from_server_info(versions, self.get_info())
            .with_ttl_ms(LIST_TTL_MS)
            .with_cache_scope(CacheScope::Public))
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        let mut tools = catalog::tools(self.0.takes_files()).into_iter();
        tools.find(|tool| tool.name == name)
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let tools = catalog::tools(self.0.takes_files());
        Ok(ListToolsResult::with_all_items(tools)
            .with_ttl_ms(LIST_TTL_MS)
            .with_cache_scope(CacheScope::Public))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let (name, arguments) = (request.name, request.arguments.unwrap_or_default());
        let progress = Progress::default();
        let work = async {
            let call = self.0.call(&name, arguments, &progress);
            Ok(result(with_notices(&context, &progress, call).await).into())
        };
        until_cancelled(&context, work).await
    }

    async fn list_resource_templates(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        let template = ResourceTemplate::new(format!("{DOCUMENTS}{{id}}"), "document")
            .with_title("Converted document")
            .with_description("The Markdown of a converted document, by its document_id.")
            .with_mime_type("text/markdown");
        Ok(ListResourceTemplatesResult::with_all_items(vec![template])
            .with_ttl_ms(LIST_TTL_MS)
            .with_cache_scope(CacheScope::Public))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let missing = || ErrorData::resource_not_found("there is no such resource", None);
        let id = request
            .uri
            .strip_prefix(DOCUMENTS)
            .ok_or_else(missing)?
            .to_owned();
        let work = async {
            let text = self
                .0
                .read(&id)
                .await
                .map_err(|fault| match fault.code.as_str() {
                    "not_found" | "invalid_id" => missing(),
                    _ => ErrorData::invalid_request(fault.to_string(), None),
                })?;
            let contents = ResourceContents::TextResourceContents {
                uri: request.uri.clone(),
                mime_type: Some("text/markdown".into()),
                text,
                meta: None,
            };
            Ok(ReadResourceResult::new(vec![contents])
                .with_ttl_ms(0)
                .with_cache_scope(CacheScope::Private)
                .into())
        };
        until_cancelled(&context, work).await
    }

    async fn on_custom_request(
        &self,
        request: CustomRequest,
        _: RequestContext<RoleServer>,
    ) -> Result<CustomResult, ErrorData> {
        Err(if METHODS.contains(&request.method.as_str()) {
            ErrorData::invalid_params("the parameters are not those of this method", None)
        } else {
            ErrorData::new(ErrorCode::METHOD_NOT_FOUND, "there is no such method", None)
        })
    }
}
