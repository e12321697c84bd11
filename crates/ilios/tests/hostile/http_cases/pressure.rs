use std::time::{Duration, Instant};

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::Outcome;
use crate::http2;
use crate::raw::{form, part, request, send, send_slowly};

/// A server that is kept busy still answers others within this.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(2);

pub(super) async fn slow(case: &str, server: &str) -> Outcome {
    match case {
        "slow headers 1 B/s" => {
            let bytes = request("GET /health", &["X: y"; 50], b"");
            let heard = send_slowly(server, &bytes, 1, Duration::from_secs(1)).await;
            let ended = heard.took < Duration::from_secs(30) && [0, 408].contains(&heard.status());
            ended.then_some(()).ok_or(format!("{heard:?}"))
        }
        "slow body 1 B/s" => {
            let body = part("name=\"file\"; filename=\"a.txt\"", "text").repeat(4);
            let bytes = form("/v1/convert", body.as_bytes());
            let head = bytes.len() - body.len();
            let mut stream = TcpStream::connect(server)
                .await
                .map_err(|error| error.to_string())?;
            stream
                .write_all(&bytes[..head])
                .await
                .map_err(|error| error.to_string())?;
            drop(stream);
            let heard = send_slowly(server, &bytes, head, Duration::from_secs(60)).await;
            let named = heard.status() == 408 && heard.text.contains("body_timeout");
            (named && heard.took < Duration::from_secs(10))
                .then_some(())
                .ok_or(format!("{heard:?}"))
        }
        _ => {
            let mut idle = Vec::new();
            for number in 0..400 {
                let mut stream = TcpStream::connect(server)
                    .await
                    .map_err(|error| error.to_string())?;
                // Some have sent nothing, some a part of what they have to say.
                let sent = [
                    &b""[..],
                    b"G",
                    b"GET /health HTTP/1.1\r\nHost: x\r\n",
                    b"PRI * HT",
                ];
                stream
                    .write_all(sent[number % 4])
                    .await
                    .map_err(|error| error.to_string())?;
                idle.push(stream);
            }
            let started = Instant::now();
            let heard = send(server, &request("GET /health", &[], b"")).await;
            let quick = heard.status() == 200 && started.elapsed() < RESPONSE_TIMEOUT;
            quick.then_some(()).ok_or(format!("{heard:?}"))
        }
    }
}

pub(super) async fn frames(case: &str, server: &str) -> Outcome {
    const MANY: u32 = 20_000;
    let (stood, goodbye) = match case {
        "HTTP/2 rapid reset" => http2::rapid_reset(server, MANY).await,
        "HTTP/2 CONTINUATION flood" => http2::continuation_flood(server, MANY).await,
        _ => http2::empty_data(server, MANY).await,
    };
    let started = Instant::now();
    let heard = send(server, &request("GET /health", &[], b"")).await;
    if heard.status() != 200 || started.elapsed() > RESPONSE_TIMEOUT {
        return Err(format!("others wait: {heard:?}"));
    }
    (stood < MANY || goodbye)
        .then_some(())
        .ok_or(format!("{stood} rounds and no end"))
}
