#!/usr/bin/env python3
"""Notices of the crates that are part of the program, which `ilios licences` prints.

    scripts/licences.py > crates/ilios/src/cli/licences/notices.txt     # after a change of Cargo.lock
    scripts/licences.py --check crates/ilios/src/cli/licences/notices.txt

The crates are those of the shipped program on any platform that it is built for; tools of the build are not in it. Each
licence text stands once, behind all crates that have it. `--check` compares the crates with those of the file.
"""
import json
import re
import subprocess
import sys
from pathlib import Path

NAMES = re.compile(r"(?i)^(licen[cs]e|copying|notice|unlicense|copyright)")
TARGETS = ["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu", "x86_64-apple-darwin", "aarch64-apple-darwin"]
RULE = "=" * 100


def cargo(*arguments):
    return subprocess.run(["cargo", *arguments, "--locked"], check=True, capture_output=True, text=True).stdout


def crates():
    """Crates of the program as `name version`."""
    found = set()
    for target in TARGETS:
        tree = cargo("tree", "--package", "ilios", "--edges", "normal", "--target", target, "--prefix", "none", "--format", "{p}")
        for line in tree.splitlines():
            name, version, *rest = line.split()
            if not any(part.startswith("(/") for part in rest):
                found.add(f"{name} {version.removeprefix('v')}")
    return sorted(found)


def texts(package):
    """Licence files of a crate; those of MIT alone where it may be chosen."""
    folder = Path(package["manifest_path"]).parent
    files = sorted(file for file in folder.iterdir() if file.is_file() and NAMES.match(file.name))
    found = [file.read_text(errors="replace").strip() for file in files]
    found = ["\n".join(line.strip() for line in text.splitlines()) for text in found if text]
    if "MIT" in re.split(r" OR |/", package["license"] or ""):
        found = [text for text in found if "Permission is hereby granted, free of charge" in text] or found
    return found


def parted(text):
    """The lines of a licence that say who has the rights, and the rest, which many crates share."""
    whose = [line for line in text.splitlines() if re.match(r"(?i)(copyright|©|\(c\)) ?(\(c\)|©|\d|the |by )", line)]
    rest = [line for line in text.splitlines() if line not in whose]
    return "; ".join(whose), re.sub(r"\n{3,}", "\n\n", "\n".join(rest)).strip()


def written():
    known = {f"{p['name']} {p['version']}": p for p in json.loads(cargo("metadata", "--format-version", "1"))["packages"]}
    of_text = {}
    out = ["Ilios contains the following crates. Their licences and notices are below.", ""]
    for crate in crates():
        package = known[crate]
        out.append(f"{crate}  {package['license'] or 'see its text'}  {package['repository'] or ''}".rstrip())
        for text in texts(package) or [f"Under the licence {package['license']}."]:
            whose, rest = parted(text)
            whose = whose or ", ".join(author.split(" <")[0] for author in package["authors"])
            key = re.sub(r"\W+", " ", rest).lower()
            of_text.setdefault(key, (rest, []))[1].append(f"{package['name']}: {whose}" if whose else package["name"])
    for text, names in of_text.values():
        out += ["", RULE, *dict.fromkeys(names), RULE, "", text]
    return "\n".join(out) + "\n"


def main():
    if sys.argv[1:2] != ["--check"]:
        sys.stdout.write(written())
        return 0
    head = Path(sys.argv[2]).read_text().split(RULE)[0]
    listed = [" ".join(line.split()[:2]) for line in head.splitlines()[2:] if line.strip()]
    missing, gone = sorted(set(crates()) - set(listed)), sorted(set(listed) - set(crates()))
    for crate in missing:
        print(f"not in the notices: {crate}")
    for crate in gone:
        print(f"in the notices, and not in the program: {crate}")
    return 1 if missing or gone else 0


if __name__ == "__main__":
    sys.exit(main())
