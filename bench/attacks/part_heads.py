#!/usr/bin/env python3
"""What forms with endless heads of parts, and endless preambles, cost everybody else: four connections send 64 MB each.

usage: part_heads.py PATH_TO_ILIOS
"""
import http.client
import socket
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from ilios_server import HOST, memory, running  # noqa: E402

CONNECTIONS = 4
BYTES = 64 << 20
LONGEST = 60
HEAD = (
    b"POST /v1/convert HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\n"
    b"Content-Length: %d\r\n\r\n" % BYTES
)
# A head that never ends, and a preamble that is nearly a boundary all the time.
BODIES = (b"--b\r\nX: " + b"x\r\n\r" * 250_000, b"\r\n--" * 250_000)


def main():
    with running(sys.argv[1]) as server:
        before = memory(server.process.pid)["VmRSS"]
        calm = max(latency(server.port) for _ in range(50))
        attackers = [threading.Thread(target=attack, args=(server.port, number), daemon=True) for number in range(CONNECTIONS)]
        for attacker in attackers:
            attacker.start()
        worst, peak, began = 0.0, before, time.monotonic()
        while time.monotonic() - began < LONGEST and any(attacker.is_alive() for attacker in attackers):
            worst = max(worst, latency(server.port))
            peak = max(peak, memory(server.process.pid).get("VmRSS", 0))
            time.sleep(0.01)
        print(
            f"part heads and preambles, {CONNECTIONS} connections of {BYTES >> 20} MB: /health at most {worst * 1000:.0f} ms "
            f"(alone {calm * 1000:.0f} ms), memory +{(peak - before) / 1024:.0f} MB, {time.monotonic() - began:.1f} s"
        )


def attack(port, number):
    body = BODIES[number % len(BODIES)]
    with socket.create_connection((HOST, port), timeout=LONGEST) as connection:
        try:
            connection.sendall(HEAD)
            for _ in range(0, BYTES, len(body)):
                connection.sendall(body)
            connection.recv(1000)
        except OSError:
            pass


def latency(port):
    connection = http.client.HTTPConnection(HOST, port, timeout=LONGEST)
    began = time.perf_counter()
    try:
        connection.request("GET", "/health")
        connection.getresponse().read()
    except OSError:
        pass
    connection.close()
    return time.perf_counter() - began


main()
