#!/usr/bin/env python3
"""What a thousand clients cost that ask for a document of 20 MB and take nothing of it, as Markdown and as JSON.

usage: standing_readers.py PATH_TO_ILIOS [READERS]
"""
import http.client
import json
import resource
import select
import socket
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from ilios_server import HOST, memory, running  # noqa: E402

READERS = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000
TIMEOUT = 20
LINES = 20_000_000 // 80
TEXT = "".join(f"This is line number {number:012} of a text that is as long as a book.......\n\n" for number in range(LINES))
FORM = (
    '--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
    f'{TEXT}\r\n--b\r\nContent-Disposition: form-data; name="format"\r\n\r\njson\r\n--b--\r\n'
)


def main():
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    figures = [measure(format) for format in ("markdown", "json")]
    print(f"{READERS} standing readers of {len(TEXT) / 1e6:.0f} MB, ANSWER_TIMEOUT={TIMEOUT}: " + "; ".join(figures))


def measure(format):
    with running(sys.argv[1], ANSWER_TIMEOUT=str(TIMEOUT)) as server:
        document = convert(server.port)
        time.sleep(3)
        before = memory(server.process.pid)["VmRSS"]
        request = f"GET /api/documents/{document}?format={format} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
        readers, peak = [], before
        for number in range(READERS):
            reader = socket.socket()
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            reader.connect((HOST, server.port))
            reader.sendall(request)
            readers.append(reader)
            # As many as are worked on at once: what they cost while they are answered is not what they cost standing.
            if number % 8 == 7:
                reader.recv(1, socket.MSG_PEEK)
            peak = max(peak, memory(server.process.pid)["VmRSS"])
            if peak - before > 6_000_000:
                return f"{format} stopped at {number + 1} readers with +{(peak - before) / 1024:.0f} MB"
        select.select([readers[-1]], [], [], 60)
        standing = memory(server.process.pid)["VmRSS"]
        began = time.monotonic()
        while time.monotonic() - began < TIMEOUT + 15 and (left := connections(server)) > 0:
            time.sleep(0.5)
        gone = time.monotonic() - began
        time.sleep(3)
        after = memory(server.process.pid)["VmRSS"]
        return (
            f"{format} +{(standing - before) / 1024:.0f} MB (peak +{(peak - before) / 1024:.0f}), {left} left after {gone:.0f} s, "
            f"then +{(after - before) / 1024:.0f} MB"
        )


def connections(server):
    """Connections of the server that are established."""
    port = f":{server.port:04X} "
    with open("/proc/net/tcp", encoding="ascii") as table:
        rows = [line.split() for line in table]
    return sum(1 for row in rows if f"{row[1][-5:]} " == port and row[3] == "01")


def convert(port):
    connection = http.client.HTTPConnection(HOST, port, timeout=300)
    connection.request("POST", "/v1/convert", FORM, {"Content-Type": "multipart/form-data; boundary=b"})
    answer = json.load(connection.getresponse())
    connection.close()
    return answer["id"]


main()
