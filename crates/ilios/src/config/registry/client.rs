use super::{Variable, variable};

/// Variables of commands that are clients of a server.
pub(super) const VARIABLES: &[Variable] = &[
    variable(
        "ILIOS_URL",
        "the server on this machine, by HOST and PORT",
        "an http:// or https:// URL without a user and a query",
        "The server that `ilios status` and `ilios queue` ask.",
    ),
    variable(
        "ILIOS_API_KEY",
        "",
        "an API key of printable ASCII",
        "The API key with which they ask it.",
    )
    .secret(),
];
