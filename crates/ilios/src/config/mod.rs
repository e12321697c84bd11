//! Configuration: the environment and a `.env` file, read once, every fault listed at once. Nothing else of
//! the program reads the environment.

mod client;
mod database;
mod documentation;
mod edge;
mod fault;
mod keys;
mod limits;
mod misspelt;
mod mistral;
mod objects;
mod ocr;
mod parse;
mod raw;
mod registry;
mod resolved;
mod sandbox;
mod secret_files;
mod warnings;

pub use client::{ClientConfig, server_url};
pub use database::{DatabaseConfig, Role};
pub use documentation::documentation;
pub use fault::{ConfigError, Fault};
pub use mistral::BatchTimes;
pub use objects::ObjectsConfig;
pub use parse::{parse_bytes, parse_rate};
pub use raw::Raw;
pub use registry::{Variable, variables};
pub use resolved::Config;
pub use sandbox::Reuse;
