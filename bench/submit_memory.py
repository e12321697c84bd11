#!/usr/bin/env python3
"""Peak memory of the server while a PDF of 1 GB is submitted to the queue, stored on an S3 server and fetched and
converted by a worker.

usage: submit_memory.py --ilios BIN [--s3s-fs s3s-fs] [--bytes 1000000000]

The S3 server is s3s-fs on this machine (scripts/install-test-packages.sh installs it); its memory does not count.
"""
import argparse
import contextlib
import http.client
import json
import subprocess
import tempfile
import time
from pathlib import Path

from ilios_server import HOST, free_port, memory, running
from machine import describe
from upload_memory import reset_peak, send

KEY, SECRET, BUCKET = "bench", "bench-secret", "originals"


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--ilios", required=True)
    options.add_argument("--s3s-fs", default="s3s-fs")
    options.add_argument("--bytes", type=int, default=1_000_000_000)
    options = options.parse_args()
    print(describe())
    with bucket(options.s3s_fs) as settings, running(options.ilios, **settings) as server:
        # The first document brings up what stays in memory: threads, connections, prepared statements.
        ended(server.port, submit(server.port, 0))
        time.sleep(2)
        pid = server.process.pid
        idle = memory(pid)
        reset_peak(pid)
        begin = time.perf_counter()
        document = submit(server.port, options.bytes)
        accepted = time.perf_counter() - begin
        status = ended(server.port, document)
        seconds = time.perf_counter() - begin
        peak = memory(pid)["VmHWM"]
    print(f"{options.bytes / 1e6:.0f} MB accepted after {accepted:.1f} s, {status} after {seconds:.1f} s")
    print(f"server idle {idle['VmRSS'] / 1024:.1f} MB, peak {peak / 1024:.1f} MB, "
          f"delta {(peak - idle['VmRSS']) / 1024:.1f} MB")


@contextlib.contextmanager
def bucket(program):
    """An S3 server with one bucket; the settings that lead to it."""
    with tempfile.TemporaryDirectory(prefix="ilios-bench-") as folder:
        Path(folder, BUCKET).mkdir()
        port = free_port()
        process = subprocess.Popen(
            [program, "--host", HOST, "--port", str(port), "--access-key", KEY, "--secret-key", SECRET, folder],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        try:
            time.sleep(1)
            yield {
                "S3_BUCKET": BUCKET, "AWS_ENDPOINT_URL_S3": f"http://{HOST}:{port}", "AWS_ACCESS_KEY_ID": KEY,
                "AWS_SECRET_ACCESS_KEY": SECRET,
            }
        finally:
            process.terminate()
            process.wait()


def submit(port, size):
    status, _, body = send(port, size, "/api/documents/submit")
    if status != 200:
        raise SystemExit(f"not accepted: {body[:500]!r}")
    return json.loads(body)["id"]


def ended(port, document):
    """The status that a document ends with."""
    while True:
        connection = http.client.HTTPConnection(HOST, port, timeout=120)
        connection.request("GET", f"/api/documents/status/{document}?wait=60")
        answer = json.loads(connection.getresponse().read())
        connection.close()
        if answer["status"] not in ("pending", "processing"):
            return answer["status"]


if __name__ == "__main__":
    main()
