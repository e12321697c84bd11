#!/usr/bin/env python3
"""Peak memory of the server and of its children while a PDF of 1 GB is uploaded and converted.

usage: upload_memory.py --ilios BIN [--bytes 1000000000] [--interval 0.01]

The document is samples/annual-report.pdf with one more object, a stream of random bytes that no page uses. It is
made while it is sent, so this script holds 1 MB of it at a time.
"""
import argparse
import http.client
import os
import random
import re
import sys
import threading
import time
from pathlib import Path

from ilios_server import HOST, memory, running
from machine import describe

SAMPLE = Path(__file__).parent.parent / "samples" / "annual-report.pdf"
BOUNDARY = "ilios-bench-boundary"
BLOCK = 1 << 20


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--ilios", required=True)
    options.add_argument("--bytes", type=int, default=1_000_000_000)
    options.add_argument("--interval", type=float, default=0.01, help="seconds between two looks at the memory")
    options.add_argument("--save", metavar="FILE", help="write the document to FILE and stop")
    options = options.parse_args()
    if options.save:
        with open(options.save, "wb") as file:
            file.writelines(document(options.bytes))
        return
    print(describe())
    with running(options.ilios) as server:
        send(server.port, 0)
        time.sleep(2)
        measure(server, options)


def measure(server, options):
    pid = server.process.pid
    idle = memory(pid)
    reset_peak(pid)
    sampler = Sampler(pid, options.interval)
    begin = time.perf_counter()
    status, headers, body = send(server.port, options.bytes)
    seconds = time.perf_counter() - begin
    sampler.stop()
    peak, after = memory(pid), memory(pid)["VmRSS"]
    megabytes = lambda kilobytes: f"{kilobytes / 1024:.1f} MB"
    print(f"upload of {options.bytes / 1e6:.0f} MB: status {status} in {seconds:.1f} s, "
          f"{headers.get('X-Extracted-Pages')} pages, {len(body)} bytes of answer")
    print(f"server    idle {megabytes(idle['VmRSS'])}, peak {megabytes(peak['VmHWM'])}, "
          f"delta {megabytes(peak['VmHWM'] - idle['VmRSS'])}, after {megabytes(after)}")
    print(f"children  peak {megabytes(sampler.resident)} resident, of these {megabytes(sampler.anonymous)} not backed "
          f"by files (sum over {sampler.most} at a time, {sampler.looks} looks)")
    if status != 200:
        sys.exit(f"not converted: {body[:500]!r}")


class Sampler:
    """Looks at the memory of a process's descendants until it is stopped; keeps the largest sums, in kB."""

    def __init__(self, pid, interval):
        self.pid, self.interval = pid, interval
        self.resident = self.anonymous = self.most = self.looks = 0
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while not self.ended.wait(self.interval):
            found = [status for pid in descendants(self.pid) if "VmRSS" in (status := memory(pid))]
            self.resident = max(self.resident, sum(status["VmRSS"] for status in found))
            self.anonymous = max(self.anonymous, sum(status["RssAnon"] for status in found))
            self.most = max(self.most, len(found))
            self.looks += 1

    def stop(self):
        self.ended.set()
        self.thread.join()


def descendants(pid):
    """Process ids of the children, their children and so on."""
    children = {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{entry}/stat", encoding="ascii", errors="replace") as stat:
                parent = int(stat.read().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        children.setdefault(parent, []).append(int(entry))
    found, waiting = [], [pid]
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


def reset_peak(pid):
    """Lets VmHWM start anew from the present size."""
    with open(f"/proc/{pid}/clear_refs", "w", encoding="ascii") as file:
        file.write("5")


def document(size):
    """The PDF in blocks: the sample, and for `size` above zero a stream that fills it up to a little over `size`."""
    sample = SAMPLE.read_bytes()
    yield sample
    if size == 0:
        return
    trailer = sample[sample.rindex(b"trailer"):]
    previous = int(re.search(rb"startxref\s+(\d+)", trailer).group(1))
    number = int(re.search(rb"/Size\s+(\d+)", trailer).group(1))
    root = re.search(rb"/Root\s+\d+\s+\d+\s+R", trailer).group(0).decode()
    length = size - len(sample)
    head = f"\n{number} 0 obj\n<< /Length {length} >>\nstream\n".encode()
    end = b"\nendstream\nendobj\n"
    offset = len(sample) + len(head) + length + len(end)
    yield head
    yield from noise(length)
    yield end
    yield (
        f"xref\n{number} 1\n{len(sample) + 1:010d} 00000 n \n"
        f"trailer\n<< /Size {number + 1} {root} /Prev {previous} >>\nstartxref\n{offset}\n%%EOF\n"
    ).encode()


def noise(length):
    block = random.Random(1).randbytes(BLOCK)
    for _ in range(length // BLOCK):
        yield block
    yield block[: length % BLOCK]


def send(port, size, path="/v1/convert"):
    """Uploads the document as a stream to `path`; (status, headers, body) of the answer."""
    before = (
        f"--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"large.pdf\"\r\n"
        "Content-Type: application/pdf\r\n\r\n"
    ).encode()
    after = f"\r\n--{BOUNDARY}--\r\n".encode()
    length = len(before) + sum(map(len, document(size))) + len(after)
    connection = http.client.HTTPConnection(HOST, port, timeout=900)
    connection.putrequest("POST", path)
    connection.putheader("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")
    connection.putheader("Content-Length", str(length))
    connection.endheaders()
    try:
        connection.send(before)
        for block in document(size):
            connection.send(block)
        connection.send(after)
    except (BrokenPipeError, ConnectionResetError):
        print("the server ended the upload early", file=sys.stderr)
    response = connection.getresponse()
    return response.status, response.headers, response.read()


if __name__ == "__main__":
    main()
