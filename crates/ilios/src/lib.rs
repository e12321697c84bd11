//! The Ilios server and command line: takes documents, converts them in disposable children, keeps the
//! results and their usage records.
//!
//! Imports point down only:
//! `cli → config → http, console, jobs → app, queue → store, objects, engine, outbound, billing → model`.

pub mod app;
pub mod billing;
pub mod cli;
pub mod config;
pub mod console;
pub mod crash_point;
pub mod disk;
pub mod engine;
pub mod http;
pub mod jobs;
pub mod model;
pub mod objects;
pub mod outbound;
pub mod queue;
pub mod retry;
pub mod spool;
pub mod store;
pub mod telemetry;
pub mod tls;
