"""Hosts that let a web page in (DNS rebinding): of a server without keys, how many requests that name no host soundly, or
a host of somebody else's, are answered with its documents. Usage: hosts.py PATH_TO_ILIOS"""
import socket
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import ilios_server  # noqa: E402

LINE = "GET /api/documents HTTP/1.1\r\n"
UNSOUND = [f"evil{c}x.example" for c in "_~!$'()*,;&=+%@ /\\\"<>^`{|}"] + [
    "", "localhost:", "localhost:http", "localhost:99999", "127.1", "0x7f.1", "2130706433", "a..b", "[::1", "b\u00fccher.example",
]
HEADS = [f"{LINE}Host: {host}\r\n" for host in UNSOUND] + [
    LINE,
    f"{LINE}Host: localhost\r\nHost: evil.example\r\n",
    f"{LINE}Host: evil.example\r\nHost: localhost\r\n",
    "GET http://evil.example/api/documents HTTP/1.1\r\nHost: localhost\r\n",
]
FOREIGN = ["evil.example", "evil.example.", "EVIL.example:1337", "127.0.0.1.evil.example", "localhost.evil.example"]
HEADS += [f"{LINE}Host: {host}\r\n{more}" for host in FOREIGN for more in ("", "X-Forwarded-Host: localhost\r\n")]


def status(port, head):
    """The status of the answer; 0 when the connection is closed without one."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(f"{head}Connection: close\r\n\r\n".encode())
        answer = connection.recv(65536)
    return int(answer[9:12]) if answer.startswith(b"HTTP/1.1 ") else 0


def let_in(ilios, **settings):
    with ilios_server.running(ilios, **settings) as server:
        assert status(server.port, f"{LINE}Host: localhost:{server.port}\r\n") == 200
        return sum(status(server.port, head) == 200 for head in HEADS)


def main():
    ilios = sys.argv[1]
    loopback, everywhere = let_in(ilios), let_in(ilios, HOST="0.0.0.0")
    print(f"unsound and foreign hosts: {loopback} of {len(HEADS)} are let in on loopback, {everywhere} with HOST=0.0.0.0")


if __name__ == "__main__":
    main()
