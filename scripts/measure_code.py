"""Figures of the Rust code that git tracks: comments, sizes, repeated code, circles of imports."""

import re
import subprocess
from collections import defaultdict
from pathlib import Path

from import_circles import circles, imports

QUESTION_WORDS = {"who", "whom", "whose", "what", "whatever", "how", "whoever", "whether", "which", "why", "when", "where"}
MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 60
RUN_LINES = 6
# Rooms in which comments have to explain the mechanism.
HARD = ("ilios/src/queue/", "ilios/src/store/db/replica/", "ilios/src/engine/child_session",
        "convert/src/pdf/", "convert/src/layout/", "sandbox/src/")


def tracked():
    names = subprocess.run(["git", "ls-files", "*.rs"], capture_output=True, text=True, check=True).stdout.split("\n")
    return [Path(name) for name in names if name and Path(name).exists()]


def is_test(path):
    return "tests" in path.parts or path.stem == "tests" or "examples" in path.parts or path.parts[0] == "fuzz" or "mistral-standin" in path.parts


def without_tests(lines):
    """Lines of a file of the program, and those of the module of tests within it."""
    for index, line in enumerate(lines[:-1]):
        if line == "#[cfg(test)]" and re.match(r"mod \w+ \{", lines[index + 1]):
            return lines[:index], lines[index:]
    return lines, []


def code_lines(lines):
    """Lines of code, without comments and blank ones."""
    return [line.strip() for line in lines if line.strip() and not line.strip().startswith("//")]


def doc_comments(lines):
    """First lines of doc comments."""
    before = False
    for line in lines:
        text = line.strip()
        is_doc = text.startswith("///") or text.startswith("//!")
        if is_doc and not before:
            yield text[3:].strip()
        before = is_doc


def begins_with_question(text):
    word = re.match(r"[A-Za-z]+", text)
    return bool(word) and word.group().lower() in QUESTION_WORDS


def functions(lines):
    """Length in lines of each function with a body; relies on rustfmt's indentation."""
    for index, line in enumerate(lines):
        found = re.match(r"( *)(pub(\([^)]*\))? )?(const )?(async )?(unsafe )?fn \w+", line)
        if not found:
            continue
        end = found.group(1) + "}"
        for last in range(index, len(lines)):
            if lines[last].rstrip() == end:
                yield last - index + 1
                break
            if last == index and lines[last].rstrip().endswith(";"):
                break


def repeated(files):
    """Runs of RUN_LINES equal lines of code in two places: how many lines begin one."""
    places = defaultdict(set)
    for path, lines in files.items():
        code = [line for line in code_lines(lines) if not line.startswith(("use ", "pub use ", "mod ")) and len(line) > 3]
        for index in range(len(code) - RUN_LINES + 1):
            places[tuple(code[index : index + RUN_LINES])].add((path, index))
    return sum(len(found) - 1 for found in places.values() if len(found) > 1)


def case_lines(crate):
    """Lines of the cases of a crate that are files: documents of text, and the Markdown that is expected of each."""
    names = subprocess.run(["git", "ls-files", f"crates/{crate}/tests/suite"], capture_output=True, text=True, check=True)
    cases = [Path(name) for name in names.stdout.split() if not name.endswith((".rs", ".json"))]
    return sum(bool(line.strip()) for path in cases for line in path.read_text(errors="replace").split("\n"))


def main():
    files = {path: path.read_text().split("\n") for path in tracked()}
    parts = {path: ([], lines) if is_test(path) else without_tests(lines) for path, lines in files.items()}
    source = {path: program for path, (program, _) in parts.items() if program}
    tests = {path: lines for path, (_, lines) in parts.items() if lines}
    docs = [text for lines in source.values() for text in doc_comments(lines)]
    questions = sum(begins_with_question(text) for text in docs)
    code = sum(len(code_lines(lines)) for lines in source.values())
    plain = sum(line.strip().startswith("//") and not line.strip().startswith(("///", "//!"))
                for lines in source.values() for line in lines)
    lengths = [length for lines in source.values() for length in functions(lines)]
    print(f"lines of code without comments: {code} (tests: {sum(map(len, map(code_lines, tests.values())))})")
    print(f"doc comments: {len(docs)}, of which begin with a question word: {questions} ({100 * questions / max(1, len(docs)):.1f} %)")
    print(f"plain comments: {100 * plain / max(1, code):.1f} per 100 lines of code")
    for room in HARD:
        own = [lines for path, lines in source.items() if room in str(path)]
        lines = sum(len(code_lines(each)) for each in own)
        comments = sum(line.strip().startswith("//") for each in own for line in each)
        if lines:
            print(f"  {room}: {100 * comments / lines:.1f} comment lines per 100 lines of code")
    long_files = [f"{path} ({len(lines)})" for path, lines in files.items() if len(lines) - 1 > MAX_FILE_LINES]
    print(f"files of over {MAX_FILE_LINES} lines: {len(long_files)} {', '.join(long_files)}")
    print(f"functions: {len(lengths)}, longest {max(lengths)}, of over {MAX_FUNCTION_LINES} lines: {sum(l > MAX_FUNCTION_LINES for l in lengths)}")
    print(f"repeated code: {repeated(source)} runs of {RUN_LINES} lines in the program, {repeated(files)} with tests")
    found = circles(imports({path: "\n".join(lines) for path, lines in source.items()}))
    print(f"circles of imports: {len(found)}")
    for circle in found:
        print(f"  {' ⇄ '.join(circle)}")
    for crate in ("convert", "sandbox", "ilios"):
        own = lambda some: sum(len(code_lines(lines)) for path, lines in some.items() if path.parts[:2] == ("crates", crate))
        cases = case_lines(crate)
        with_cases = f", {(own(tests) + cases) / max(1, own(source)):.2f} with the documents and the expected Markdown of its cases" if cases else ""
        print(f"tests to code in {crate}: {own(tests) / max(1, own(source)):.2f}{with_cases}")


main()
