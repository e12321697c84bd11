//! A server as its clients see it, by its public HTTP API alone.

mod error;
mod server;

pub(super) use error::RemoteError;
pub(super) use server::{RemoteArguments, Server};
