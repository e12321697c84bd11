#!/usr/bin/env python3
"""How long GET /api/documents/status/{id} takes while all workers convert, beside the same on an idle server.

usage: status_latency.py --ilios BIN [--requests 1000] [--pause 0.005]

The queue holds copies of samples/annual-report.pdf for as long as the measurement lasts.
"""
import argparse
import http.client
import json
import statistics
import time
import uuid
from pathlib import Path

from ilios_server import HOST, running
from machine import describe

SAMPLE = Path(__file__).parent.parent / "samples" / "annual-report.pdf"
BATCHES = 20


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--ilios", required=True)
    options.add_argument("--requests", type=int, default=1_000)
    options.add_argument("--pause", type=float, default=0.005, help="seconds between two requests")
    options = options.parse_args()
    print(describe())
    with running(options.ilios) as server:
        first = submit(server.port, 1)
        time.sleep(2)
        show("idle", measure(server.port, first, options))
        for _ in range(BATCHES):
            submit(server.port, 100)
        busy = measure(server.port, first, options)
        left = get(server.port, "/api/documents?status=pending&limit=1")["documents"]
        show("all workers busy", busy)
        if not left:
            raise SystemExit("the queue ran empty before the end: the second figure is not that of a busy server")


def measure(port, document, options):
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    times = []
    for _ in range(options.requests):
        begin = time.perf_counter()
        connection.request("GET", f"/api/documents/status/{document}")
        response = connection.getresponse()
        response.read()
        times.append((time.perf_counter() - begin) * 1000)
        assert response.status == 200
        time.sleep(options.pause)
    return times


def show(name, times):
    cuts = statistics.quantiles(times, n=100)
    print(f"{name}: p50 {cuts[49]:.2f} ms, p99 {cuts[98]:.2f} ms, max {max(times):.2f} ms ({len(times)} requests)")


def submit(port, copies):
    """Queues copies of the sample; the id of one of them."""
    boundary, sample = uuid.uuid4().hex, SAMPLE.read_bytes()
    part = (
        f"--{boundary}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"report.pdf\"\r\n\r\n"
    ).encode()
    body = (part + sample + b"\r\n") * copies + f"--{boundary}--\r\n".encode()
    connection = http.client.HTTPConnection(HOST, port, timeout=120)
    connection.request("POST", "/v1/batch/submit", body, {"Content-Type": f"multipart/form-data; boundary={boundary}"})
    return json.loads(connection.getresponse().read())["documents"][0]["id"]


def get(port, path):
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    connection.request("GET", path)
    return json.loads(connection.getresponse().read())


if __name__ == "__main__":
    main()
