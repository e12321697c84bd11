use super::{Variable, variable};

/// Variables of commands that are clients of a server.
pub(super) const VARIABLES: &[Variable] = &[
    variable(
        "ILIOS_URL",
        "",
        "an http:// or https:// URL without a user and a query, such as https://docs.example.org",
        "The server that `ilios status` and `ilios queue` ask; unset, the one on this machine by `HOST` and `PORT`. \
         `ilios mcp` asks it to convert; unset, it converts documents itself.",
    ),
    variable(
        "ILIOS_API_KEY",
        "",
        "an API key of printable ASCII",
        "The API key with which they ask it.",
    )
    .secret(),
];
