//! The addresses by which a test in another language steers the stand-in. They take no key.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use crate::counts::Counts;
use crate::faults::{Faults, Outage};
use crate::refusal::Refusal;
use crate::world::World;

/// How far the clock is moved.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Advance {
    hours: u64,
}

/// A document elsewhere.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Published {
    url: String,
    base64: String,
}

/// Replaces all faults.
pub(crate) async fn set_faults(State(world): State<Arc<World>>, Json(faults): Json<Faults>) {
    world.state().faults = faults;
}

/// Adds an outage.
pub(crate) async fn add_outage(State(world): State<Arc<World>>, Json(outage): Json<Outage>) {
    world.state().faults.outages.push(outage);
}

/// What was sent so far.
pub(crate) async fn counts(State(world): State<Arc<World>>) -> Json<Counts> {
    Json(world.state().counts.clone())
}

/// Starts counting anew.
pub(crate) async fn forget(State(world): State<Arc<World>>) {
    world.state().counts = Counts::default();
}

/// Moves the clock forward.
pub(crate) async fn advance(State(world): State<Arc<World>>, Json(by): Json<Advance>) {
    world.state().advance(by.hours);
}

/// Makes a document known under an address.
pub(crate) async fn publish(
    State(world): State<Arc<World>>,
    Json(document): Json<Published>,
) -> Result<(), Refusal> {
    let bytes = STANDARD
        .decode(document.base64)
        .map_err(|error| Refusal::Message {
            status: 400,
            message: error.to_string(),
        })?;
    world.state().web.insert(document.url, bytes.into());
    Ok(())
}
