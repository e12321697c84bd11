#!/usr/bin/env python3
"""What a converter process costs: one-page PDFs through `ilios convert` and through POST /v1/convert, for several builds
and settings in turns.

usage: child_cost.py VARIANT... [--rounds 5] [--pages 1000] [--seconds 5] [--connections 16] [--documents FOLDER]

A VARIANT is NAME=PROGRAM, with settings behind commas: `before=/old/ilios`, `off=/new/ilios,CONVERT_REUSE=off`. Ratios are
to the first one. The server has an API key, for without one every stranger is the same tenant. Results of the command
line go to /dev/shm where there is one. Needs wrk.
"""
import argparse
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from ilios_server import HOST, running
from machine import describe
from sandbox_cost import one_page, write

SCRIPT = pathlib.Path(__file__).with_name("convert.lua")
KEY = "bench"


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("variants", nargs="+", metavar="VARIANT")
    for name, default in {"rounds": 5, "pages": 1000, "seconds": 5, "connections": 16}.items():
        options.add_argument(f"--{name}", type=int, default=default)
    options.add_argument("--documents", help="a folder of documents for the command line, in place of one-page PDFs")
    options = options.parse_args()
    variants = [variant(text) for text in options.variants]
    print(describe())
    shared = "/dev/shm" if os.path.isdir("/dev/shm") else None
    with tempfile.TemporaryDirectory(prefix="ilios-bench-", dir=shared) as folder:
        folder = pathlib.Path(folder)
        documents = pathlib.Path(options.documents or folder / "pages").resolve()
        if not options.documents:
            for number in range(options.pages):
                write(documents / f"{number}.pdf", one_page(number))
        commands = measure(variants, options.rounds, lambda each: convert(each, folder, documents))
        report("ilios convert, documents/s", commands)
        if options.seconds:
            page = folder / "page.pdf"
            page.write_bytes(one_page(0))
            requests = measure(variants, options.rounds, lambda each: load(each, page, options))
            report(f"POST /v1/convert, {options.connections} connections, requests/s", requests)


def variant(text):
    name, _, rest = text.partition("=")
    program, *settings = rest.split(",")
    return name, os.path.abspath(program), dict(setting.split("=", 1) for setting in settings)


def measure(variants, rounds, once):
    """Rates by the variants' names; who begins changes from round to round."""
    rates = {name: [] for name, *_ in variants}
    for number in range(rounds):
        turn = number % len(variants)
        for each in variants[turn:] + variants[:turn]:
            rates[each[0]].append(once(each))
    return rates


def report(what, rates):
    print(what)
    first = statistics.median(next(iter(rates.values())))
    for name, each in rates.items():
        median = statistics.median(each)
        print(f"  {name:<12} median {median:7.1f} (from {min(each):.1f} to {max(each):.1f}), {median / first:.2f} times the first")


def convert(each, folder, documents):
    """Documents a second; ends the measurement when a file was not converted."""
    name, program, settings = each
    out = folder / "out"
    shutil.rmtree(out, ignore_errors=True)
    command = [program, "convert", str(documents), "--recursive", "--quiet", "-o", str(out)]
    began = time.perf_counter()
    done = subprocess.run(command, env={"PATH": os.environ["PATH"]} | settings, cwd=folder, capture_output=True,
                          text=True, check=False)
    took = time.perf_counter() - began
    count = len([path for path in documents.rglob("*") if path.is_file()])
    made = len([path for path in out.rglob("*") if path.is_file()]) if out.exists() else 0
    if done.returncode or made < count:
        sys.exit(f"{name}: {count - made} files were not converted: {done.stderr[-2000:]}")
    return count / took


def load(each, page, options):
    """Requests a second of wrk; ends the measurement when one was not answered with 200."""
    name, program, settings = each
    with running(program, **settings | {"API_KEY": KEY}) as server:
        command = ["wrk", "-t2", f"-c{options.connections}", f"-d{options.seconds}s", "--timeout", "30s", "-s", SCRIPT,
                   f"http://{HOST}:{server.port}/v1/convert"]
        environment = os.environ | {"DOCUMENT": str(page), "KEY": KEY}
        output = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    line = re.search(r"^RESULT (.*)$", output, re.M)
    if not line:
        sys.exit(f"wrk said nothing of use:\n{output}")
    result = {key: float(value) for key, value in (pair.split("=") for pair in line.group(1).split())}
    if result["not_200"] or result["socket_errors"]:
        sys.exit(f"{name}: {line.group(1)}")
    return result["requests"] / result["seconds"]


if __name__ == "__main__":
    main()
