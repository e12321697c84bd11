#!/usr/bin/env python3
"""Pages a CPU second over sets of PDFs: builds of Ilios beside other programs, in one run.

usage: pages_per_cpu_second.py CORPUS_DIR --ilios [NAME=]BIN ... [--peers markitdown pdftotext] [--sets pdf-synth pdf-real]
                               [--rounds 5] [--ocr off]

  --ilios   program of Ilios, once or several times: `ilios` converts a set in one call, with a process for each
            document; `one_process` (an example of the crate ilios-convert) reads it without those. The first one is
            what the others are compared with.
  --peers   any of markitdown, pdftotext, liteparse, pymupdf4llm; the libraries for Python are installed into folders
            of their own. None by `--peers` alone.

CPU time is user and system time of a program and of all its children. All of them convert a whole set in one call but
pdftotext, which knows no such mode and is started for each file. Imports of Python are measured apart and taken off;
the start of the others is part of their time. No peer does OCR here, so Ilios does none by default. The programs take
turns within each round, each round begins with another one. Needs pdfinfo.
"""
import argparse
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from machine import describe
from peers import PEERS, Python, run


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("corpus", type=Path)
    options.add_argument("--ilios", required=True, action="append", metavar="[NAME=]BIN")
    options.add_argument("--peers", nargs="*", default=["markitdown", "pdftotext"], choices=list(PEERS))
    options.add_argument("--sets", nargs="+", default=["pdf-synth", "pdf-real"])
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--ocr", default="off", choices=["auto", "off", "force"])
    options = options.parse_args()
    engines = dict(ilios(program, options.ocr) for program in options.ilios)
    for name in options.peers:
        engines[name] = PEERS[name]
        if isinstance(PEERS[name], Python):
            PEERS[name].install()
    print(describe())
    for name in options.sets:
        compare(name, sorted(Path(options.corpus, name, "files").glob("*.pdf")), engines, options.rounds)


def ilios(program, ocr):
    """Name and engine of a program of Ilios, given as `name=program` or `program`."""
    name, _, path = program.rpartition("=")
    path = Path(path).resolve(strict=True)

    def convert(files, out):
        return run([path, "convert", *files, "-o", out, "--ocr", ocr])[0]

    def read(files, out):
        seconds, output = run([path, files[0].parent, "1"])
        # It writes no files; each that it has converted counts as one.
        for number in range(int(re.match(rb"\d+", output)[0])):
            (out / str(number)).write_text("read\n", encoding="utf-8")
        return seconds

    return name or path.name, read if path.name.startswith("one_process") else convert


def compare(name, files, engines, rounds):
    """Prints the table of one set."""
    pages = sum(map(page_count, files))
    if not pages:
        sys.exit(f"no PDFs in the set {name}")
    seconds, converted = {engine: [] for engine in engines}, {}
    order = list(engines)
    for _ in range(rounds):
        for engine in order:
            with tempfile.TemporaryDirectory(prefix="ilios-bench-") as out:
                seconds[engine].append(engines[engine](files, Path(out)))
                converted[engine] = sum(path.stat().st_size > 1 for path in Path(out).iterdir())
        order.append(order.pop(0))
    print(f"\n{name}: {len(files)} files, {pages} pages, median of {rounds} rounds (slowest to fastest)\n")
    print(f"| engine | pages/CPU s | range | {next(iter(engines))} is … times as fast | files with text |")
    print("|---|---:|---:|---:|---:|")
    first = seconds[next(iter(engines))]
    for engine, times in seconds.items():
        rate = [pages / time for time in times]
        # Of one round each, so that what the machine did at that time counts for both.
        ratio = statistics.median(own / of_first for own, of_first in zip(times, first))
        print(f"| {engine} | {statistics.median(rate):.1f} | {min(rate):.1f} to {max(rate):.1f} | {ratio:.2f} | {converted[engine]} |")


def page_count(file):
    output = subprocess.run(["pdfinfo", file], capture_output=True, text=True, errors="replace", check=False).stdout
    return next((int(line.split()[1]) for line in output.splitlines() if line.startswith("Pages:")), 0)


if __name__ == "__main__":
    main()
