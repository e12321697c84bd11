"""Figures of the Rust code that git tracks: comments, sizes, repeated code, circles of imports."""

import re
import subprocess
from collections import defaultdict
from pathlib import Path

QUESTION_WORDS = {"who", "whom", "whose", "what", "whatever", "how", "whoever", "whether", "which", "why", "when", "where"}
MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 60
RUN_LINES = 6
# Rooms in which comments have to explain the mechanism.
HARD = ("ilios/src/queue/", "ilios/src/store/db/replica/", "ilios/src/engine/child_session", "ilios/src/engine/session",
        "convert/src/pdf/", "convert/src/layout/", "sandbox/src/")


def tracked():
    names = subprocess.run(["git", "ls-files", "*.rs"], capture_output=True, text=True, check=True).stdout.split("\n")
    return [Path(name) for name in names if name and Path(name).exists()]


def is_test(path):
    return "tests" in path.parts or "examples" in path.parts or path.parts[0] == "fuzz" or "mistral-standin" in path.parts


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


def module_of(path):
    """Crate and module path of a source file; None for other files."""
    parts = path.parts
    if "src" not in parts:
        return None
    at = parts.index("src")
    names = list(parts[at + 1 :])
    names[-1] = names[-1].removesuffix(".rs")
    if names[-1] in ("mod", "lib", "main"):
        names.pop()
    return parts[at - 1], tuple(names)


def use_paths(tree, prefix=()):
    """Paths of a use tree such as `a::{b, c::{d, e as f}}`."""
    tree = tree.strip()
    brace = tree.find("{")
    if brace < 0:
        names = [name.strip() for name in tree.split(" as ")[0].split("::")]
        yield prefix + tuple(name for name in names if name)
        return
    head = tuple(name.strip() for name in tree[:brace].split("::") if name.strip())
    depth, start, body = 0, brace + 1, tree[brace + 1 : tree.rfind("}")]
    for index, char in enumerate(body + ","):
        depth += (char == "{") - (char == "}")
        if char == "," and depth == 0:
            item = body[start - brace - 1 : index]
            if item.strip():
                yield from use_paths(item, prefix + head)
            start = brace + 1 + index + 1


def named_paths(text):
    """All paths of a source text that begin with crate, self or super: in use declarations and in the code."""
    for found in re.findall(r"\buse\s+([^;]+);", text):
        yield from use_paths(" ".join(found.split()))
    for found in re.findall(r"\b((?:crate|super|self)(?:::[A-Za-z_0-9]+)+)", text):
        yield tuple(found.split("::"))


def imports(files):
    """Arrows between files of one crate; a module's file (mod.rs) and what lies below it are one unit."""
    modules = {module_of(path): path for path in files if module_of(path)}
    arrows = defaultdict(set)
    for (crate, names), path in modules.items():
        text = "\n".join(line.split("//")[0] for line in files[path])
        for full in named_paths(text):
            if full and full[0] == "crate":
                target = full[1:]
            elif full and full[0] in ("super", "self"):
                base, rest = names, full
                while rest and rest[0] in ("super", "self"):
                    base = base[:-1] if rest[0] == "super" else base
                    rest = rest[1:]
                target = base + rest
            else:
                target = names + full if (crate, names + full[:1]) in modules else ()
            while target and (crate, target) not in modules:
                target = target[:-1]
            nested = target == names[: len(target)] or names == target[: len(names)]
            if target and not nested:
                arrows[crate, names].add((crate, target))
    return arrows


def circles(arrows):
    """Circles of imports among files, as lists of modules (strongly connected components)."""
    index, low, stack, on, out = {}, {}, [], set(), []

    def visit(node):
        index[node] = low[node] = len(index)
        stack.append(node)
        on.add(node)
        for goal in sorted(arrows.get(node, ())):
            if goal not in index:
                visit(goal)
                low[node] = min(low[node], low[goal])
            elif goal in on:
                low[node] = min(low[node], index[goal])
        if low[node] == index[node]:
            component = set()
            while True:
                member = stack.pop()
                on.discard(member)
                component.add(member)
                if member == node:
                    break
            if len(component) > 1:
                out.append(sorted("::".join((crate, *names)) for crate, names in component))

    for node in sorted(arrows):
        if node not in index:
            visit(node)
    return out


def main():
    files = {path: path.read_text().split("\n") for path in tracked()}
    source = {path: lines for path, lines in files.items() if not is_test(path)}
    docs = [text for lines in source.values() for text in doc_comments(lines)]
    questions = sum(begins_with_question(text) for text in docs)
    code = sum(len(code_lines(lines)) for lines in source.values())
    plain = sum(line.strip().startswith("//") and not line.strip().startswith(("///", "//!"))
                for lines in source.values() for line in lines)
    lengths = [length for lines in source.values() for length in functions(lines)]
    print(f"lines of code without comments: {code} (tests: {sum(len(code_lines(l)) for p, l in files.items() if is_test(p))})")
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
    found = circles(imports(source))
    print(f"circles of imports: {len(found)}")
    for circle in found:
        print(f"  {' ⇄ '.join(circle)}")
    for crate in ("convert", "sandbox", "ilios"):
        own = lambda test: sum(len(code_lines(l)) for p, l in files.items() if p.parts[:2] == ("crates", crate) and is_test(p) == test)
        print(f"tests to code in {crate}: {own(True) / max(1, own(False)):.2f}")


main()
