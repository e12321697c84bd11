use axum::http::StatusCode;

/// The stable name of a fault, with the status it is answered with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code(&'static Entry);

#[derive(Debug, PartialEq, Eq)]
struct Entry {
    name: &'static str,
    status: StatusCode,
    meaning: &'static str,
}

macro_rules! codes {
    ($($constant:ident, $name:literal, $status:ident, $meaning:literal;)*) => {
        impl Code {
            $(#[doc = $meaning]
            pub const $constant: Self =
                Self(&Entry { name: $name, status: StatusCode::$status, meaning: $meaning });)*

            /// Every code, by status.
            pub const ALL: &[Self] = &[$(Self::$constant),*];
        }
    };
}

codes! {
    INVALID_MULTIPART, "invalid_multipart", BAD_REQUEST,
        "The body is no complete multipart/form-data. Send it again whole.";
    INVALID_BODY, "invalid_body", BAD_REQUEST, "The body is no JSON object, or it broke off.";
    ENGINE_NOT_SET_UP, "engine_not_set_up", BAD_REQUEST,
        "The `engine` that is asked for is not set up on this server. Leave it out, or take `auto` or `local`.";
    MISSING_FILE, "missing_file", BAD_REQUEST, "The form has no part `file` (a batch: `files`). Add one.";
    EMPTY_FILE, "empty_file", BAD_REQUEST, "The file has no bytes. Send one that has.";
    INVALID_PARAMETER, "invalid_parameter", BAD_REQUEST,
        "`field` has a value that it does not take; `error` says what it takes.";
    INVALID_URL, "invalid_url", BAD_REQUEST,
        "`url` is no address that could be fetched; `error` says why.";
    INVALID_HOST, "invalid_host", BAD_REQUEST,
        "The request does not say for which host it is, or says so twice, in words that are no host name, or differently \
         in its target: send one `Host` of a name or an IP address with an optional port.";
    INVALID_ID, "invalid_id", BAD_REQUEST, "The id in the path is malformed.";
    DOCUMENT_NOT_READY, "document_not_ready", BAD_REQUEST,
        "The document has no content; `status` says where it stands.";
    BATCH_NOT_READY, "batch_not_ready", BAD_REQUEST,
        "Documents of the batch have not ended; `status` and `progress` say where it stands.";
    NOT_UPLOADED, "not_uploaded", BAD_REQUEST,
        "The file is not at its upload address, or not with the announced size. PUT it there first.";
    UNAUTHORIZED, "unauthorized", UNAUTHORIZED,
        "The API key is missing, wrong, revoked or has expired. Send `Authorization: Bearer <key>`.";
    MISSING_SCOPE, "missing_scope", FORBIDDEN,
        "The API key is accepted, and does not have the scope that the operation needs; `error` names it. Ask for another key.";
    TEST_KEY, "test_key", FORBIDDEN,
        "A test key (`ilios_test_…`) never spends: it takes `engine=local` or `auto`, and no batches of a provider.";
    INVALID_SIGNATURE, "invalid_signature", FORBIDDEN,
        "The address was not made by this server, or was changed. Use it as it was given.";
    URL_INPUT_OFF, "url_input_off", FORBIDDEN,
        "This server fetches no documents (`ALLOW_URL_INPUT`). Send the file itself.";
    URL_NOT_ALLOWED, "url_not_allowed", FORBIDDEN,
        "`url` leads, by itself or by a redirection, to where the server does not go: it fetches from the public \
         internet alone (`URL_ALLOW_HOSTS` names exceptions).";
    ORIGIN_NOT_ALLOWED, "origin_not_allowed", FORBIDDEN,
        "A web page of another origin asked. Without API keys only pages named in `CORS_ORIGINS` may.";
    HOST_NOT_ALLOWED, "host_not_allowed", FORBIDDEN,
        "The request is for a host name of the internet that is not this server's. Without API keys only addresses, names \
         of this network, and those of `PUBLIC_URL` and `CORS_ORIGINS` are answered.";
    EXPIRED_SIGNATURE, "expired_signature", FORBIDDEN, "The address was good for some time only. Ask for a new one.";
    NOT_FOUND, "not_found", NOT_FOUND,
        "There is no such path, or no such document or batch of this API key.";
    METHOD_NOT_ALLOWED, "method_not_allowed", METHOD_NOT_ALLOWED, "The path does not take this method.";
    BODY_TIMEOUT, "body_timeout", REQUEST_TIMEOUT,
        "The body of the request made too little progress (`BODY_TIMEOUT`). Send it again.";
    WRONG_STATUS, "wrong_status", CONFLICT,
        "The document stands where this cannot be done; `status` says where.";
    NO_ORIGINAL, "no_original", CONFLICT,
        "The original was not kept. Send the document again. (404 where the original itself is asked for.)";
    RECONVERSION_UNDER_WAY, "reconversion_under_way", CONFLICT,
        "The document is being converted again already. Wait for its end, which its status tells.";
    NO_PLACES, "no_places", CONFLICT,
        "The document was converted without the places of its words. Convert it again with `places=word` \
         (`POST /api/documents/{id}/reconvert`).";
    TENANT_NAME_TAKEN, "tenant_name_taken", CONFLICT, "Another tenant has this name, or this tenant has one already.";
    KEY_ENDED, "key_ended", CONFLICT, "The key was revoked, replaced or has expired: make a new one.";
    IDEMPOTENCY_KEY_REUSED, "idempotency_key_reused", CONFLICT,
        "Another request was made under this `Idempotency-Key` within a day. Give each request its own.";
    ORIGINAL_LOST, "original_lost", GONE,
        "The original is no longer in the object store. Send the document again.";
    UPLOAD_ENDED, "upload_ended", GONE,
        "The upload address has ended: its upload is complete, was cancelled or given up, or its document is deleted. \
         What is sent to it is not kept. Ask for a new one.";
    TOO_LARGE, "too_large", PAYLOAD_TOO_LARGE,
        "The file is larger than the server takes, or than was announced as `fileSize`.";
    UNSUPPORTED_TYPE, "unsupported_type", UNSUPPORTED_MEDIA_TYPE,
        "The file is of no type that can be converted, judged by its content.";
    RANGE_NOT_SATISFIABLE, "range_not_satisfiable", RANGE_NOT_SATISFIABLE,
        "The file has no byte of the `Range`; `Content-Range` says how many it has.";
    INVALID_DOCUMENT, "invalid_document", UNPROCESSABLE_ENTITY, "The document is broken and cannot be read.";
    PASSWORD_PROTECTED, "password_protected", UNPROCESSABLE_ENTITY,
        "The document needs a password. Remove it and send it again.";
    UNSUPPORTED_ENCRYPTION, "unsupported_encryption", UNPROCESSABLE_ENTITY,
        "The document is encrypted for certificates or by an unknown method. Remove the encryption and send it again.";
    EMPTY_DOCUMENT, "empty_document", UNPROCESSABLE_ENTITY, "The document holds no text.";
    OCR_UNAVAILABLE, "ocr_unavailable", UNPROCESSABLE_ENTITY,
        "The document is pictures of text, and OCR is missing or switched off.";
    TOO_MANY_PAGES, "too_many_pages", UNPROCESSABLE_ENTITY,
        "The document has more pages than the server takes.";
    PAGES_NOT_SUPPORTED, "pages_not_supported", UNPROCESSABLE_ENTITY,
        "`pages` was sent for a document that has no pages, slides, sheets or chapters to select. Send it without.";
    LIMIT_EXCEEDED, "limit_exceeded", UNPROCESSABLE_ENTITY,
        "The document inflates, nests or grows beyond a limit.";
    URL_FETCH_FAILED, "url_fetch_failed", UNPROCESSABLE_ENTITY,
        "The other server did not give the document at `url`, or not in time; `error` says what it did.";
    TIMEOUT, "timeout", UNPROCESSABLE_ENTITY, "The conversion took longer than allowed and was stopped.";
    OUT_OF_MEMORY, "out_of_memory", UNPROCESSABLE_ENTITY,
        "The conversion needed more memory than allowed (`CONVERT_MEMORY`) and was stopped.";
    REFUSED_BY_SERVICE, "refused_by_service", UNPROCESSABLE_ENTITY,
        "Mistral does not take the document, for the reason in `error`. `engine=local` may.";
    COST_LIMIT_EXCEEDED, "cost_limit_exceeded", UNPROCESSABLE_ENTITY,
        "The conversion would cost more than `maxCostCents`. Nothing was spent.";
    CONVERTER_CRASHED, "converter_crashed", UNPROCESSABLE_ENTITY,
        "The converter died of the document. Nothing else was harmed.";
    HEADERS_TOO_LARGE, "headers_too_large", REQUEST_HEADER_FIELDS_TOO_LARGE,
        "The request has more or longer headers than the server takes.";
    INTERNAL, "internal", INTERNAL_SERVER_ERROR, "A fault of the server; the log has its cause. Try again.";
    SERVICE_FAILED, "service_failed", BAD_GATEWAY,
        "Mistral gave no usable answer for the document, several times. Try again, or take `engine=local`.";
    BUSY, "busy", SERVICE_UNAVAILABLE,
        "The server's limit: too many documents are converted and wait, of all API keys together. Try again after \
         `Retry-After` seconds.";
    TENANT_BUSY, "tenant_busy", SERVICE_UNAVAILABLE,
        "The limit of your API key: as many of your documents wait as is your share while others wait, too, or as many \
         of your announced uploads are not complete as may be (`MAX_ANNOUNCED_UPLOADS`), or you keep as many files as you \
         may (`MAX_TENANT_FILES`, `MAX_TENANT_FILE_BYTES`); `error` says which. Try again \
         after `Retry-After` seconds.";
    DATABASE_MISSING, "database_missing", SERVICE_UNAVAILABLE,
        "`/readyz`: the database's file, or the log beside it, is gone. Nothing is accepted until it is back.";
    DATABASE_REPLACED, "database_replaced", SERVICE_UNAVAILABLE,
        "`/readyz`: another file is in the place of the database's. Nothing is accepted until the database is back.";
    DATABASE_DAMAGED, "database_damaged", SERVICE_UNAVAILABLE,
        "`/readyz`: the database's file was overwritten or cut. Nothing is accepted until it is restored.";
    DATABASE_LOCKED, "database_locked", SERVICE_UNAVAILABLE,
        "`/readyz`: another process has the database for itself.";
    DATABASE_UNAVAILABLE, "database_unavailable", SERVICE_UNAVAILABLE,
        "`/readyz`: the database cannot be reached, takes nothing that is written, or gives no answer in time.";
    DISK_FULL, "disk_full", SERVICE_UNAVAILABLE,
        "`/readyz`: less than 1 MB is free on the disk of the database, of temporary files or of the originals, or \
         PostgreSQL's disk is full.";
    SPOOL_UNAVAILABLE, "spool_unavailable", SERVICE_UNAVAILABLE,
        "`/readyz`: the folder of temporary files (`DATA_DIR/tmp`) is missing or cannot be written.";
    OBJECTS_UNAVAILABLE, "objects_unavailable", SERVICE_UNAVAILABLE,
        "`/readyz`: the folder of the originals is missing or cannot be written, or, for a worker, the bucket does not \
         answer.";
    STOPPING, "stopping", SERVICE_UNAVAILABLE, "`/readyz`: this node is about to end. Ask another one.";
    UNAVAILABLE, "unavailable", SERVICE_UNAVAILABLE,
        "Something the server needs does not answer. Try again after `Retry-After`.";
}

impl Code {
    /// The stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name
    }

    /// The status it is answered with.
    #[must_use]
    pub fn status(self) -> StatusCode {
        self.0.status
    }

    /// Meaning of the code and advice to the client.
    pub(in crate::http) fn meaning(self) -> &'static str {
        self.0.meaning
    }

    /// The code of this name, if it is one.
    pub(in crate::http) fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.name() == name)
    }
}
