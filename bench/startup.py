#!/usr/bin/env python3
"""Time from the start of the server to its first answered /health, on an empty data folder, and its idle memory.

usage: startup.py --ilios BIN [--runs 5]
"""
import argparse
import os
import statistics
import tempfile
import time

from ilios_server import Server, memory
from machine import describe


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--ilios", required=True)
    options.add_argument("--runs", type=int, default=5)
    options = options.parse_args()
    print(describe())
    rows = [measure(os.path.abspath(options.ilios)) for _ in range(options.runs)]
    for milliseconds, resident, anonymous in rows:
        print(f"  {milliseconds:.1f} ms, idle {resident / 1024:.1f} MB, of these {anonymous / 1024:.1f} MB its own")
    milliseconds, resident, anonymous = map(statistics.median, zip(*rows))
    print(f"median of {len(rows)}: {milliseconds:.1f} ms to the first answered /health, "
          f"idle {resident / 1024:.1f} MB resident, {anonymous / 1024:.1f} MB of it not backed by files")


def measure(ilios):
    """(milliseconds, resident kB, anonymous kB) of one start."""
    with tempfile.TemporaryDirectory(prefix="ilios-bench-") as folder:
        server = Server(ilios, folder)
        try:
            seconds = server.wait()
            time.sleep(1)
            idle = memory(server.process.pid)
        finally:
            server.stop()
    return seconds * 1000, idle["VmRSS"], idle["RssAnon"]


if __name__ == "__main__":
    main()
