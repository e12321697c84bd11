//! Redirections of a site under TLS, fetched by the program itself.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use reqwest::multipart::Form;
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};

use crate::certificates::certificate;
use crate::fetched::{Site, answered, redirected};
use crate::harness::{problem, text};
use crate::serve::Server;

/// `openssl` as a server of these files, each a whole answer, at a port of its own; ends when it is dropped.
struct TlsSite {
    process: Child,
    port: u16,
    folder: TempDir,
}

impl TlsSite {
    /// Its certificate is for `localhost`.
    async fn open() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        certificate(folder.path(), "localhost", "DNS:localhost");
        let free = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = free.local_addr().expect("an address").port();
        drop(free);
        let process = Command::new("openssl")
            .args([
                "s_server",
                "-HTTP",
                "-quiet",
                "-cert",
                "server.crt",
                "-key",
                "server.key",
            ])
            .args(["-accept", &format!("127.0.0.1:{port}")])
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("openssl runs");
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            assert!(started.elapsed() < Duration::from_secs(10), "it does not listen");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Self {
            process,
            port,
            folder,
        }
    }

    fn put(&self, name: &str, answer: &str) {
        std::fs::write(self.folder.path().join(name), answer).expect("a file");
    }
}

impl Drop for TlsSite {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[tokio::test]
async fn a_redirection_does_not_lead_from_tls_to_where_there_is_none() {
    let tls = TlsSite::open().await;
    let plain = Site::open(|_| answered("200 OK", "", "in the clear")).await;
    let secure = format!("https://localhost:{}", tls.port);
    tls.put("document.txt", &answered("200 OK", "", "under TLS"));
    tls.put(
        "same",
        &redirected("302 Found", &format!("{secure}/document.txt")),
    );
    let target = format!("http://localhost:{}/document.txt", plain.port);
    tls.put("plain", &redirected("302 Found", &target));
    let certificate = tls.folder.path().join("server.crt");
    let server = Server::start(&[
        ("SSL_CERT_FILE", certificate.to_str().expect("a path")),
        ("ALLOW_URL_INPUT", "true"),
        ("URL_ALLOW_HOSTS", "localhost"),
    ]);
    let fetch = async |url: String| {
        let request = ilios::tls::http_client()
            .build()
            .expect("a client")
            .post(format!("http://{}/v1/convert", server.address));
        let sent = request.multipart(Form::new().text("url", url)).send().await;
        sent.expect("an answer")
    };
    for path in ["document.txt", "same"] {
        let fetched = fetch(format!("{secure}/{path}")).await;
        assert_eq!(fetched.text().await.expect("a body"), "under TLS\n", "{path}");
    }
    assert_eq!(
        fetch(target).await.text().await.expect("a body"),
        "in the clear\n"
    );
    let before = plain.visits();
    let refused = problem(fetch(format!("{secure}/plain")).await, 403, "url_not_allowed").await;
    assert!(text(&refused["error"]).contains("without TLS"), "{refused}");
    assert_eq!(plain.visits(), before, "nobody is asked in the clear");
    server.signal("-TERM");
    server.end();
}
