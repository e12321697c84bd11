//! Requests of which two readers might see two ends.

use Allowed::{Last, Refused, Whole};

/// A request that one of the readers may see in the bytes of another.
const HIDDEN: &str = "GET /hidden HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: hidden\r\n\r\n";
/// The body of an upload.
const FORM: &str = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nsound words\r\n--b--\r\n";
/// Begins the result of that upload.
pub(super) const RESULT: &str = "\r\n\r\nsound words";

/// Allowed outcomes of a request (RFC 9112, sections 6.1 and 6.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Allowed {
    /// It is refused, and nothing after it on the connection is looked at.
    Refused,
    /// It is one request, after whose answer the connection ends.
    Last,
    /// It is one request, whose end nobody doubts: another may follow.
    Whole,
}

#[derive(Debug)]
pub(super) struct Case {
    /// The request and all that seems to belong to it.
    pub(super) bytes: String,
    pub(super) allowed: Allowed,
    /// It is an upload that is converted.
    pub(super) converted: bool,
}

impl Case {
    fn new(allowed: Allowed, line: &str, fields: &str, body: &str) -> Self {
        let bytes = format!("{line}\r\nHost: localhost\r\nX-Request-Id: hostile\r\n{fields}\r\n\r\n{body}");
        Self {
            bytes,
            allowed,
            converted: false,
        }
    }

    fn upload(allowed: Allowed, fields: &str, body: &str) -> Self {
        let fields = format!("Content-Type: multipart/form-data; boundary=b\r\n{fields}");
        Self {
            converted: allowed != Refused,
            ..Self::new(allowed, "POST /v1/convert HTTP/1.1", &fields, body)
        }
    }
}

/// A body in chunks, each with `extension`, and with `trailers` after the last.
fn chunks(extension: &str, trailers: &str) -> String {
    let (first, second) = FORM.split_at(40);
    let chunk = |part: &str| format!("{:x}{extension}\r\n{part}\r\n", part.len());
    format!("{}{}0\r\n{trailers}\r\n", chunk(first), chunk(second))
}

pub(super) fn cases() -> Vec<Case> {
    [
        two_kinds_of_length(),
        lengths(),
        codings(),
        fields_and_lines(),
        sound_chunks(),
        broken_chunks(),
        lines(),
        bodies_with_requests(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A length and chunks. The chunks count, and the connection ends (section 6.1).
fn two_kinds_of_length() -> Vec<Case> {
    let body = format!("{}{HIDDEN}", chunks("", ""));
    let all = body.len();
    let fields = [
        format!("Content-Length: {all}\r\nTransfer-Encoding: chunked"),
        format!("Transfer-Encoding: chunked\r\nContent-Length: {all}"),
        format!("TRANSFER-ENCODING: CHUNKED\r\ncontent-length: {all}"),
        format!("content-length:{all}\r\nX: y\r\ntransfer-encoding:chunked"),
        format!("Content-Length: {all}\nTransfer-Encoding: chunked"),
        format!("Content-Length: {all}\r\nContent-Length: {all}\r\nTransfer-Encoding: chunked"),
        format!("Content-Length: {all}\r\nTransfer-Encoding: chunked\r\nContent-Length: 0"),
        format!("Content-Length: {all}\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive"),
        "Content-Length: 0\r\nTransfer-Encoding: chunked".to_owned(),
        "Content-Length: 4\r\nTransfer-Encoding: chunked".to_owned(),
        "Transfer-Encoding: chunked\r\nContent-Length: no number".to_owned(),
    ];
    let mut cases: Vec<Case> = fields
        .iter()
        .map(|fields| Case::upload(Last, fields, &body))
        .collect();
    let unread = format!("0\r\n\r\n{HIDDEN}");
    for line in [
        "GET /health HTTP/1.1",
        "OPTIONS /v1/convert HTTP/1.1",
        "PUT /nowhere HTTP/1.1",
    ] {
        let fields = "Content-Length: 90\r\nTransfer-Encoding: chunked";
        cases.push(Case::new(Last, line, fields, &unread));
    }
    cases.push(Case::upload(
        Refused,
        "Content-Length: no number\r\nTransfer-Encoding: chunked",
        &body,
    ));
    cases
}

/// Lengths that differ, or are none.
fn lengths() -> Vec<Case> {
    let body = format!("{FORM}{HIDDEN}");
    let (form, all) = (FORM.len(), body.len());
    let refused = [
        format!("Content-Length: {form}\r\nContent-Length: {all}"),
        format!("Content-Length: {all}\r\nX: y\r\nContent-Length: {form}"),
        format!("Content-Length: {form}, {all}"),
        format!("Content-Length: {form}, {form}"),
        format!("Content-Length: +{form}"),
        format!("Content-Length: -{form}"),
        format!("Content-Length: 0x{form:x}"),
        format!("Content-Length: {form} {all}"),
        format!("Content-Length: {form}.0"),
        format!("Content-Length: {form};"),
        format!("Content-Length: {form}\u{b}"),
        format!("Content-Length: \"{form}\""),
        "Content-Length:".to_owned(),
        "Content-Length: no number".to_owned(),
        "Content-Length: \u{ff15}".to_owned(),
        "Content-Length: 18446744073709551616".to_owned(),
        "Content-Length: 18446744073709551615".to_owned(),
    ];
    let whole = [
        format!("Content-Length: {form}"),
        format!("Content-Length: {form}\r\nContent-Length: {form}"),
        format!("Content-Length: \t000{form} \t"),
        format!("Content-Length: {form}\r\nContent-Length-Of-It: {all}"),
    ];
    let refused = refused.iter().map(|fields| Case::upload(Refused, fields, &body));
    refused
        .chain(whole.iter().map(|fields| Case::upload(Whole, fields, FORM)))
        .collect()
}

/// Transfer codings: the last one has to be `chunked`, and HTTP/1.0 has none.
fn codings() -> Vec<Case> {
    let body = chunks("", "");
    let refused = [
        "identity",
        "gzip",
        "chunked, identity",
        "chunked;q=1",
        "\"chunked\"",
        "xchunked",
        "chunked\u{b}",
        "\u{b}chunked",
        "chunked\r\nTransfer-Encoding: identity",
        "",
    ];
    let whole = [
        "chunked",
        "ChunKed",
        "\t chunked \t",
        "identity, chunked",
        "x\r\nTransfer-Encoding: chunked",
    ];
    let field = |coding: &&str| format!("Transfer-Encoding: {coding}");
    let behind = format!("{body}{HIDDEN}");
    let mut cases: Vec<Case> = refused
        .iter()
        .map(|coding| Case::upload(Refused, &field(coding), &behind))
        .collect();
    cases.extend(
        whole
            .iter()
            .map(|coding| Case::upload(Whole, &field(coding), &body)),
    );
    let old = "POST /v1/convert HTTP/1.0";
    cases.push(Case::new(Refused, old, "Transfer-Encoding: chunked", &behind));
    cases
}

/// Names and line ends that one reader takes for a length and another does not (sections 2.2, 5.1 and 5.2).
fn fields_and_lines() -> Vec<Case> {
    let (form, behind) = (FORM.len(), format!("{FORM}{HIDDEN}"));
    let refused = [
        "Transfer-Encoding : chunked".to_owned(),
        "Transfer-Encoding\t: chunked".to_owned(),
        "Transfer-Encoding chunked".to_owned(),
        "Transfer-Encoding\0: chunked".to_owned(),
        "Transfer-Encoding:\r\n chunked".to_owned(),
        "X: y\r\n Transfer-Encoding: chunked".to_owned(),
        "X: y\rTransfer-Encoding: chunked".to_owned(),
        "X: y\0\r\nTransfer-Encoding: chunked".to_owned(),
        "Transfer-Encoding: chunked\r".to_owned(),
        "Transfer-Encoding: chunked\r\n: empty".to_owned(),
        format!("Content-Length : {form}"),
        format!("Content-Length: {form}\r\n 0"),
        format!("Content-Length:\r\n\t{form}"),
        format!("Content-Length: {form}\r"),
        format!("Content-Length: {form}\rX: y"),
    ];
    let refused = refused
        .iter()
        .map(|fields| Case::upload(Refused, fields, &behind));
    let mut cases: Vec<Case> = refused.collect();
    // A line may end with a line feed alone.
    cases.push(Case::upload(
        Whole,
        &format!("X: y\nContent-Length: {form}"),
        FORM,
    ));
    cases.push(Case::upload(
        Whole,
        "X: y\nTransfer-Encoding: chunked",
        &chunks("", ""),
    ));
    cases
}

fn sound_chunks() -> Vec<Case> {
    let bodies = [
        chunks(";a=b", ""),
        chunks(";a=\"b\"", "X-Sum: 1\r\n"),
        chunks(" \t", "Content-Length: 5\r\nTransfer-Encoding: identity\r\n"),
        format!("{:016X}\r\n{FORM}\r\n00000\r\n\r\n", FORM.len()),
    ];
    let whole = |body: &String| Case::upload(Whole, "Transfer-Encoding: chunked", body);
    bodies.iter().map(whole).collect()
}

fn broken_chunks() -> Vec<Case> {
    let size = FORM.len();
    let bodies = [
        format!("0x{size:x}\r\n{FORM}\r\n0\r\n\r\n{HIDDEN}"),
        format!("+{size:x}\r\n{FORM}\r\n0\r\n\r\n{HIDDEN}"),
        format!("-{size:x}\r\n{FORM}\r\n0\r\n\r\n{HIDDEN}"),
        format!(" {size:x}\r\n{FORM}\r\n0\r\n\r\n{HIDDEN}"),
        format!("{size:x} 1\r\n{FORM}\r\n0\r\n\r\n{HIDDEN}"),
        format!("{size:x}\n{FORM}\r\n0\r\n\r\n{HIDDEN}"),
        format!("{size:x}\r\r\n{FORM}\r\n0\r\n\r\n{HIDDEN}"),
        format!("{size:x};a\nb\r\n{FORM}\r\n0\r\n\r\n{HIDDEN}"),
        format!("{size:x}\r\n{FORM}0\r\n\r\n{HIDDEN}"),
        format!("{size:x}\r\n{FORM}\n0\r\n\r\n{HIDDEN}"),
        format!("{size:x}\r\n{FORM}xx\r\n0\r\n\r\n{HIDDEN}"),
        format!("{size:x}\r\n{FORM}\r\n0\n\n{HIDDEN}"),
        format!("\r\n{FORM}\r\n0\r\n\r\n{HIDDEN}"),
        format!("1{size:016x}\r\n{FORM}\r\n0\r\n\r\n{HIDDEN}"),
        format!("g\r\n{FORM}\r\n0\r\n\r\n{HIDDEN}"),
        format!("{size:x}\r\n{FORM}\r\n0\r\nX\r\n\r\n{HIDDEN}"),
    ];
    let refused = |body: &String| Case::upload(Refused, "Transfer-Encoding: chunked", body);
    bodies.iter().map(refused).collect()
}

/// Request lines.
fn lines() -> Vec<Case> {
    let refused = [
        "POST /v1/convert",
        "POST /v1/convert HTTP/1.2",
        "POST /v1/convert HTTP/2.0",
        "POST /v1/convert http/1.1",
        "POST /v1/convert x HTTP/1.1",
        "POST /v1/convert HTTP/1.1\rX: y",
        "POST\u{b}/v1/convert HTTP/1.1",
        "POST /v1/convert HTTP/1.1\r\n X: y",
    ];
    let fields = format!("Content-Length: {}", HIDDEN.len());
    let refused = refused.map(|line| Case::new(Refused, line, &fields, HIDDEN));
    let mut cases = Vec::from(refused);
    cases.push(Case::new(Whole, "\r\n\r\nGET /health HTTP/1.1", &fields, HIDDEN));
    cases.push(Case::new(Last, "GET /health HTTP/1.0", &fields, HIDDEN));
    cases
}

/// Bodies with what looks like a request; most of them are not read.
fn bodies_with_requests() -> Vec<Case> {
    let sized = format!("Content-Length: {}", HIDDEN.len());
    let chunked = format!("{:x}\r\n{HIDDEN}\r\n0\r\n\r\n", HIDDEN.len());
    let mut cases = Vec::new();
    for line in [
        "GET /health HTTP/1.1",
        "HEAD /health HTTP/1.1",
        "OPTIONS /v1/convert HTTP/1.1",
        "PUT /nowhere HTTP/1.1",
        "DELETE /health HTTP/1.1",
    ] {
        cases.push(Case::new(Whole, line, &sized, HIDDEN));
        cases.push(Case::new(Whole, line, "Transfer-Encoding: chunked", &chunked));
    }
    for field in [
        "Connection: keep-alive, Content-Length",
        "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__",
        "Upgrade: websocket\r\nConnection: Upgrade",
        "Expect: 100-continue",
        "X-HTTP-Method-Override: GET",
    ] {
        let fields = format!("{sized}\r\n{field}");
        cases.push(Case::new(Whole, "POST /nowhere HTTP/1.1", &fields, HIDDEN));
    }
    let fields = format!("Content-Length: {}\r\nExpect: 100-continue", FORM.len());
    cases.push(Case::upload(Whole, &fields, FORM));
    let form = FORM.replace("words", &format!("words\r\n\r\n{HIDDEN}"));
    let fields = format!("Content-Length: {}", form.len());
    cases.push(Case::upload(Whole, &fields, &form));
    let (first, second) = form.split_at(form.len() - HIDDEN.len());
    let form = format!(
        "{:x}\r\n{first}\r\n{:X}\r\n{second}\r\n0\r\n\r\n",
        first.len(),
        second.len()
    );
    cases.push(Case::upload(Whole, "Transfer-Encoding: chunked", &form));
    cases.push(Case::new(Whole, "CONNECT localhost:80 HTTP/1.1", &sized, HIDDEN));
    cases
}
