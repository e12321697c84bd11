//! Maps internal errors to problem responses.

use ilios_convert::ConvertError;

use super::codes::Code;
use super::problem::Problem;
use crate::app::{AppError, Busy, KeyError, Limit, SpoolError};
use crate::engine::EngineError;
use crate::model::Failure;
use crate::objects::{self, ObjectsError, SignatureError};
use crate::outbound::FetchError;
use crate::store::{Disposition, KeyRefusal, StoreError};

/// Seconds after which a service that has failed may be asked again.
const SERVICE_RETRY_SECONDS: u64 = 10;

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        let words = error.to_string();
        match error {
            AppError::NotFound => Self::not_found(),
            AppError::NotReady(status) => Self::new(Code::DOCUMENT_NOT_READY, words).status(status),
            AppError::WrongStatus { status, .. } => Self::new(Code::WRONG_STATUS, words).status(status),
            AppError::Refused(failure) => refused(&failure),
            AppError::NotUploaded(_) => Self::new(Code::NOT_UPLOADED, words),
            AppError::UploadEnded => Self::new(Code::UPLOAD_ENDED, words),
            AppError::LongerThanAnnounced { .. } => Self::new(Code::TOO_LARGE, words).at("file"),
            AppError::NoOriginal => Self::new(Code::NO_ORIGINAL, words),
            AppError::NoPlaces => Self::new(Code::NO_PLACES, words).at("places"),
            AppError::NoSuchPage { .. } | AppError::NoSuchBlock(_) => Self::new(Code::NOT_FOUND, words),
            AppError::NoRegion => Self::new(Code::NO_PLACES, words).at("block"),
            AppError::OriginalLost => Self::new(Code::ORIGINAL_LOST, words),
            AppError::ReconversionUnderWay => Self::new(Code::RECONVERSION_UNDER_WAY, words),
            AppError::IdempotencyKeyReused => {
                Self::new(Code::IDEMPOTENCY_KEY_REUSED, words).at("idempotency-key")
            }
            AppError::CostLimitExceeded { .. } => {
                Self::new(Code::COST_LIMIT_EXCEEDED, words).at("maxCostCents")
            }
            AppError::TestKey => Self::new(Code::TEST_KEY, words).at("engine"),
            AppError::Interrupted => Self::unavailable(words),
            AppError::Spool(error) => error.into(),
            AppError::Objects(error) => error.into(),
            AppError::Busy(busy) => busy.into(),
            AppError::Fetch(error) => error.into(),
            AppError::Engine(error) => error.into(),
            AppError::Rendering(error) => Self::from(error).at("format"),
            AppError::Store(error) => error.into(),
        }
    }
}

impl From<KeyError> for Problem {
    fn from(error: KeyError) -> Self {
        let words = error.to_string();
        match error {
            KeyError::Name(field) => Self::new(Code::INVALID_PARAMETER, words).at(field),
            KeyError::Fingerprint => Self::invalid("fingerprint", words),
            KeyError::Store(error) => error.into(),
            KeyError::Refused(KeyRefusal::NoTenant | KeyRefusal::NoKey) => Self::new(Code::NOT_FOUND, words),
            KeyError::Refused(KeyRefusal::NameTaken | KeyRefusal::Exists) => {
                Self::new(Code::TENANT_NAME_TAKEN, words).at("name")
            }
            KeyError::Refused(KeyRefusal::Ended) => Self::new(Code::KEY_ENDED, words),
        }
    }
}

fn refused(failure: &Failure) -> Problem {
    match Code::named(&failure.code) {
        Some(code) => Problem::new(code, failure.message.clone()).at("file"),
        None => Problem::internal(format_args!("{}: {}", failure.code, failure.message)),
    }
}

impl From<Busy> for Problem {
    fn from(busy: Busy) -> Self {
        let code = match busy.limit {
            Limit::Server => Code::BUSY,
            Limit::Share | Limit::Uploads | Limit::Files => Code::TENANT_BUSY,
        };
        Self::new(code, busy.to_string()).retry_after(busy.retry_after_seconds)
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match (&error, error.disposition()) {
            (StoreError::TooLarge, _) => Self::new(Code::LIMIT_EXCEEDED, error.to_string()),
            (_, Disposition::Retry) => Self::unavailable(error),
            (_, Disposition::GiveUp) => Self::internal(error),
        }
    }
}

impl From<ObjectsError> for Problem {
    fn from(error: ObjectsError) -> Self {
        match error.disposition() {
            objects::Disposition::Retry => Self::unavailable(error),
            objects::Disposition::GiveUp => Self::internal(error),
        }
    }
}

impl From<SignatureError> for Problem {
    fn from(error: SignatureError) -> Self {
        let code = match error {
            SignatureError::Forged => Code::INVALID_SIGNATURE,
            SignatureError::Expired => Code::EXPIRED_SIGNATURE,
        };
        Self::new(code, error.to_string())
    }
}

impl From<SpoolError> for Problem {
    fn from(error: SpoolError) -> Self {
        match error {
            SpoolError::TooLarge { .. } => Self::new(Code::TOO_LARGE, error.to_string()).at("file"),
            SpoolError::Io(_) => Self::unavailable(error),
        }
    }
}

impl From<FetchError> for Problem {
    fn from(error: FetchError) -> Self {
        let problem = match error {
            FetchError::Spool(error) => error.into(),
            error => refused(&Failure::new(error.code(), error.to_string())),
        };
        problem.at("url")
    }
}

impl From<EngineError> for Problem {
    fn from(error: EngineError) -> Self {
        let code = match &error {
            EngineError::Document(error) => code_of(error),
            EngineError::Timeout(_) => Code::TIMEOUT,
            EngineError::OutOfMemory => Code::OUT_OF_MEMORY,
            EngineError::LimitExceeded(_) => Code::LIMIT_EXCEEDED,
            EngineError::Crashed => Code::CONVERTER_CRASHED,
            EngineError::Refused(_) => Code::REFUSED_BY_SERVICE,
            EngineError::ServiceFailed(_) => {
                return Self::new(Code::SERVICE_FAILED, error.to_string()).retry_after(SERVICE_RETRY_SECONDS);
            }
            EngineError::NotSetUp => {
                return Self::new(Code::ENGINE_NOT_SET_UP, error.to_string()).at("engine");
            }
            EngineError::NoTokenizer { known } => {
                return Self::invalid("tokenizer", format!("takes {known}"));
            }
            EngineError::Waiting { after, .. } => {
                let seconds = after.as_secs().max(1);
                return Self::unavailable(error).retry_after(seconds);
            }
            EngineError::Unavailable(_) => return Self::unavailable(error),
        };
        let field = match &error {
            EngineError::Document(ConvertError::PagesNotSupported { .. }) => "pages",
            _ => "file",
        };
        Self::new(code, error.to_string()).at(field)
    }
}

fn code_of(error: &ConvertError) -> Code {
    match error {
        ConvertError::UnsupportedType => Code::UNSUPPORTED_TYPE,
        ConvertError::InvalidDocument { .. } => Code::INVALID_DOCUMENT,
        ConvertError::PasswordProtected => Code::PASSWORD_PROTECTED,
        ConvertError::UnsupportedEncryption => Code::UNSUPPORTED_ENCRYPTION,
        ConvertError::EmptyDocument { .. } => Code::EMPTY_DOCUMENT,
        ConvertError::OcrUnavailable { .. } => Code::OCR_UNAVAILABLE,
        ConvertError::TooLarge { .. } => Code::TOO_LARGE,
        ConvertError::TooManyPages { .. } => Code::TOO_MANY_PAGES,
        ConvertError::PagesNotSupported { .. } => Code::PAGES_NOT_SUPPORTED,
        ConvertError::LimitExceeded { .. } => Code::LIMIT_EXCEEDED,
    }
}
