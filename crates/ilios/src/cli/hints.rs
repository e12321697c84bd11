//! Next steps after errors, where they are known: a line of its own below the error.

use std::error::Error;
use std::io;

use ilios_convert::ConvertError;

use super::print_error;
use super::remote::RemoteError;
use crate::config::ConfigError;
use crate::engine::EngineError;
use crate::objects::ObjectsError;
use crate::spool::SpoolError;
use crate::store::StoreError;
use crate::store::db::DbError;

/// Prints the next step after `error`, if one is known.
pub(super) fn print_hint(error: &anyhow::Error) {
    if let Some(hint) = hint(error) {
        print_error(&format!("hint: {hint}"));
    }
}

/// The next step after `error`: that of the outermost cause for which one is known.
pub(super) fn hint(error: &anyhow::Error) -> Option<&'static str> {
    error.chain().find_map(of_cause)
}

fn of_cause(cause: &(dyn Error + 'static)) -> Option<&'static str> {
    if let Some(error) = cause.downcast_ref::<StoreError>() {
        return of_store(error);
    }
    if let Some(error) = cause.downcast_ref::<DbError>() {
        return of_database(error);
    }
    if let Some(error) = cause.downcast_ref::<EngineError>() {
        return of_engine(error);
    }
    if let Some(error) = cause.downcast_ref::<RemoteError>() {
        return error.hint();
    }
    if let Some(error) = cause.downcast_ref::<ObjectsError>() {
        return of_objects(error);
    }
    if let Some(SpoolError::TooLarge { .. }) = cause.downcast_ref() {
        return Some(LARGER_FILES);
    }
    if cause.is::<ConfigError>() {
        return Some("`ilios reference configuration` lists all variables with what they take");
    }
    cause.downcast_ref::<io::Error>().and_then(of_io)
}

const LARGER_FILES: &str = "MAX_FILE_SIZE allows larger files, such as MAX_FILE_SIZE=4GB";

fn of_store(error: &StoreError) -> Option<&'static str> {
    match error {
        StoreError::Database(error) => of_database(error),
        StoreError::Conflict => Some("run the command again"),
        // They say themselves what to do.
        StoreError::TooLarge | StoreError::OfVersion2 | StoreError::NewerSchema { .. } => None,
    }
}

fn of_database(error: &DbError) -> Option<&'static str> {
    match error {
        DbError::Unavailable(_) => Some(
            "`ilios doctor` tries the database and says what is configured; DATA_DIR or DATABASE_URL name it",
        ),
        DbError::Full(_) => Some("free space on its disk, or move DATA_DIR to a larger one"),
        DbError::Damaged(_) => {
            Some("`ilios db check` says what is damaged; replace the file by a backup of `ilios db backup`")
        }
        DbError::InUse(_) => Some("stop the server that works with it, or name another DATA_DIR"),
        DbError::Schema(_) => Some("`ilios migrate` brings the database up to date"),
        DbError::Statement(_) | DbError::TooLarge(_) | DbError::Conflict => None,
    }
}

fn of_engine(error: &EngineError) -> Option<&'static str> {
    match error {
        EngineError::Timeout(_) => Some(
            "CONVERT_TIMEOUT and CONVERT_CPU_TIME allow more seconds; --pages converts a part; --partial keeps what is done",
        ),
        EngineError::OutOfMemory => {
            Some("CONVERT_MEMORY allows more, such as CONVERT_MEMORY=2GB; --pages converts a part")
        }
        EngineError::Crashed => {
            Some("--ocr force reads the pages as pictures; please report the file if you may pass it on")
        }
        EngineError::Unavailable(_) => Some("`ilios doctor` tries the converter and says what is missing"),
        EngineError::Waiting { .. } | EngineError::ServiceFailed(_) => {
            Some("try again later, or convert without the service: --engine local")
        }
        EngineError::NoTokenizer { .. } => {
            Some("TOKENIZERS_DIR names a folder with others; `ilios doctor` lists them")
        }
        EngineError::NotSetUp => Some("set MISTRAL_API_KEY, or convert without it: --engine local"),
        EngineError::Document(error) => of_document(error),
        EngineError::LimitExceeded(_) | EngineError::Refused(_) => None,
    }
}

fn of_document(error: &ConvertError) -> Option<&'static str> {
    match error {
        ConvertError::InvalidDocument { .. } => {
            Some("open it in the program that made it and save it anew, then convert the new file")
        }
        ConvertError::TooLarge { .. } => Some(LARGER_FILES),
        ConvertError::TooManyPages { .. } => {
            Some("CONVERT_MAX_PAGES allows more pages, such as CONVERT_MAX_PAGES=100000")
        }
        ConvertError::PagesNotSupported { .. } => Some("leave --pages out"),
        ConvertError::LimitExceeded { .. } => {
            Some("the variables CONVERT_… allow more: `ilios reference configuration` lists them")
        }
        ConvertError::OcrUnavailable { .. } => {
            Some("`ilios doctor` says which OCR is there; --ocr off goes without")
        }
        // The rest says itself what to do.
        _ => None,
    }
}

fn of_objects(error: &ObjectsError) -> Option<&'static str> {
    match error {
        ObjectsError::Denied(_) | ObjectsError::Unavailable(_) => {
            Some("`ilios doctor` tries the bucket; the variables S3_… and AWS_… name it and its keys")
        }
        _ => None,
    }
}

fn of_io(error: &io::Error) -> Option<&'static str> {
    match error.kind() {
        io::ErrorKind::AddrInUse => {
            Some("another program has the port: stop it, or listen elsewhere, such as PORT=1338")
        }
        io::ErrorKind::AddrNotAvailable => {
            Some("HOST takes an address of this machine, 0.0.0.0 for all of them")
        }
        io::ErrorKind::PermissionDenied => {
            Some("look at the owner and the mode, or run it as the user who may")
        }
        io::ErrorKind::StorageFull => Some("free space on that disk, or name another folder"),
        io::ErrorKind::ReadOnlyFilesystem => Some("name a folder that can be written to"),
        _ => None,
    }
}
