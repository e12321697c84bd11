#!/usr/bin/env python3
"""Ways in which commands could write over the files of their user: how many are lost.

Usage: overwritten_sources.py ILIOS
"""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

CONTENT = "# Only  copy\n\n\n\n* of it\n"
# Arguments, and the file that is somebody's.
CASES = [
    ("convert a.md -o .", "a.md"),
    ("convert ./a.md -o {folder}", "a.md"),
    ("convert link/a.md -o .", "a.md"),
    ("convert a.txt --format text -o .", "a.txt"),
    ("convert a.html --format html -o .", "a.html"),
    ("convert a.json --format json -o .", "a.json"),
    ("convert sub -r -o sub", "sub/a.md"),
    ("convert sub/a.md -o hard", "sub/a.md"),
    ("convert a.txt -o .", "a.md"),
    ("db backup mine", "mine.part"),
    ("db export full", "full/manifest.json"),
]


def lost(ilios, arguments, kept):
    with tempfile.TemporaryDirectory(prefix="ilios-attack-") as folder:
        root = Path(folder)
        for name in ("a.md", "a.txt", "a.html", "a.json", "sub/a.md", "mine.part", "full/manifest.json"):
            (root / name).parent.mkdir(exist_ok=True)
            (root / name).write_text(CONTENT)
        (root / "link").symlink_to(root)
        (root / "hard").mkdir()
        os.link(root / "sub/a.md", root / "hard/a.md")
        environment = {"PATH": os.environ["PATH"]}
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder, "env": environment}
        subprocess.run([ilios, "migrate"], check=True, timeout=60, **quiet)
        subprocess.run([ilios, *arguments.format(folder=folder).split()], timeout=60, check=False, **quiet)
        file = root / kept
        linked = kept != "sub/a.md" or (root / "hard/a.md").read_text() == CONTENT
        return not file.exists() or file.read_text() != CONTENT or not linked


def main(ilios):
    ilios = os.path.abspath(ilios)
    count = sum(lost(ilios, arguments, kept) for arguments, kept in CASES)
    print(f"files of the user that commands wrote over: {count} of {len(CASES)}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(sys.argv[1])
