//! The server and the command line through their public interfaces.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by a panic, also in what its functions share"
)]

mod gate;
mod harness;

mod admission;
mod api_clients;
mod auth;
mod batch_downloads;
mod batches;
mod broken_batches;
mod byte_names;
mod cancelled;
mod certificates;
mod clock;
mod command_line;
mod compacted;
mod configuration;
mod configuration_access;
mod configuration_storage;
mod conformance;
mod convert;
mod cross_origin;
mod cut_commits;
mod described;
mod doctor;
mod documents;
mod early_answers;
mod edge;
mod errors;
mod fairness;
mod fetched;
mod fetched_addresses;
mod fetched_tls;
mod file_names;
mod form_limits;
mod hosts;
mod idempotency;
mod ignored_options;
mod imports;
mod keys;
mod leniency;
mod lists;
mod local_files;
mod lost;
mod lost_database_files;
mod lost_log;
mod lost_originals;
mod maintenance;
mod metrics;
mod mistral;
mod mistral_failures;
mod mistral_secrets;
mod mistral_under_fire;
mod moving;
mod names_of_results;
mod nodes;
mod objects;
mod objects_addresses;
mod objects_failures;
mod objects_s3;
mod ocr;
mod openapi;
mod originals;
mod pages_for_people;
mod partial;
mod pdf_parts;
mod postgres;
mod postgres_lost;
mod postgres_readiness;
mod postgres_server;
mod primary_server;
mod readiness;
mod rendered;
mod replica;
mod replica_contents;
mod replica_lost;
mod replica_nodes;
mod request_log;
mod requests;
mod result_files;
mod s3_server;
mod sandbox;
mod secret_files;
mod serve;
mod settings;
mod silent_bucket;
mod slow_jobs;
mod standing_costs;
mod standing_readers;
mod store;
mod submitted;
mod tenants;
mod terminal;
mod two_lengths;
mod upload_addresses;
mod uploads;
mod usage;
mod version_2;
#[cfg(target_os = "linux")]
mod waiting_children;
