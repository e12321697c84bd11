//! Documents: accepted, looked at, fetched, ended.

mod cancel;
mod delete;
mod image;
mod list;
mod locate;
mod original;
mod page_picture;
mod places;
mod read;
mod reconvert;
mod retry;
mod status;
mod submit;
mod summary;
mod upload_complete;
mod upload_url;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::HttpState;
use crate::http::respond::codes::Code;
use crate::http::respond::problem::Problem;
use crate::model::Id;

/// The operations on documents.
pub(in crate::http) fn operations() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new()
        .routes(routes!(list::list))
        .routes(routes!(summary::summary))
        .routes(routes!(submit::submit))
        .routes(routes!(upload_url::upload_url))
        .routes(routes!(upload_complete::upload_complete))
        .routes(routes!(status::status))
        .routes(routes!(read::read, delete::delete))
        .routes(routes!(original::original))
        .routes(routes!(image::image))
        .routes(routes!(places::places))
        .routes(routes!(locate::locate))
        .routes(routes!(page_picture::page_picture))
        .routes(routes!(page_picture::block_picture))
        .routes(routes!(cancel::cancel))
        .routes(routes!(retry::retry))
        .routes(routes!(reconvert::reconvert))
}

/// The id in a path.
fn parsed_id(text: &str) -> Result<Id, Problem> {
    text.parse()
        .map_err(|takes| Problem::new(Code::INVALID_ID, format!("the id {takes}")).at("id"))
}
