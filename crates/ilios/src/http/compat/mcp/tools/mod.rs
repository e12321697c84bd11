//! The tools on the documents of a caller, by the same use cases as the HTTP API.

mod convert;
mod get;
mod list;
mod report;
mod search;

use std::sync::{Arc, Mutex, PoisonError};

use rmcp::model::JsonObject;

use super::answer::{ToolAnswer, ToolFault};
use super::arguments::Arguments;
use super::body::Place;
use super::catalog;
use super::server::McpTools;
use super::source::OpenFile;
use crate::app::App;
use crate::engine::Progress;
use crate::http::respond::codes::Code;
use crate::http::respond::problem::Problem;
use crate::model::{Caller, Scope};

/// Tools on the documents of a caller.
pub struct DocumentTools {
    app: Arc<App>,
    caller: Caller,
    /// Opens files, where that is allowed.
    files: Option<OpenFile>,
    /// Place in memory that the message takes until its document is received.
    place: Mutex<Option<Place>>,
}

impl DocumentTools {
    /// The tools of `caller`.
    #[must_use]
    pub fn new(app: Arc<App>, caller: Caller) -> Self {
        Self {
            app,
            caller,
            files: None,
            place: Mutex::default(),
        }
    }

    /// With the files that `files` opens.
    #[must_use]
    pub fn with_files(mut self, files: Option<OpenFile>) -> Self {
        self.files = files;
        self
    }

    pub(super) fn with_place(self, place: Option<Place>) -> Self {
        Self {
            place: Mutex::new(place),
            ..self
        }
    }

    fn release_place(&self) {
        drop(self.place.lock().unwrap_or_else(PoisonError::into_inner).take());
    }

    fn require(&self, scope: Scope) -> Result<(), Problem> {
        if self.caller.may(scope) {
            return Ok(());
        }
        let error = format!("this API key lacks the scope `{}`", scope.as_str());
        Err(Problem::new(Code::MISSING_SCOPE, error))
    }

    async fn answer(
        &self,
        name: &str,
        arguments: JsonObject,
        progress: &Progress,
    ) -> Result<ToolAnswer, Problem> {
        self.require(if name == catalog::CONVERT {
            Scope::Convert
        } else {
            Scope::Read
        })?;
        let arguments = Arguments::new(arguments);
        match name {
            catalog::CONVERT => Box::pin(convert::convert(self, arguments, progress)).await,
            catalog::GET => get::get(self, arguments).await,
            catalog::LIST => list::list(self, arguments).await,
            catalog::SEARCH => search::search(self, arguments).await,
            catalog::REPORT => report::report(self, arguments).await,
            _ => Err(Problem::new(
                Code::NOT_FOUND,
                format!(
                    "there is no such tool: there are {}",
                    catalog::tool_names().join(", ")
                ),
            )),
        }
    }
}

impl McpTools for DocumentTools {
    fn takes_files(&self) -> bool {
        self.files.is_some()
    }

    async fn call(
        &self,
        name: &str,
        arguments: JsonObject,
        progress: &Progress,
    ) -> Result<ToolAnswer, ToolFault> {
        Ok(self.answer(name, arguments, progress).await?)
    }

    async fn read(&self, id: &str) -> Result<String, ToolFault> {
        self.require(Scope::Read)?;
        let id = id
            .parse()
            .map_err(|takes| Problem::new(Code::INVALID_ID, format!("the id {takes}")))?;
        Ok(get::whole(self, &id).await?)
    }
}
