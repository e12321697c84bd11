//! Files of the web console at `/`, which use the public API alone. They are kept in the program as they are written:
//!
//! ```text
//! web/index.html ──► /                        the frame, with an example for those without scripts
//! web/docs.html  ──► /docs/                   the description of the API, drawn by Swagger UI
//! web/js, web/css ─► /console/VERSION/NAME    modules, loaded by each other; styles, the console's as one file
//! samples/*.pdf  ──► /console/NAME            a document to begin with
//! ```

mod assets;

pub use assets::{ASSETS, Asset};

/// The page at `/`.
pub const PAGE: &str = include_str!("web/index.html");

/// The page at `/docs/`.
pub const DOCS_PAGE: &str = include_str!("web/docs.html");

/// Content security policy of the page: scripts and styles of this server, pictures that scripts have fetched with the
/// key, and no text that becomes markup.
pub const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; \
                          connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; \
                          require-trusted-types-for 'script'; trusted-types 'none'";
