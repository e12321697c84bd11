//! A real nginx as the proxy of a test.

use std::path::Path;
use std::process::{Child, Command};
use std::time::Duration;

use tempfile::TempDir;
use tokio::net::TcpStream;

/// Paths of the program in packages; a user's path often has no `sbin`.
const PROGRAMS: [&str; 3] = [
    "/usr/sbin/nginx",
    "/usr/local/bin/nginx",
    "/opt/homebrew/bin/nginx",
];

/// A proxy on a port of its own. Ends when it is dropped.
pub(super) struct Nginx {
    pub(super) address: String,
    folder: TempDir,
    child: Child,
}

impl Nginx {
    /// Starts one that passes requests on to `server` as they come, by connections that it uses again, and that lets
    /// pass whatever it can.
    pub(super) async fn start(server: &str) -> Self {
        for _ in 0..5 {
            let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
            let address = free.local_addr().expect("an address").to_string();
            drop(free);
            let folder = TempDir::new().expect("a temporary folder");
            let child = spawn(folder.path(), &address, server);
            let mut nginx = Self {
                address,
                folder,
                child,
            };
            // Somebody else may have taken the port since.
            if nginx.listens().await {
                return nginx;
            }
        }
        panic!("nginx does not start");
    }

    async fn listens(&mut self) -> bool {
        while self.child.try_wait().expect("its state").is_none() {
            if TcpStream::connect(&self.address).await.is_ok() {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        false
    }

    /// Ids of the requests that it has seen, after it has ended.
    pub(super) fn end(mut self) -> Vec<String> {
        let quit = Command::new("kill")
            .args(["-QUIT", &self.child.id().to_string()])
            .status();
        assert!(quit.expect("kill runs").success());
        self.child.wait().expect("it ends");
        let log = std::fs::read_to_string(self.folder.path().join("access.log"));
        log.expect("its log").lines().map(str::to_owned).collect()
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(folder: &Path, address: &str, server: &str) -> Child {
    let configuration = folder.join("nginx.conf");
    std::fs::write(&configuration, text(address, server)).expect("it is written");
    let program = PROGRAMS.iter().find(|program| Path::new(program).exists());
    Command::new(program.unwrap_or(&"nginx"))
        .arg("-p")
        .arg(folder)
        .arg("-c")
        .arg(&configuration)
        .args(["-e", "error.log"])
        .spawn()
        .expect("nginx starts; scripts/install-test-packages.sh installs it")
}

/// A single process, which sees all connections.
fn text(address: &str, server: &str) -> String {
    format!(
        "daemon off;
        master_process off;
        pid nginx.pid;
        events {{ }}
        http {{
            log_format ids '$http_x_request_id';
            access_log access.log ids;
            client_body_temp_path body;
            proxy_temp_path proxy;
            fastcgi_temp_path fastcgi;
            uwsgi_temp_path uwsgi;
            scgi_temp_path scgi;
            client_header_timeout 3s;
            client_body_timeout 3s;
            ignore_invalid_headers off;
            underscores_in_headers on;
            upstream ilios {{
                server {server};
                keepalive 1;
            }}
            server {{
                listen {address};
                location / {{
                    proxy_pass http://ilios;
                    proxy_http_version 1.1;
                    proxy_request_buffering off;
                    proxy_next_upstream off;
                    proxy_set_header Connection '';
                    proxy_set_header Host localhost;
                }}
            }}
        }}
        "
    )
}
