use std::path::{Path, PathBuf};

use super::parse::Parser;
use crate::model::Secret;
use crate::objects::{RetrySettings, S3Settings};

/// Object store of originals.
#[derive(Debug, Clone)]
pub enum ObjectsConfig {
    /// In a folder of this machine.
    Local {
        /// The folder.
        folder: PathBuf,
    },
    /// In an S3 bucket.
    S3(S3Settings),
}

/// Servers at which a (new) bucket is reached by a name of its own only.
const VIRTUAL_HOSTED_SERVERS: [&str; 3] = [".amazonaws.com", ".tigris.dev", ".storage.dev"];

impl ObjectsConfig {
    pub(super) fn read(parser: &mut Parser<'_>, data: &Path) -> Self {
        // Each is validated although the bucket may be unset: a typo must not wait for the day it is not.
        let endpoint = parser.value("AWS_ENDPOINT_URL_S3", None, |text| endpoint(text).map(Some));
        let region = parser.value("AWS_REGION", None, |text| {
            is_region(text).then(|| Some(text.to_owned()))
        });
        let bucket = parser.value("S3_BUCKET", None, |text| {
            is_bucket(text).then(|| Some(text.to_owned()))
        });
        let path_style = parser.text("S3_PATH_STYLE").is_some();
        let path_style = path_style.then(|| parser.flag("S3_PATH_STYLE"));
        let Some(bucket) = bucket else {
            let folder = parser.text("OBJECTS_DIR");
            return Self::Local {
                folder: folder.map_or_else(|| data.join("objects"), PathBuf::from),
            };
        };
        let access_key_id = parser.header_secret("AWS_ACCESS_KEY_ID");
        let access_key_id =
            access_key_id.unwrap_or_else(|| Secret::new(parser.needed("AWS_ACCESS_KEY_ID", "S3_BUCKET")));
        Self::S3(S3Settings {
            access_key_id,
            secret_access_key: Secret::new(parser.needed("AWS_SECRET_ACCESS_KEY", "S3_BUCKET")),
            region: region.unwrap_or_else(|| default_region(endpoint.as_deref()).to_owned()),
            path_style: path_style.unwrap_or_else(|| default_path_style(endpoint.as_deref(), &bucket)),
            endpoint,
            bucket,
            retry: RetrySettings::default(),
        })
    }
}

fn endpoint(text: &str) -> Option<String> {
    let text = text.trim_end_matches('/');
    let server = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte);
    (!server.is_empty() && server.bytes().all(plain)).then(|| text.to_owned())
}

fn is_region(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// Whether a bucket may be named so. Old ones may have capitals and underscores.
fn is_bucket(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
    (3..=255).contains(&text.len()) && text.bytes().all(plain)
}

/// The host of an endpoint after a dot, without its port.
fn host(endpoint: &str) -> String {
    let server = endpoint.rsplit('/').next().unwrap_or_default();
    let host = server.rsplit_once(':').map_or(server, |(host, _)| host);
    format!(".{}", host.to_ascii_lowercase())
}

fn default_region(endpoint: Option<&str>) -> &'static str {
    match endpoint {
        Some(endpoint) if !host(endpoint).ends_with(".amazonaws.com") => "auto",
        _ => "us-east-1",
    }
}

fn default_path_style(endpoint: Option<&str>, bucket: &str) -> bool {
    // The certificate of `*.server` does not cover a bucket with a dot.
    let own_name = endpoint.is_none_or(|endpoint| {
        let host = host(endpoint);
        VIRTUAL_HOSTED_SERVERS.iter().any(|server| host.ends_with(server))
    });
    !own_name || bucket.contains('.')
}
