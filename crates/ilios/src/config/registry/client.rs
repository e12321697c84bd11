use super::{Variable, variable};

/// Variables of `ilios mcp`: the server whose client it is.
pub(super) const VARIABLES: &[Variable] = &[
    variable(
        "ILIOS_URL",
        "",
        "an http:// or https:// URL of a server, such as https://docs.example.org",
        "The server that `ilios mcp` asks to convert. Unset, it converts documents itself.",
    ),
    variable(
        "ILIOS_API_KEY",
        "",
        "an API key",
        "The API key that `ilios mcp` sends to the server of `ILIOS_URL`.",
    )
    .secret(),
];
