use super::{Variable, variable};

/// Variables of Mistral OCR and of the choice between the engines.
pub(super) const VARIABLES: &[Variable] = &[
    variable(
        "MISTRAL_API_KEY",
        "",
        "a key",
        "Turns on Mistral OCR. See [engines.md](engines.md).",
    )
    .secret()
    .never_blank(),
    variable(
        "MISTRAL_BASE_URL",
        "https://api.mistral.ai",
        "an http:// or https:// URL, such as https://api.eu.mistral.ai",
        "Where Mistral OCR is: another region, a proxy or a gateway.",
    ),
    variable(
        "MISTRAL_OCR_MODEL",
        "mistral-ocr-latest",
        "the name of a model",
        "The model of Mistral OCR.",
    ),
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
        "After how many seconds without a heartbeat of its node another one goes on with a batch of Mistral's.",
    ),
    variable(
        "ENGINE",
        "mistral with MISTRAL_API_KEY, else local",
        "mistral, local or auto",
        "What converts documents whose request names no `engine`. With auto, page by page: Mistral those that need \
         OCR, this machine the rest.",
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
];
