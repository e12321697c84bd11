#!/usr/bin/env python3
"""HTML of hostile and of large Markdown: seconds, and the peak of the server's resident set.

Usage: render.py PATH_TO_ILIOS

Each case has a server of its own. Requests are bounded to 70 s, and the server to the memory that the machine leaves.
"""
import http.client
import os
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from ilios_server import HOST, memory, running  # noqa: E402

BOUNDARY = "attack"
TIMEOUT = 70
BEGIN = "A document.\n\n"
BOLD = "".join(f'<b id="x{number}">' for number in range(250))
PARAGRAPH = "Some **bold** words, a [link](https://example.org/) and `code` in a line of an honest document.\n\n"
CASES = [
    ("250 open <b> and many <p>", [BEGIN + "<p>" + BOLD + "<p>x" * 31_000]),
    ("2 MB of &", ["&" * 2_000_000]),
    ("<div></x> 200 kB", [BEGIN + "<div></x>" * 22_000]),
    ("<optgroup> 200 kB", [BEGIN + "<div>" + "<optgroup>" * 20_000]),
    ("<rt> 200 kB", [BEGIN + "<div>" + "<rt>" * 50_000]),
    ("six honest 20 MB at once", [PARAGRAPH * (20_000_000 // len(PARAGRAPH))] * 6),
]


def body(text):
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="format"\r\n\r\nhtml\r\n--{BOUNDARY}\r\n'
    head += 'Content-Disposition: form-data; name="file"; filename="a.md"\r\n\r\n'
    return head.encode() + text.encode() + f"\r\n--{BOUNDARY}--\r\n".encode()


def convert(port, text, outcomes):
    connection = http.client.HTTPConnection(HOST, port, timeout=TIMEOUT)
    try:
        headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        connection.request("POST", "/v1/convert", body(text), headers)
        answer = connection.getresponse()
        while answer.read(1 << 20):
            pass
        outcomes.append(str(answer.status))
    except OSError as error:
        outcomes.append(type(error).__name__)
    finally:
        connection.close()


def tree(pid):
    """The process and its children."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(child) for child in task.read_text().split()]
        except OSError:
            pass
    return found


def attack(ilios, texts):
    with running(ilios, CONVERT_WAITING="0") as server:
        pid, outcomes, all_of_it = server.process.pid, [], 0
        started = time.perf_counter()
        threads = [threading.Thread(target=convert, args=(server.port, text, outcomes)) for text in texts]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            all_of_it = max(all_of_it, sum(memory(process).get("VmRSS", 0) for process in tree(pid)))
            time.sleep(0.02)
        seconds = time.perf_counter() - started
        return seconds, memory(pid).get("VmHWM", 0) // 1000, all_of_it // 1000, outcomes


def main():
    ilios = os.path.abspath(sys.argv[1])
    results = []
    for name, texts in CASES:
        seconds, server, everything, outcomes = attack(ilios, texts)
        statuses = "/".join(sorted(set(outcomes)))
        results.append(f"{name}: {seconds:.1f} s, server {server} MB, with children {everything} MB, {statuses}")
    print("render: " + "; ".join(results))


if __name__ == "__main__":
    main()
