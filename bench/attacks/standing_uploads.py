#!/usr/bin/env python3
"""What two thousand uploads cost that have brought 250 kB each and stand still, and how soon that is given back.

usage: standing_uploads.py PATH_TO_ILIOS [UPLOADS]
"""
import resource
import socket
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from ilios_server import HOST, memory, running  # noqa: E402

UPLOADS = int(sys.argv[2]) if len(sys.argv) > 2 else 2_000
BROUGHT = b"x" * 250_000
PART = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
HEAD = (
    b"POST /v1/convert HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\n"
    b"Content-Length: %d\r\n\r\n" % (len(BROUGHT) + len(PART) + 100)
)


def main():
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with running(sys.argv[1], BODY_TIMEOUT="120") as server:
        look = lambda: memory(server.process.pid)["VmRSS"]
        before = look()
        uploads = []
        for _ in range(UPLOADS):
            upload = socket.create_connection((HOST, server.port), timeout=60)
            upload.sendall(HEAD + PART + BROUGHT)
            uploads.append(upload)
        time.sleep(5)
        standing = look()
        for upload in uploads:
            upload.close()
        after = []
        for _ in range(10):
            time.sleep(1)
            after.append(look())
        print(
            f"{UPLOADS} standing uploads of {len(BROUGHT) // 1000} kB: +{(standing - before) / 1024:.0f} MB "
            f"({(standing - before) / UPLOADS:.0f} kB each), +{(after[4] - before) / 1024:.0f} MB 5 s and "
            f"+{(after[9] - before) / 1024:.0f} MB 10 s after their end"
        )


main()
