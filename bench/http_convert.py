#!/usr/bin/env python3
"""Requests a second and latency of POST /v1/convert with a text document of 20 kB at 16 connections, by wrk.

usage: http_convert.py --ilios BIN [--runs 5] [--seconds 10] [--connections 16] [--bytes 20000]

Afterwards every answered request must have its row in the database and no answer may be other than 200; else the
figures are worth nothing and the script fails. Needs wrk and sqlite3.
"""
import argparse
import os
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

from ilios_server import HOST, running
from machine import describe

SCRIPT = Path(__file__).with_name("convert.lua")
SENTENCE = "On night {} the dome was open for {} hours and {} frames were kept; the sky was clear after midnight.\n"
TABLES = ("documents", "usage_records")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--ilios", required=True)
    for name, default in {"runs": 5, "seconds": 10, "connections": 16, "bytes": 20_000}.items():
        options.add_argument(f"--{name}", type=int, default=default)
    options = options.parse_args()
    print(describe())
    with running(options.ilios) as server:
        document = server.database.with_name("document.txt")
        document.write_bytes(text(options.bytes))
        load(server, document, options, seconds=2)  # warm-up
        results = [one_run(server, document, options) for _ in range(options.runs)]
    print(f"median of {len(results)} runs of {options.seconds} s, {options.connections} connections, "
          f"{options.bytes} bytes: " + figures({key: statistics.median(run[key] for run in results) for key in results[0]}))
    if any(run["lost"] or run["not_200"] or run["socket_errors"] for run in results):
        sys.exit("FAILED: an answer was not 200, a connection broke, or a result was not saved")


def text(size):
    """Plain text of exactly `size` bytes, in paragraphs of five sentences."""
    out = ""
    number = 0
    while len(out) < size:
        number += 1
        out += SENTENCE.format(number, number % 9 + 1, number * 7 % 83) + ("\n" if number % 5 == 0 else "")
    return out[:size].encode()


def one_run(server, document, options):
    """wrk's result with `lost`: answered requests that have no row, in the table that has fewest."""
    before = rows(server.database)
    result = load(server, document, options, options.seconds)
    time.sleep(1)  # the requests that wrk gave up at its end
    after = rows(server.database)
    saved = min(after[table] - before[table] for table in TABLES)
    result |= {"lost": max(0, result["requests"] - saved), "saved": saved}
    print("  " + figures(result))
    return result


def load(server, document, options, seconds, path="/v1/convert", **environment):
    """wrk's result of `seconds` at `path`; `environment` is that of convert.lua."""
    output = subprocess.run(
        ["wrk", "-t2", f"-c{options.connections}", f"-d{seconds}s", "--timeout", "30s", "-s", SCRIPT,
         f"http://{HOST}:{server.port}{path}"],
        env=os.environ | {"DOCUMENT": str(document)} | environment, capture_output=True, text=True, check=True,
    ).stdout
    line = re.search(r"^RESULT (.*)$", output, re.M)
    if not line:
        sys.exit(f"wrk said nothing of use:\n{output}")
    result = {key: float(value) for key, value in (pair.split("=") for pair in line.group(1).split())}
    return result | {"rate": result["requests"] / result["seconds"]}


def rows(database):
    """Rows of each table, read from beside the running server."""
    query = "".join(f"select count(*) from {table};" for table in TABLES)
    output = subprocess.run(
        ["sqlite3", "-readonly", "-cmd", ".timeout 5000", database, query], capture_output=True, text=True, check=True
    ).stdout
    return dict(zip(TABLES, map(int, output.split())))


def figures(run):
    return (f"{run['rate']:.0f} requests/s, p50 {run['p50_ms']:.2f} ms, p99 {run['p99_ms']:.2f} ms; "
            f"{run['requests']:.0f} answered, {run['saved']:.0f} saved, {run['not_200']:.0f} not 200, "
            f"{run['socket_errors']:.0f} socket errors")


if __name__ == "__main__":
    main()
