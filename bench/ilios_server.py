"""A server of its own for one measurement: free port, empty data folder, gone afterwards."""
import contextlib
import http.client
import os
import socket
import subprocess
import tempfile
import time
from pathlib import Path

HOST = "127.0.0.1"


class Server:
    """A running `ilios serve`.

    Attributes: process, port, database (path of the SQLite file), started (time.perf_counter() before the start).
    """

    def __init__(self, ilios, folder, **more):
        self.port = free_port()
        self.database = Path(folder, "ilios.db")
        self.log = Path(folder, "server.log")
        settings = {"HOST": HOST, "PORT": str(self.port), "LOCAL_DB_PATH": str(self.database), "API_KEY": ""}
        environment = {key: os.environ[key] for key in ("PATH", "HOME", "TMPDIR", "RUST_LOG") if key in os.environ}
        with open(self.log, "wb") as log:
            self.started = time.perf_counter()
            self.process = subprocess.Popen(
                [ilios, "serve"], cwd=folder, env=environment | settings | more, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def healthy(self):
        """Whether GET /health is answered with 200 now."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=5)
        try:
            connection.request("GET", "/health")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def wait(self, seconds=30):
        """Waits for the first healthy answer and returns the seconds since the start."""
        while not self.healthy():
            if self.process.poll() is not None or time.perf_counter() - self.started > seconds:
                raise SystemExit(f"the server did not start:\n{self.log.read_text(errors='replace')}")
            time.sleep(0.0005)
        return time.perf_counter() - self.started

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextlib.contextmanager
def running(ilios, **more):
    """A healthy server with `more` settings; its data are deleted at the end."""
    with tempfile.TemporaryDirectory(prefix="ilios-bench-") as folder:
        server = Server(os.path.abspath(ilios), folder, **more)
        try:
            server.wait()
            yield server
        finally:
            server.stop()


def free_port():
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def memory(pid):
    """Memory of a process in kB by the names of /proc/PID/status (VmRSS, VmHWM, RssAnon); empty once it is gone."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as status:
            lines = [line.split() for line in status if line.startswith(("Vm", "Rss"))]
    except (FileNotFoundError, ProcessLookupError):
        return {}
    return {line[0].rstrip(":"): int(line[1]) for line in lines}
