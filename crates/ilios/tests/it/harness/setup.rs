use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use ilios::billing::Prices;
use ilios::engine::{Engine, MistralSettings, OcrSettings, SelectSettings};
use ilios::http::Edge;
use ilios::model::{Clock, RetryPolicy, SystemClock, Timestamp};
use ilios::objects::Objects;
use ilios::outbound::Fetcher;
use ilios::store::FileLimits;
use ilios_convert::Limits;
use ilios_sandbox::{Program, ProgramLimits};

/// Settings of a test server.
pub(crate) struct Setup {
    pub(crate) api_keys: &'static str,
    pub(crate) admin_key: Option<&'static str>,
    pub(crate) metrics_key: Option<&'static str>,
    pub(crate) edge: Edge,
    pub(crate) max_file_size: u64,
    pub(crate) running: usize,
    pub(crate) waiting: usize,
    pub(crate) max_wait: Duration,
    pub(crate) timeout: Duration,
    pub(crate) stall_timeout: Duration,
    pub(crate) waiting_children: usize,
    pub(crate) kept_children: usize,
    pub(crate) program: Program,
    pub(crate) limits: Limits,
    pub(crate) tesseract: PathBuf,
    pub(crate) ocr_limits: ProgramLimits,
    pub(crate) ocr: OcrSettings,
    /// Folder with tokenizers.
    pub(crate) tokenizers: Option<PathBuf>,
    pub(crate) engine: Option<Arc<dyn Engine>>,
    /// Fetcher of documents; none by default.
    pub(crate) fetcher: Option<Fetcher>,
    /// Mistral's OCR beside the local engine; none by default.
    pub(crate) mistral: Option<MistralSettings>,
    pub(crate) select: SelectSettings,
    /// Store of originals; a folder by default.
    pub(crate) objects: Option<Objects>,
    /// Workers of the queue; none by default.
    pub(crate) workers: usize,
    pub(crate) max_pending: u64,
    pub(crate) max_announced: u64,
    pub(crate) file_limits: FileLimits,
    /// Documents that are fetched at once.
    pub(crate) fetching: usize,
    pub(crate) prices: Prices,
    pub(crate) policy: RetryPolicy,
    /// The server's clock, which tests move.
    pub(crate) clock: Arc<ShiftedClock>,
}

/// The machine's clock, ahead by what a test sets.
#[derive(Default)]
pub(crate) struct ShiftedClock {
    /// Time that has passed, by milliseconds.
    passed: AtomicI64,
    /// By how many milliseconds somebody has set the clock.
    stepped: AtomicI64,
}

impl ShiftedClock {
    /// Lets time pass.
    pub(crate) fn advance(&self, span: Duration) {
        let millis = i64::try_from(span.as_millis()).expect("a span");
        self.passed.fetch_add(millis, Ordering::SeqCst);
    }

    /// Sets the clock, without that time passes.
    pub(crate) fn step(&self, seconds: i64) {
        self.stepped.fetch_add(seconds * 1_000, Ordering::SeqCst);
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> Timestamp {
        let ahead = self.passed.load(Ordering::SeqCst) + self.stepped.load(Ordering::SeqCst);
        Timestamp::from_millis(SystemClock.now().as_millis() + ahead)
    }

    fn steady(&self) -> Timestamp {
        let ahead = self.passed.load(Ordering::SeqCst);
        Timestamp::from_millis(SystemClock.steady().as_millis() + ahead)
    }
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            api_keys: "",
            admin_key: None,
            metrics_key: None,
            edge: Edge::default(),
            max_file_size: 8 << 20,
            running: 4,
            waiting: 16,
            max_wait: Duration::from_secs(20),
            timeout: Duration::from_secs(60),
            stall_timeout: Duration::from_secs(60),
            waiting_children: 0,
            kept_children: 4,
            program: Program::new(env!("CARGO_BIN_EXE_ilios"), [ilios::cli::CONVERTER_CHILD]),
            limits: Limits::default(),
            tesseract: "tesseract".into(),
            ocr_limits: ProgramLimits {
                memory: 512 << 20,
                cpu: Duration::from_secs(120),
            },
            ocr: OcrSettings {
                memory: 2 << 30,
                models: "/nowhere".into(),
            },
            tokenizers: None,
            engine: None,
            fetcher: None,
            mistral: None,
            select: SelectSettings::default(),
            objects: None,
            workers: 0,
            max_pending: 10_000,
            max_announced: 1_000,
            file_limits: FileLimits {
                count: 1_000,
                bytes: 1 << 30,
            },
            fetching: 16,
            prices: Prices::default(),
            policy: RetryPolicy {
                first_delay: Duration::from_millis(20),
                ..RetryPolicy::default()
            },
            clock: Arc::default(),
        }
    }
}
