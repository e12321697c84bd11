#!/usr/bin/env python3
"""What other clients wait while thousands of connections dawdle: requests a byte at a time, or none at all.

usage: slow_connections.py --ilios BIN [--connections 10000] [--requests 2000]
"""
import argparse
import contextlib
import http.client
import multiprocessing
import resource
import socket
import statistics
import time

from ilios_server import HOST, memory, running
from machine import describe

FORM = (
    b"POST /v1/convert HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\n"
    b"Content-Length: 100000\r\n\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\n"
)
# What a connection has sent before it dawdles: nothing, a part of a head, a head and a part of a body.
BEGINNINGS = (b"", b"G", b"GET /health HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", FORM)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--ilios", required=True)
    options.add_argument("--connections", type=int, default=10_000)
    options.add_argument("--requests", type=int, default=2_000)
    options = options.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    print(describe())
    with running(options.ilios) as server:
        alone = measure(server.port, options.requests)
        show("alone", alone)
        before = memory(server.process.pid)["VmRSS"]
        with dawdling(server.port, options.connections) as closed:
            crowded = measure(server.port, options.requests)
            grown = memory(server.process.pid)["VmRSS"] - before
        show(f"beside {options.connections} slow connections", crowded)
        print(f"p99 {p99(crowded) / p99(alone):.2f} times; server +{grown / 1024:.1f} MB; {closed.value} were cut off")


def crowd(port, count, begun, ending, closed):
    """Connections that send a byte each in turn, and come again when they are cut off. A process of its own, so that
    it does not hold up what is measured."""
    connections = [begin(port, number) for number in range(count)]
    begun.set()
    while not ending.wait(0.1):
        for number, connection in enumerate(connections):
            if number % 200 == 0 and ending.wait(0.05):
                return
            try:
                if number % len(BEGINNINGS) > 1:
                    connection.send(b"x")
                elif connection.recv(1) == b"":
                    raise ConnectionResetError
            except BlockingIOError:
                pass
            except OSError:
                closed.value += 1
                connection.close()
                connections[number] = begin(port, number)


def begin(port, number):
    connection = socket.create_connection((HOST, port))
    connection.sendall(BEGINNINGS[number % len(BEGINNINGS)])
    connection.setblocking(False)
    return connection


@contextlib.contextmanager
def dawdling(port, count):
    begun, ending, closed = multiprocessing.Event(), multiprocessing.Event(), multiprocessing.Value("i", 0)
    process = multiprocessing.Process(target=crowd, args=(port, count, begun, ending, closed))
    process.start()
    try:
        begun.wait()
        yield closed
    finally:
        ending.set()
        process.join()


def measure(port, requests):
    """Milliseconds of each of so many requests, every tenth on a connection of its own."""
    times, connection = [], http.client.HTTPConnection(HOST, port, timeout=60)
    for number in range(requests):
        if number % 10 == 0:
            connection.close()
        begin = time.perf_counter()
        connection.request("GET", "/health")
        response = connection.getresponse()
        response.read()
        times.append((time.perf_counter() - begin) * 1000)
        assert response.status == 200
        time.sleep(0.002)
    return times


def p99(times):
    return statistics.quantiles(times, n=100)[98]


def show(name, times):
    print(f"{name}: p50 {statistics.median(times):.2f} ms, p99 {p99(times):.2f} ms, max {max(times):.2f} ms")


if __name__ == "__main__":
    main()
