use super::{Variable, variable};

/// Variables of conversions: their budgets, their sandbox, their number, and the OCR program.
pub(super) const VARIABLES: &[Variable] = &[
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
        "The most seconds that a conversion may go on without a heartbeat, such as a page that is done; OCR apart. \
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
        "CONVERT_REUSE",
        "tenant",
        "tenant or off",
        "With tenant a converter may convert up to 100 documents of the same tenant, of up to 256 kB each, within 10 s, as \
         long as none of them is broken, has warnings or needs OCR; each has the same limits. Documents of a server \
         without keys, where every stranger is one tenant, always have a converter each. With off every document has one.",
    ),
    variable(
        "CONVERT_MEMORY",
        "512MB",
        "a number of bytes such as 536870912, or 512MB, 2GB, from 16MB to 1TB",
        "The most memory that one conversion may take, and three times the size of its document more; OCR of a page takes \
         some 180 MB of it, and beyond 256 MB each 160 MB let one page more be read at the same time. What tesseract reads may take as much again. Beyond it the document fails with `out_of_memory`.",
    ),
    variable(
        "CONVERT_CPU_TIME",
        "120",
        "a whole number of seconds from 1 to 86400",
        "The most seconds of processor time that one conversion may take, OCR apart: each page that is recognized may take \
         30 more, within `CONVERT_TIMEOUT`. Beyond it the document fails with `timeout`.",
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
        "How many conversions run at once. As many processors, or `WORKER_COUNT` if that is more, may read the pages of one \
         scan at the same time while no other conversion needs them.",
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
        "TOKENIZERS_DIR",
        "",
        "a folder",
        "Tokenizers that `tokenizer` may name beside those that are built in: `NAME.json` or `NAME/tokenizer.json`, as models \
         are published with them. A file is read when it is named first, and kept until the program ends.",
    ),
    variable(
        "OCR_MEMORY",
        "half the memory of the machine or its container",
        "a number of bytes such as 2147483648, or 512MB, 2GB, from 1 byte to 1 TB",
        "The most memory that all conversions together may take to read pictures by the networks: 256 MB each, 400 MB with \
         larger networks, and 160 MB for each page that one of them reads at the same time as another. A conversion \
         waits until there is as much; one goes on in any case.",
    ),
    variable(
        "OCR_MODELS",
        "DATA_DIR/ocr-models",
        "a folder",
        "Where `ilios models install small` puts larger networks, which read pages that those of the program are unsure \
         of. See [engines.md](engines.md#scans).",
    ),
    variable(
        "OCR_SMALL_SHARE",
        "0.10",
        "a rate from 0 to 1 with at most four digits after the point, or per cent such as 10%",
        "The most pages of a document that the larger networks may read, rounded up to a page: each takes some 7 seconds \
         of processor time.",
    ),
    variable(
        "OCR_MODELS_URL",
        "",
        "an http:// or https:// URL of a folder with `small/det.onnx` and `small/rec.onnx`",
        "Source of the larger networks instead of the package index of Python. Files of other digests than those that are \
         known are refused.",
    ),
    variable(
        "TESSERACT_PATH",
        "tesseract",
        "a program",
        "The program that reads pictures in other than Latin scripts and Chinese; a bare name is looked for in `PATH`. See \
         [engines.md](engines.md#scans).",
    ),
];
