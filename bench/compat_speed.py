#!/usr/bin/env python3
"""Requests a second of interfaces of other products, beside those of POST /v1/convert, in turns on one server.

usage: compat_speed.py --ilios BIN --document FILE.pdf [--runs 5] [--seconds 4] [--connections 16]

Each turn asks /v1/convert, /v1/convert/file (docling) and /v1/ocr (Mistral) one after the other; the figures are
medians and their ratios to /v1/convert. No answer may be other than 200. All requests come with one key, so that
a converter is kept for its next document. Needs wrk.
"""
import argparse
import statistics
import sys
from pathlib import Path

from http_convert import load
from ilios_server import running
from machine import describe

KEY = "key-of-this-measurement"
PATHS = {"native": "/v1/convert", "docling": "/v1/convert/file", "mistral": "/v1/ocr"}


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--ilios", required=True)
    options.add_argument("--document", type=Path, required=True)
    for name, default in {"runs": 5, "seconds": 4, "connections": 16}.items():
        options.add_argument(f"--{name}", type=int, default=default)
    options = options.parse_args()
    print(describe())
    rates = {surface: [] for surface in PATHS}
    with running(options.ilios, API_KEY=KEY) as server:
        for surface in PATHS:
            rate(server, surface, options, seconds=1)  # warm-up
        for _ in range(options.runs):
            for surface, found in rates.items():
                found.append(rate(server, surface, options, options.seconds))
    medians = {surface: statistics.median(found) for surface, found in rates.items()}
    for surface, median in medians.items():
        found = rates[surface]
        print(f"{PATHS[surface]:18} {median:6.0f} requests/s ({min(found):.0f}-{max(found):.0f}), "
              f"{median / medians['native']:.2f} of /v1/convert")


def rate(server, surface, options, seconds):
    result = load(server, options.document, options, seconds, PATHS[surface], SURFACE=surface, KEY=KEY)
    if result["not_200"] or result["socket_errors"]:
        sys.exit(f"FAILED: {result['not_200']:.0f} answers of {PATHS[surface]} were not 200")
    return result["rate"]


if __name__ == "__main__":
    main()
