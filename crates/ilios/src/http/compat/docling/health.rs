use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::http::HttpState;

/// Says whether documents are taken.
pub(super) async fn ready(State(state): State<HttpState>) -> (StatusCode, Json<Value>) {
    let app = &state.app;
    let (database, objects, spool) =
        tokio::join!(app.database_health(), app.objects_work(), app.spool_fault());
    if database.fault.is_none() && objects && spool.is_none() {
        (StatusCode::OK, Json(json!({"status": "ok"})))
    } else {
        let detail = json!({"detail": "The server is not ready."});
        (StatusCode::SERVICE_UNAVAILABLE, Json(detail))
    }
}
