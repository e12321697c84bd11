#!/usr/bin/env python3
"""Pages a CPU second over sets of PDFs: Ilios beside MarkItDown and pdftotext -layout, in one run.

usage: pages_per_cpu_second.py CORPUS_DIR --ilios BIN [--sets pdf-synth pdf-real] [--rounds 5] [--ocr off]

CPU time is user and system time of the process and of all its children. Ilios and MarkItDown convert a whole set in
one process; pdftotext knows no such mode and is started for each file. MarkItDown's imports are measured apart and
taken off; the start of the other two is part of their time. Neither yardstick does OCR, so Ilios does none by default.
The engines take turns within each round, each round begins with another one. Needs pdftotext and pdfinfo.
"""
import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from machine import describe

HERE = Path(__file__).parent
MARKITDOWN = """
import resource, sys
from pathlib import Path
from markitdown import MarkItDown
converter, out = MarkItDown(), Path(sys.argv[1])
used = resource.getrusage(resource.RUSAGE_SELF)
print(used.ru_utime + used.ru_stime)
for name in sys.argv[2:]:
    try:
        text = converter.convert(name).markdown
    except Exception as error:
        print(f"{name}: {error}", file=sys.stderr)
    else:
        (out / (Path(name).stem + ".md")).write_text(text, encoding="utf-8", errors="replace")
"""


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("corpus", type=Path)
    options.add_argument("--ilios", required=True, type=Path)
    options.add_argument("--sets", nargs="+", default=["pdf-synth", "pdf-real"])
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--ocr", default="off", choices=["auto", "off", "force"])
    options = options.parse_args()
    subprocess.run([HERE / "venv.sh"], check=True)
    ilios = options.ilios.resolve()
    engines = {
        "ilios": lambda files, out: run([ilios, "convert", *files, "-o", out, "--ocr", options.ocr]),
        "markitdown": markitdown,
        "pdftotext -layout": pdftotext,
    }
    print(describe())
    for name in options.sets:
        compare(name, sorted(Path(options.corpus, name, "files").glob("*.pdf")), engines, options.rounds)


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
    print("| engine | pages/CPU s | range | files with text |")
    print("|---|---:|---:|---:|")
    for engine, times in seconds.items():
        rate = [pages / time for time in times]
        print(f"| {engine} | {statistics.median(rate):.1f} | {min(rate):.1f} to {max(rate):.1f} | {converted[engine]} |")
    ratio = statistics.median(seconds["markitdown"]) / statistics.median(seconds["ilios"])
    print(f"\nilios is {ratio:.1f} times as fast as markitdown here")


def page_count(file):
    output = subprocess.run(["pdfinfo", file], capture_output=True, text=True, errors="replace", check=False).stdout
    return next((int(line.split()[1]) for line in output.splitlines() if line.startswith("Pages:")), 0)


def run(command):
    """CPU seconds of a command and of the children it waited for. That single files fail is no error here."""
    return run_reading(command)[0]


def run_reading(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


def markitdown(files, out):
    seconds, output = run_reading([HERE / ".venv" / "bin" / "python", "-c", MARKITDOWN, out, *files])
    return seconds - float(output.split()[0])


def pdftotext(files, out):
    return sum(run(["pdftotext", "-layout", file, out / f"{file.stem}.txt"]) for file in files)


if __name__ == "__main__":
    main()
