"""Checks the words of the code: retired ones must not come back, and the terms of docs/glossary.md must be found."""

import re
import sys
from pathlib import Path

# Names and phrases that said less than the field's own word; see docs/glossary.md for those. Constants that tell neither
# unit nor role (PATIENCE, MOST) are among them.
RETIRED_NAMES = {
    "House", "HouseSettings", "Wishes", "WishFields", "Tally", "Keeper", "Keeping", "KeptPicture", "KeepError", "Handful",
    "Trouble", "Complaint", "perhaps_done", "Lanes", "LiteTx", "LiteFiles", "LiteSpace", "NamedRequests", "Metered",
    "Watched", "WhyEyes", "refuse_strangers", "tell_browsers", "unworded", "to_its_end", "final_word",
    "hear_of_jobs", "AT_ONCE", "PATIENCE", "IN_VAIN", "MOST", "LOOK", "FEW", "LITTLE", "NEAR",
}
RETIRED_PHRASES = (
    r"signs? of life", r"needs? eyes", r"(?:keeps?|kept) house", r"the house (?:is|clears|keeps)", r"final word",
    r"could not be looked (?:after|for)", r"no more (?:itself|themselves)", r"not itself any more", r"lets nobody",
)
FOLDERS = ("crates", "fuzz", "docs")
TEXTS = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "openapi.json")
GLOSSARY = Path("docs/glossary.md")
TERMS = 25
MAX_FILES = 2


def sources():
    """Rust files that are not built."""
    for folder in ("crates", "fuzz"):
        yield from (path for path in sorted(Path(folder).rglob("*.rs")) if "target" not in path.parts)


def texts():
    for path in sorted(Path("docs").glob("*.md")):
        if path != GLOSSARY:
            yield path
    yield from (Path(name) for name in TEXTS if Path(name).exists())


def without_strings(line):
    """The line without its literals: values on the wire are not names."""
    return re.sub(r'b?"(?:\\.|[^"\\])*"', '""', line)


def retired():
    """Lines that use a retired word, as `path:line: word`."""
    names = re.compile(r"\b(" + "|".join(sorted(RETIRED_NAMES)) + r")\b")
    phrases = re.compile("|".join(RETIRED_PHRASES), re.IGNORECASE)
    for path in sources():
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            for found in (names.search(without_strings(line)), phrases.search(line)):
                if found:
                    yield f"{path}:{number}: {found.group()}"
    for path in texts():
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            if found := phrases.search(line):
                yield f"{path}:{number}: {found.group()}"


def glossary():
    """The rows of the glossary: term, meaning, path of its code."""
    for line in GLOSSARY.read_text(encoding="utf-8").split("\n"):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) == 3 and cells[2].startswith("`"):
            yield cells[0], cells[1], cells[2].strip("`")


def declared(path, found):
    """The file in which a declaration's code is: a module's own file rather than the one that names it."""
    kind, name = found
    if kind != "mod":
        return path
    folder = path.parent if path.name in ("mod.rs", "lib.rs", "main.rs") else path.with_suffix("")
    file = folder / f"{name}.rs"
    return file if file.exists() else folder / name / "mod.rs"


def places(term, files):
    """Files that declare a term, and whether a folder has its name."""
    words = re.findall(r"[a-z]+", term.lower())
    snake, camel = "_".join(words), "".join(word.capitalize() for word in words)
    rule = re.compile(rf"^\s*(?:pub(?:\([^)]*\))? )?(?:async )?(struct|trait|enum|mod|fn) ({snake}|{camel})\b", re.MULTILINE)
    found = {(match.group(1), declared(path, match.groups())) for path, text in files.items()
             for match in rule.finditer(text)}
    types = {path for kind, path in found if kind != "fn"}
    folders = {parent for path in files for parent in path.parents if parent.name == snake}
    return (types or {path for _, path in found}), folders


def faults_of_glossary():
    files = {path: path.read_text(encoding="utf-8") for path in sources() if "tests" not in path.parts}
    rows = list(glossary())
    if len(rows) != TERMS:
        yield f"{GLOSSARY}: {len(rows)} terms instead of {TERMS}"
    for term, meaning, room in rows:
        place = Path(room)
        if not place.exists():
            yield f"{GLOSSARY}: {term}: there is no {room}"
        if not meaning.endswith(".") or meaning.count(". ") > 0:
            yield f"{GLOSSARY}: {term}: its meaning is not one sentence"
        found, folders = places(term, files)
        if place in folders:
            continue
        if not found:
            yield f"{GLOSSARY}: {term}: nothing of this name is declared"
        elif len(found) > MAX_FILES:
            yield f"{GLOSSARY}: {term}: declared in {len(found)} files: {', '.join(sorted(map(str, found)))}"
        elif not any(place == path or place in path.parents for path in found):
            yield f"{GLOSSARY}: {term}: declared in {', '.join(sorted(map(str, found)))}, not in {room}"


def main():
    faults = [*retired(), *faults_of_glossary()]
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
