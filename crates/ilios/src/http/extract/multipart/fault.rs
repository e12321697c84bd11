use super::limits::{MAX_EPILOGUE, MAX_HEAD, MAX_HEADERS, MAX_NAME, MAX_PARTS, MAX_PREAMBLE};

/// Reason a form is malformed or exceeds a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(in crate::http) enum Fault {
    #[error("more than {MAX_PREAMBLE} bytes come before the first boundary")]
    Preamble,
    #[error("something else than a line end comes after a boundary")]
    Boundary,
    #[error("the head of a part is longer than {MAX_HEAD} bytes")]
    Head,
    #[error("a part has more than {MAX_HEADERS} headers")]
    Headers,
    #[error("a header of a part is no name, colon and value, or comes twice")]
    Header,
    #[error("the name of a file is longer than {MAX_NAME} bytes")]
    FileName,
    #[error("it has more than {MAX_PARTS} parts")]
    Parts,
    #[error("more than {MAX_EPILOGUE} bytes come after the last boundary")]
    Epilogue,
    #[error("it ends before its last boundary")]
    Incomplete,
}
