use super::{Variable, variable};

/// Variables of the server's edge: its address, its keys and folder, and what it takes from clients.
pub(super) const VARIABLES: &[Variable] = &[
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
        "ADMIN_KEY",
        "",
        "16 or more characters of printable ASCII",
        "The key of administrators: makes, lists and revokes API keys under `/api/admin`, and opens nothing else but the \
         metrics. Set, the server is not open.",
    )
    .secret()
    .never_blank(),
    variable(
        "METRICS_KEY",
        "",
        "16 or more characters of printable ASCII",
        "The key of `/metrics`, and of nothing else. Unset, every key of `API_KEY` opens the metrics, and everybody those \
         of an open server.",
    )
    .secret()
    .never_blank(),
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
         no page on the internet can use the one on your machine. `/mcp` answers no page that is not named here, with \
         a key or without.",
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
        "COMPAT",
        "all with API keys or on a loopback address, otherwise off",
        "all, off, or names of interfaces separated by commas: openwebui, tika, docling, unstructured, mistral, mcp",
        "Interfaces of other products under which their clients use the server without a change, and that of the Model \
         Context Protocol.",
    ),
];
