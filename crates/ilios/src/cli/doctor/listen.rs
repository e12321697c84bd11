use std::io::{ErrorKind, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use super::Finding::{self, Bad, Good};

/// Time limit for connecting to the program that has the port, and for each read and write.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(2);
/// Bytes of its answer that are looked at.
const MAX_ANSWER: u64 = 16 * 1024;

/// Checks that the server can listen at `address`, or does so already.
pub(super) fn listen(address: SocketAddr) -> Finding {
    match TcpListener::bind(address) {
        Ok(_) => Good(format!("http://{address} is free")),
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            if is_ilios(address) {
                Good(format!("http://{address} is served by Ilios"))
            } else {
                Bad(format!(
                    "http://{address}: another program has the port; stop it, or set PORT"
                ))
            }
        }
        Err(error) => Bad(format!("http://{address}: {error}; look at HOST and PORT")),
    }
}

/// Returns true if an Ilios server answers at `address`.
fn is_ilios(address: SocketAddr) -> bool {
    let ip = match address.ip() {
        ip if !ip.is_unspecified() => ip,
        IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
    };
    let ask = || -> std::io::Result<Vec<u8>> {
        let address = SocketAddr::new(ip, address.port());
        let mut stream = TcpStream::connect_timeout(&address, ANSWER_TIMEOUT)?;
        stream.set_read_timeout(Some(ANSWER_TIMEOUT))?;
        stream.set_write_timeout(Some(ANSWER_TIMEOUT))?;
        write!(
            stream,
            "GET /openapi.json HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
        )?;
        let mut answer = Vec::new();
        // What came before it broke off tells enough.
        let _ = stream.take(MAX_ANSWER).read_to_end(&mut answer);
        Ok(answer)
    };
    ask().is_ok_and(|answer| {
        let answer = String::from_utf8_lossy(&answer);
        answer.starts_with("HTTP/1.1 200") && answer.contains("Ilios")
    })
}
