/// One environment variable.
#[derive(Debug, Clone, Copy)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// Its value when unset, as written in the documentation.
    pub default: &'static str,
    /// What it takes, in words that complete "takes …".
    pub takes: &'static str,
    /// What it does.
    pub about: &'static str,
    /// True if its value must never be shown. It may then be in a file of its own, which `NAME_FILE` names.
    pub secret: bool,
    /// True if a blank value is a fault rather than the same as none: with the default, others would get in, or data
    /// would be unencrypted or in another place.
    pub never_blank: bool,
}

const fn variable(
    name: &'static str,
    default: &'static str,
    takes: &'static str,
    about: &'static str,
) -> Variable {
    Variable {
        name,
        default,
        takes,
        about,
        secret: false,
        never_blank: false,
    }
}

impl Variable {
    const fn secret(self) -> Self {
        Self { secret: true, ..self }
    }

    const fn never_blank(self) -> Self {
        Self {
            never_blank: true,
            ..self
        }
    }
}

/// Every variable that the program knows, in the order of the documentation.
pub const VARIABLES: &[Variable] = &[
    variable("PORT", "1337", "a port from 0 to 65535", "Port to listen on. With 0 the system chooses one."),
    variable(
        "HOST",
        "127.0.0.1 on an open server, 0.0.0.0 with API keys",
        "an IP address such as 127.0.0.1, 0.0.0.0 or ::",
        "Address to listen on.",
    ),
    variable(
        "API_KEY",
        "",
        "keys of printable ASCII separated by commas",
        "Accepted API keys, each a tenant of its own, best 32 random characters. Unset or empty, the server is open: \
         everybody is the same tenant.",
    )
    .secret(),
    variable(
        "DATA_DIR",
        "./data",
        "a folder",
        "Folder of everything that is kept: the database, and temporary files in `tmp/`.",
    ),
    variable(
        "LOCAL_DB_PATH",
        "DATA_DIR/ilios.db, DATA_DIR/replica.db with USE_EMBEDDED_REPLICA",
        "a file",
        "The local database, or the copy of the primary. Its folder is created when it is missing.",
    ),
    variable(
        "MAX_FILE_SIZE",
        "1GB",
        "a number of bytes such as 1073741824, or 500MB, 1GB, from 1 byte to 1 TB",
        "The largest file that is taken.",
    ),
    variable(
        "ALLOW_URL_INPUT",
        "false",
        "true or false",
        "Whether clients may send, instead of a file, the `url` from which the server fetches it: from the public \
         internet alone.",
    ),
    variable(
        "URL_ALLOW_HOSTS",
        "",
        "names and addresses of hosts separated by commas; `.example.org` stands for all below it",
        "Hosts that documents are fetched from although they are not public.",
    ),
    variable(
        "URL_TIMEOUT",
        "60",
        "a whole number of seconds from 1 to 3600",
        "The most seconds that fetching a document may take.",
    ),
    variable(
        "BODY_TIMEOUT",
        "30",
        "a whole number of seconds from 1 to 86400",
        "The seconds in which the body of a request must bring 8 kB more, or end; a slower one is answered 408.",
    ),
    variable(
        "ANSWER_TIMEOUT",
        "60",
        "a whole number of seconds from 1 to 86400",
        "The seconds in which a client must take 4 kB more of an answer, or its end; a slower one is cut off.",
    ),
    variable(
        "UPLOAD_MEMORY",
        "64MB",
        "a number of bytes such as 67108864, or 500MB, 1GB, from 1 byte to 1 TB",
        "Memory for all uploads on their way together; what does not fit goes to files in `tmp/` without a name.",
    ),
    variable(
        "CORS_ORIGINS",
        "* with API keys, none on an open server",
        "*, none, or origins such as https://app.example.org separated by commas",
        "The web pages that may use the server from a browser. An open server answers nothing to any other, so that \
         no page on the internet can use the one on your machine.",
    )
    .never_blank(),
    variable(
        "PUBLIC_URL",
        "what each request says",
        "an http:// or https:// URL of a host, such as https://docs.example.org, and nothing else",
        "The address under which clients reach the server: what addresses in answers begin with, and a host name that an \
         open server answers to.",
    ),
    variable(
        "TRUSTED_PROXIES",
        "none",
        "IP addresses and ranges such as 127.0.0.1, 10.0.0.0/8 separated by commas, or none",
        "The proxies before the server. What they say of a client counts: its address in `X-Forwarded-For`, for the log, \
         and the scheme in `X-Forwarded-Proto`, for addresses in answers.",
    )
    .never_blank(),
    variable(
        "CONVERT_TIMEOUT",
        "300",
        "a whole number of seconds from 1 to 86400",
        "The most seconds that one conversion may take.",
    ),
    variable(
        "CONVERT_SILENCE",
        "120",
        "a whole number of seconds from 1 to 86400",
        "The most seconds that a conversion may go on without a sign of life, such as a page that is done; OCR apart. \
         Beyond it the document fails with `timeout`.",
    ),
    variable(
        "CONVERT_WAITING",
        "WORKER_COUNT",
        "a whole number from 0 to 256",
        "How many converters of the server wait, each with its sandbox around it, for a document of up to 256 kB, which \
         then starts the sooner. Each takes some MB of memory; with 0 every document starts its own.",
    ),
    variable(
        "CONVERT_MEMORY",
        "512MB",
        "a number of bytes such as 536870912, or 512MB, 2GB, from 16MB to 1TB",
        "The most memory that one conversion may take, and three times the size of its document more. OCR of a page \
         may take as much again. Beyond it the document fails with `out_of_memory`.",
    ),
    variable(
        "CONVERT_CPU_TIME",
        "120",
        "a whole number of seconds from 1 to 86400",
        "The most seconds of processor time that one conversion may take, OCR apart. Beyond it the document fails \
         with `timeout`.",
    ),
    variable(
        "CONVERT_MAX_PAGES",
        "10000",
        "a whole number from 1 to 1000000",
        "The most pages of a document, counted with those that are not asked for. One with more fails with \
         `too_many_pages`; beyond each of the limits below it is `limit_exceeded`.",
    ),
    variable(
        "CONVERT_MAX_OUTPUT",
        "256MB",
        "a number of bytes such as 268435456, or 256MB, from 1 byte to 512MB",
        "The most bytes of Markdown that a document may become.",
    ),
    variable(
        "CONVERT_MAX_PART",
        "512MB",
        "a number of bytes such as 536870912, or 512MB, 2GB, from 1 byte to 1 TB",
        "The most bytes that one part of a package (Office, OpenDocument, EPUB) may inflate to.",
    ),
    variable(
        "CONVERT_MAX_EXPANSION",
        "100",
        "a whole number from 1 to 10000",
        "How many times its own size a package may inflate to, beyond its first 64 MB.",
    ),
    variable(
        "CONVERT_MAX_PIXELS",
        "100000000",
        "a whole number from 10000 to 10000000000",
        "The most pixels of one picture.",
    ),
    variable(
        "CONVERT_MAX_DEPTH",
        "256",
        "a whole number from 16 to 1024",
        "How deep the elements of XML, HTML and JSON may nest.",
    ),
    variable(
        "SANDBOX",
        "required on Linux, best-effort elsewhere",
        "required, best-effort or off",
        "With required nothing is converted when the kernel does not give limits and the system call filter; \
         best-effort warns and goes on; off is for debugging. See [security-model.md](security-model.md).",
    ),
    variable(
        "CONVERT_CONCURRENCY",
        "the number of processors",
        "a whole number from 1 to 1024",
        "How many conversions run at once.",
    ),
    variable(
        "CONVERT_QUEUE",
        "64",
        "a whole number from 0 to 100000",
        "How many further conversions may wait for their turn, in which API keys take turns; beyond it clients get 503 \
         with `Retry-After`. One key may fill it while no other waits; then each has an equal share.",
    ),
    variable(
        "CONVERT_QUEUE_TIMEOUT",
        "30",
        "a whole number of seconds from 1 to 3600",
        "The most seconds that a conversion waits for its turn.",
    ),
    variable(
        "TESSERACT_PATH",
        "tesseract",
        "a program",
        "The OCR program; a bare name is looked for in `PATH`. When it is missing, scans are reported as such.",
    ),
    variable(
        "LOG_FORMAT",
        "text on a terminal, json otherwise",
        "text or json",
        "How the log is written to standard error.",
    ),
    variable(
        "LOG_LEVEL",
        "info",
        "error, warn, info, debug, trace, or directives such as info,ilios=debug",
        "What is logged.",
    ),
    variable("WORKER_COUNT", "2", "a whole number from 1 to 256", "Documents of the queue that are converted at once."),
    variable(
        "MAX_QUEUED_JOBS",
        "100000",
        "a whole number from 1 to 100000000",
        "How many documents may wait in the queue; beyond it clients get 503 with `Retry-After`. One API key may fill it \
         while no other waits; a key with less than its equal share still gets in then, so that up to twice as many may \
         wait.",
    ),
    variable(
        "MAX_ANNOUNCED_UPLOADS",
        "1000",
        "a whole number from 1 to 100000000",
        "How many direct uploads of one API key may be announced (`upload-url`) and not complete; beyond it clients get \
         503.",
    ),
    variable(
        "DB_SYNCHRONOUS",
        "full",
        "full or normal",
        "What an answer survives: with full a power cut, with normal the end of the process alone, which saves a \
         wait for the disk.",
    ),
    variable(
        "MARGIN_RATE",
        "0.30",
        "a rate from 0 to 10 with at most four digits after the point, or per cent such as 30%",
        "What is added to the base price of a page.",
    ),
    variable(
        "RETENTION_ACTION",
        "archive",
        "archive or delete",
        "What becomes of a document past its retention: archived, its original moved to `archive/`, or deleted.",
    ),
    variable(
        "USE_EMBEDDED_REPLICA",
        "false",
        "true or false",
        "Keeps the database at the libSQL primary of TURSO_DATABASE_URL, such as one of Turso, and a copy of it here, \
         in which reads are done. Several nodes may share the primary.",
    ),
    variable(
        "TURSO_DATABASE_URL",
        "",
        "a libsql://, https:// or http:// URL of a host, and nothing else",
        "The libSQL primary; needed with USE_EMBEDDED_REPLICA.",
    ),
    variable("TURSO_AUTH_TOKEN", "", "a token", "What the primary lets this program in with.").secret().never_blank(),
    variable(
        "TURSO_SYNC_INTERVAL",
        "60",
        "a whole number of seconds from 1 to 86400",
        "Seconds between two synchronizations of the copy. What was written here is there at once, and a document \
         that is asked for is looked for at the primary; lists show what others have done after this time.",
    ),
    variable(
        "DB_ENCRYPTION_KEY",
        "",
        "a key, best 32 random characters",
        "Encrypts the local database, or the copy of the primary, which is made anew under another key. `ilios db \
         encrypt`, `decrypt` and `rekey` change an existing database.",
    )
    .secret()
    .never_blank(),
    variable("NEW_DB_ENCRYPTION_KEY", "", "a key", "The key that `ilios db rekey` encrypts with from now on.").secret().never_blank(),
    variable(
        "DATABASE_URL",
        "",
        "a postgres:// URL",
        "A PostgreSQL database instead of the local one; several nodes may share it. `sslmode` is disable, prefer, \
         require or verify-full.",
    )
    .secret()
    .never_blank(),
    variable(
        "DATABASE_CONNECTIONS",
        "10",
        "a whole number from 1 to 1000",
        "The most connections of this process to PostgreSQL, beside one that listens.",
    ),
    variable(
        "DATABASE_TIMEOUT",
        "10",
        "a whole number of seconds from 1 to 600",
        "How long an operation goes on trying while PostgreSQL or the primary is away or overloaded.",
    ),
    variable(
        "ROLE",
        "all",
        "all, api or worker",
        "What this node does: answer requests, convert what is queued, or both. api and worker need S3_BUCKET \
         and a database that nodes share. A worker answers `GET /livez`, `/readyz`, `/health` and `/metrics` alone.",
    ),
    variable("MISTRAL_API_KEY", "", "a key", "Turns on Mistral OCR. See [engines.md](engines.md).").secret().never_blank(),
    variable(
        "MISTRAL_BASE_URL",
        "https://api.mistral.ai",
        "an http:// or https:// URL, such as https://api.eu.mistral.ai",
        "Where Mistral OCR is: another region, a proxy or a gateway.",
    ),
    variable("MISTRAL_OCR_MODEL", "mistral-ocr-latest", "the name of a model", "The model of Mistral OCR."),
    variable(
        "MISTRAL_TIMEOUT",
        "300",
        "a whole number of seconds from 1 to 3600",
        "The most seconds that one request to Mistral may take.",
    ),
    variable(
        "MISTRAL_MAX_CONCURRENCY",
        "4",
        "a whole number from 1 to 256",
        "Requests to Mistral at once, of all documents together.",
    ),
    variable(
        "MISTRAL_BATCH_POLL",
        "10",
        "a whole number of seconds from 1 to 3600",
        "Seconds between two questions to Mistral how far a batch is (`useMistralBatch`).",
    ),
    variable(
        "MISTRAL_BATCH_SETTLING",
        "60",
        "a whole number of seconds from 1 to 3600",
        "For how many seconds after its begin Mistral's lists may not name a batch yet. After that, it counts as not \
         begun or, when Mistral knew it before, as lost.",
    ),
    variable(
        "MISTRAL_BATCH_LEASE",
        "60",
        "a whole number of seconds from 10 to 3600",
        "After how many seconds without a sign of life of its node another one goes on with a batch of Mistral's.",
    ),
    variable(
        "ENGINE",
        "mistral with MISTRAL_API_KEY, else local",
        "mistral, local or auto",
        "What converts documents whose request names no `engine`. With auto, page by page: Mistral those that need \
         eyes, this machine the rest.",
    ),
    variable(
        "FALLBACK",
        "none",
        "none or local",
        "With local, the local engine answers while Mistral cannot; else documents wait.",
    ),
    variable(
        "PRICE_PER_1000_PAGES",
        "the list price of the model",
        "US dollars such as 4 or 3.50",
        "What 1000 pages on Mistral cost before the margin.",
    ),
    variable(
        "OBJECTS_DIR",
        "DATA_DIR/objects",
        "a folder",
        "Folder of the originals, when they are not kept in an S3 bucket. Created when it is missing.",
    ),
    variable(
        "S3_BUCKET",
        "",
        "the name of a bucket",
        "Keeps originals in this S3 bucket instead of a folder. It has to exist; the two keys are needed with it.",
    )
    .never_blank(),
    variable(
        "AWS_ENDPOINT_URL_S3",
        "the one of AWS",
        "an http:// or https:// URL of a server, without the bucket",
        "The S3 server.",
    ),
    variable("AWS_ACCESS_KEY_ID", "", "an access key id", "The S3 access key id.").secret().never_blank(),
    variable("AWS_SECRET_ACCESS_KEY", "", "a secret access key", "The S3 secret access key.").secret().never_blank(),
    variable(
        "AWS_REGION",
        "us-east-1 at AWS, auto at other servers",
        "a region such as eu-central-1, or auto",
        "The region of the bucket. Other servers than AWS mostly take any, or auto.",
    ),
    variable(
        "S3_PATH_STYLE",
        "false at AWS and Tigris, true at other servers",
        "true or false",
        "Whether the bucket is named in the path (`https://server/bucket`) or in the server's name \
         (`https://bucket.server`).",
    ),
];
