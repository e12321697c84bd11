use super::{Variable, variable};

/// Variables of the operation: log, workers, limits of the queue, durability, margin and retention.
pub(super) const VARIABLES: &[Variable] = &[
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
    variable(
        "WORKER_COUNT",
        "2",
        "a whole number from 1 to 256",
        "Documents of the queue that are converted at once.",
    ),
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
        "MAX_TENANT_FILES",
        "1000",
        "a whole number from 1 to 100000",
        "How many files one API key may keep by `/v1/files`, beside its documents.",
    ),
    variable(
        "MAX_TENANT_FILE_BYTES",
        "10GB",
        "a number of bytes such as 1073741824, or 500MB, 1GB, from 1 byte to 1 TB",
        "How large the files may be together that one API key keeps by `/v1/files`.",
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
];
