use std::ffi::OsString;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use ilios_convert::Limits;
use ilios_sandbox::Policy;

use super::client::ClientConfig;
use super::database::{DatabaseConfig, Role};
use super::mistral::BatchTimes;
use super::objects::ObjectsConfig;
use super::parse::{Parser, parse_bytes};
use super::sandbox::Reuse;
use super::{ConfigError, Raw};
use crate::billing::Prices;
use crate::engine::{MistralSettings, OcrSettings, SelectSettings};
use crate::http::{Edge, Surfaces};
use crate::jobs::RetentionAction;
use crate::model::{ApiKeys, Secret};
use crate::outbound::FetcherSettings;
use crate::store::{Durability, FileLimits};
use crate::telemetry::LogFormat;

/// A valid configuration. It shows no secret when it is printed.
#[derive(Debug, Clone)]
pub struct Config {
    /// Address to listen at.
    pub listen: SocketAddr,
    /// True if `HOST` was set.
    pub host_is_set: bool,
    /// Accepted API keys, as fingerprints.
    pub api_keys: ApiKeys,
    /// Role of this node.
    pub role: Role,
    /// Database of documents and jobs.
    pub database: DatabaseConfig,
    /// New encryption key of the local database.
    pub new_encryption_key: Option<Secret>,
    /// Temporary storage of uploads in progress.
    pub spool: PathBuf,
    /// Object store of originals.
    pub objects: ObjectsConfig,
    /// True if clients may send the address of a document instead of the document.
    pub url_input: bool,
    /// The client that fetches documents.
    pub fetcher: FetcherSettings,
    /// Checks and limits of every request.
    pub edge: Edge,
    /// Interfaces of other products that are served, if that is set.
    pub surfaces: Option<Surfaces>,
    /// Bytes of memory that all uploads on their way share.
    pub upload_memory: u64,
    /// Mistral's OCR, where there is an account.
    pub mistral: Option<MistralSettings>,
    /// Timing of the batches that Mistral converts as jobs of its own.
    pub mistral_batches: BatchTimes,
    /// The choice of engines.
    pub select: SelectSettings,
    /// Prices of pages.
    pub prices: Prices,
    /// The largest file that is taken, bytes.
    pub max_file_size: u64,
    /// The budgets of one conversion.
    pub limits: Limits,
    /// The most time that one conversion may take.
    pub convert_timeout: Duration,
    /// Converters that wait for a document each.
    pub convert_waiting: usize,
    /// Documents that a converter may convert.
    pub convert_reuse: Reuse,
    /// The most time without a sign of a converter.
    pub convert_silence: Duration,
    /// Sandbox of a converter, with its limits of memory and processor time.
    pub sandbox: Policy,
    /// Maximum number of conversions that run at once.
    pub convert_concurrency: usize,
    /// Processors that pictures of one document may be read by.
    pub processors: u32,
    /// Maximum number of further conversions that wait.
    pub convert_queue: usize,
    /// The most time that a conversion waits.
    pub convert_queue_timeout: Duration,
    /// Recognition of pictures by the converters.
    pub ocr: OcrSettings,
    /// Folder with tokenizers that chunks may be measured by.
    pub tokenizers: Option<PathBuf>,
    /// Source of networks of OCR instead of their packages.
    pub ocr_models_url: Option<String>,
    /// The OCR program.
    pub tesseract: PathBuf,
    /// Environment variables of the OCR program.
    pub program_environment: Vec<(OsString, OsString)>,
    /// Format of the log; chosen by the kind of standard error when unset.
    pub log_format: Option<LogFormat>,
    /// Filter of the log.
    pub log_level: String,
    /// Workers of the queue.
    pub worker_count: usize,
    /// Maximum number of waiting jobs.
    pub max_queued_jobs: u64,
    /// Maximum number of announced uploads per tenant that are not complete.
    pub max_announced_uploads: u64,
    /// Limits of the files that a tenant keeps.
    pub file_limits: FileLimits,
    /// Durability of a commit.
    pub durability: Durability,
    /// The server that commands ask as its clients.
    pub client: ClientConfig,
    /// Action on documents past their retention.
    pub retention_action: RetentionAction,
    /// Warnings about settings that are valid and probably a mistake, one sentence each.
    pub warnings: Vec<String>,
    /// The variables that are set, as `NAME=value` separated by spaces; `***` stands for what may hold a secret.
    pub settings: String,
    /// Crash point of a test.
    #[cfg(feature = "crash-points")]
    pub crash_point: Option<crate::crash_point::CrashPoint>,
    /// Time of a lease, for tests that cannot wait for the default.
    #[cfg(feature = "crash-points")]
    pub lease: Option<Duration>,
}

impl Config {
    /// Resolves raw values to a valid configuration.
    ///
    /// # Errors
    /// [`ConfigError`] with every fault.
    pub fn resolve(raw: &Raw) -> Result<Self, ConfigError> {
        let mut parser = Parser::new(raw);
        let config = Self::read(&mut parser, raw);
        if parser.faults.is_empty() {
            Ok(config)
        } else {
            Err(ConfigError(parser.faults))
        }
    }

    fn read(parser: &mut Parser<'_>, raw: &Raw) -> Self {
        parser.refuse_blank();
        let api_keys = super::keys::read(parser);
        let data = PathBuf::from(parser.text("DATA_DIR").unwrap_or("./data"));
        let edge = super::edge::read(parser, api_keys.is_open());
        let convert_concurrency = parser.number("CONVERT_CONCURRENCY", processors(), 1..=1_024);
        let worker_count = parser.number("WORKER_COUNT", 2, 1..=256);
        let max_file_size = parser.value("MAX_FILE_SIZE", 1 << 30, parse_bytes);
        let convert_timeout = Duration::from_secs(parser.number("CONVERT_TIMEOUT", 300, 1..=86_400));
        Self {
            listen: listen(parser, api_keys.is_open()),
            host_is_set: parser.text("HOST").is_some(),
            api_keys,
            role: parser.value("ROLE", Role::default(), Role::parse),
            database: DatabaseConfig::read(parser, &data),
            new_encryption_key: parser.text("NEW_DB_ENCRYPTION_KEY").map(Secret::new),
            spool: data.join("tmp"),
            objects: ObjectsConfig::read(parser, &data),
            url_input: parser.flag("ALLOW_URL_INPUT"),
            fetcher: super::edge::fetcher(parser),
            edge,
            surfaces: super::edge::surfaces(parser),
            upload_memory: parser.value("UPLOAD_MEMORY", 64 << 20, parse_bytes),
            mistral: super::mistral::service(parser),
            mistral_batches: BatchTimes::read(parser),
            select: super::mistral::select(parser),
            prices: super::mistral::prices(parser),
            max_file_size,
            limits: super::limits::read(parser, max_file_size),
            convert_timeout,
            convert_silence: Duration::from_secs(parser.number("CONVERT_SILENCE", 120, 1..=86_400)),
            convert_waiting: parser.number("CONVERT_WAITING", worker_count, 0..=256),
            convert_reuse: parser.value("CONVERT_REUSE", Reuse::default(), Reuse::parse),
            sandbox: super::sandbox::read(parser, convert_timeout),
            convert_concurrency,
            processors: picture_processors(convert_concurrency.max(worker_count)),
            convert_queue: parser.number("CONVERT_QUEUE", 64, 0..=100_000),
            convert_queue_timeout: Duration::from_secs(parser.number("CONVERT_QUEUE_TIMEOUT", 30, 1..=3_600)),
            ocr: super::ocr::read(parser, &data),
            tokenizers: parser.text("TOKENIZERS_DIR").map(PathBuf::from),
            ocr_models_url: parser.text("OCR_MODELS_URL").map(str::to_owned),
            tesseract: parser.text("TESSERACT_PATH").unwrap_or("tesseract").into(),
            program_environment: raw.for_programs(),
            log_format: parser.value("LOG_FORMAT", None, log_format),
            log_level: parser.value("LOG_LEVEL", "info".to_owned(), log_level),
            worker_count,
            max_queued_jobs: parser.number("MAX_QUEUED_JOBS", 100_000, 1..=100_000_000),
            max_announced_uploads: parser.number("MAX_ANNOUNCED_UPLOADS", 1_000, 1..=100_000_000),
            file_limits: file_limits(parser),
            durability: durability(parser),
            client: ClientConfig::read(parser),
            retention_action: parser.value("RETENTION_ACTION", RetentionAction::Archive, retention_action),
            warnings: super::warnings::of(raw),
            settings: settings(raw),
            #[cfg(feature = "crash-points")]
            crash_point: parser.value("CRASH_POINT", None, |text| text.parse().ok().map(Some)),
            #[cfg(feature = "crash-points")]
            lease: parser.value("LEASE_MILLIS", None, |text| {
                text.parse().ok().map(Duration::from_millis).map(Some)
            }),
        }
    }
}

/// Durability of a commit.
fn durability(parser: &mut Parser<'_>) -> Durability {
    parser.value(
        "DB_SYNCHRONOUS",
        Durability::PowerCut,
        super::database::durability,
    )
}

/// Address that the server listens at. An open server does so where only this machine reaches it, unless it is set
/// otherwise.
fn listen(parser: &mut Parser<'_>, is_open: bool) -> SocketAddr {
    let host = if is_open {
        Ipv4Addr::LOCALHOST
    } else {
        Ipv4Addr::UNSPECIFIED
    };
    let host = parser.value("HOST", IpAddr::V4(host), |text| text.parse().ok());
    SocketAddr::new(host, parser.number("PORT", 1337, 0..=u16::MAX))
}

fn settings(raw: &Raw) -> String {
    let set = super::variables().filter_map(|variable| {
        let value = raw.get(variable.name)?;
        // An address may have a password in it.
        let is_secret = variable.secret || value.contains('@');
        let shown = if is_secret { "***" } else { value };
        Some(format!("{}={shown}", variable.name))
    });
    set.collect::<Vec<_>>().join(" ")
}

/// Processors that pictures of one document may be read by, where so many documents are converted at once.
fn picture_processors(conversions: usize) -> u32 {
    u32::try_from(processors().min(conversions)).unwrap_or(u32::MAX)
}

fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

fn file_limits(parser: &mut Parser<'_>) -> FileLimits {
    FileLimits {
        count: parser.number("MAX_TENANT_FILES", 1_000, 1..=100_000),
        bytes: parser.value("MAX_TENANT_FILE_BYTES", 10 << 30, parse_bytes),
    }
}

fn retention_action(text: &str) -> Option<RetentionAction> {
    match text.to_ascii_lowercase().as_str() {
        "archive" => Some(RetentionAction::Archive),
        "delete" => Some(RetentionAction::Delete),
        _ => None,
    }
}

fn log_format(text: &str) -> Option<Option<LogFormat>> {
    match text {
        "text" => Some(Some(LogFormat::Text)),
        "json" => Some(Some(LogFormat::Json)),
        _ => None,
    }
}

fn log_level(text: &str) -> Option<String> {
    text.parse::<tracing_subscriber::filter::Targets>()
        .ok()
        .map(|_| text.to_owned())
}
