#!/usr/bin/env python3
"""Converts every set of a corpus with the command line and scores the Markdown with score.py.

usage: score_corpus.py CORPUS_DIR --ilios BIN [--sets NAME...] [--keep DIR] [--jobs 2] [--worst N] [-- OPTION...]

CORPUS_DIR  one folder a set: SET/files/NAME.EXT and SET/ground-truth/NAME.md
--keep      write the predictions to DIR (SET/NAME.md), which stays
OPTION      goes to `ilios convert`, such as: -- --ocr off
"""
import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from machine import describe

HERE = Path(__file__).parent


def main():
    options, extra = arguments()
    subprocess.run([HERE / "venv.sh"], check=True)
    print(describe(), flush=True)
    sets = options.sets or sorted(path.parent.name for path in options.corpus.glob("*/ground-truth"))
    with tempfile.TemporaryDirectory(prefix="ilios-bench-") as temporary:
        predictions = options.keep or Path(temporary)
        for name in sets:
            convert(options.ilios.resolve(), options.corpus / name, predictions / name, extra)
            subprocess.run(
                [HERE / ".venv/bin/python", HERE / "score.py", "--jobs", str(options.jobs), "--worst", str(options.worst),
                 options.corpus / name, predictions / name],
                check=True,
            )


def arguments():
    own, extra = sys.argv[1:], []
    if "--" in own:
        cut = own.index("--")
        own, extra = own[:cut], own[cut + 1:]
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("corpus", type=Path)
    options.add_argument("--ilios", required=True, type=Path)
    options.add_argument("--sets", nargs="+")
    options.add_argument("--keep", type=Path)
    options.add_argument("--jobs", type=int, default=os.cpu_count())
    options.add_argument("--worst", type=int, default=0)
    return options.parse_args(own), extra


def convert(ilios, corpus_set, target, extra):
    """One process converts the whole set into `target`; the files that fail are scored as missing."""
    files = sorted(path for path in (corpus_set / "files").iterdir() if path.is_file())
    target.mkdir(parents=True, exist_ok=True)
    for old in target.glob("*.md"):
        old.unlink()
    begin = time.perf_counter()
    done = subprocess.run(
        [ilios, "convert", *files, "-o", target, *extra], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    written = len(list(target.glob("*.md")))
    print(f"\n{corpus_set.name}: {written} of {len(files)} files converted in {time.perf_counter() - begin:.1f} s", flush=True)
    if done.returncode:
        print(f"ilios ended with {done.returncode}; its last lines:\n{done.stderr[-2000:]}", flush=True)


if __name__ == "__main__":
    main()
