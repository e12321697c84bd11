"""Circles of imports among the source files of a crate, and among the rooms of some modules; as a program, names them
and fails when there are any.

An import leads to the file that defines the name, also where a module above re-exports it. A module's own file and the
files below it are one unit: what only they know of each other is no circle.
"""

import re
import sys
from collections import defaultdict
from pathlib import Path

CRATES = ("convert", "sandbox", "ilios")
# Modules whose rooms, the files and folders directly below, know each other in one direction.
WITH_ROOMS = {("ilios", ()), ("ilios", ("app",)), ("ilios", ("http",))}


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
    """Paths of a use tree such as `a::{b, c::{d, e as f}}`, each with the name that it is known by."""
    tree = tree.strip()
    brace = tree.find("{")
    if brace < 0:
        path, _, alias = tree.partition(" as ")
        full = prefix + tuple(name.strip() for name in path.split("::") if name.strip())
        yield full, alias.strip() or (full or ("",))[-1]
        return
    head = tuple(name.strip() for name in tree[:brace].split("::") if name.strip())
    depth, start, body = 0, 0, tree[brace + 1 : tree.rfind("}")]
    for index, char in enumerate(body + ","):
        depth += (char == "{") - (char == "}")
        if char == "," and depth == 0:
            if body[start:index].strip():
                yield from use_paths(body[start:index], prefix + head)
            start = index + 1


def without_comments(text):
    """Text of the program: no comments, and no tests, whose imports are no arrows and hide those of equal names."""
    program = re.split(r"^#\[cfg\(test\)\]\nmod \w+ \{", text, maxsplit=1, flags=re.MULTILINE)[0]
    return "\n".join(line.split("//")[0] for line in program.split("\n"))


def used(text):
    """Paths of all use declarations, each with the name that it is known by."""
    for found in re.findall(r"\buse\s+([^;]+);", text):
        yield from use_paths(" ".join(found.split()))


def named_paths(text):
    """All paths of a source text, in use declarations and in the code, that may lead into its crate."""
    yield from (path for path, _ in used(text))
    for found in re.findall(r"\b((?:crate|super|self)(?:::[A-Za-z_0-9]+)+)", text):
        yield tuple(found.split("::"))


def absolute(path, module, modules):
    """The path from the root of the crate; None when it leads to another crate."""
    crate, names = module
    if path[:1] == ("crate",):
        return path[1:]
    if path[:1] in (("super",), ("self",)):
        while path[:1] in (("super",), ("self",)):
            names = names[:-1] if path[0] == "super" else names
            path = path[1:]
        return names + path
    return names + path if (crate, names + path[:1]) in modules else None


def target(path, module, modules, known_as, seen=()):
    """The module that defines what the path names, beyond re-exports; None outside of the crate."""
    full = absolute(path, module, modules)
    if full is None:
        return None
    crate, found = module[0], full
    while found and (crate, found) not in modules:
        found = found[:-1]
    rest = full[len(found) :]
    reexported = known_as[crate, found].get(rest[0]) if rest else None
    if reexported and (found, rest[0]) not in seen:
        beyond = target(reexported + rest[1:], (crate, found), modules, known_as, (*seen, (found, rest[0])))
        return beyond or found
    return found


def imports(files):
    """Arrows between the modules of each crate, from the texts of the files by their paths."""
    modules = {module_of(path): without_comments(text) for path, text in files.items() if module_of(path)}
    known_as = defaultdict(dict)
    for module, text in modules.items():
        known_as[module] = {name: path for path, name in used(text)}
    arrows = defaultdict(set)
    for (crate, names), text in modules.items():
        for path in named_paths(text):
            found = target(path, (crate, names), modules, known_as)
            nested = not found or found == names[: len(found)] or names == found[: len(names)]
            if not nested:
                arrows[crate, names].add((crate, found))
    return arrows


def between_rooms(arrows):
    """Arrows between the rooms of the modules that have some, from those between modules."""
    found = defaultdict(set)
    for (crate, source), goals in arrows.items():
        for _, goal in goals:
            shared = next(index for index, (one, other) in enumerate(zip(source, goal)) if one != other)
            if (crate, source[:shared]) in WITH_ROOMS:
                found[crate, source[: shared + 1]].add((crate, goal[: shared + 1]))
    return found


def circles(arrows):
    """Circles, as sorted lists of modules: the strongly connected components of more than one."""
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


def main(root):
    folders = [Path(root) / "crates" / crate / "src" for crate in CRATES]
    files = {path.relative_to(root): path.read_text() for folder in folders for path in sorted(folder.rglob("*.rs"))}
    if not all(any(folder.rglob("*.rs")) for folder in folders):
        sys.exit(f"{root} does not hold the crates {', '.join(CRATES)}")
    arrows = imports(files)
    found = {" ⇄ ".join(circle): None for circle in circles(arrows) + circles(between_rooms(arrows))}
    for circle in found:
        print(circle)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else ".")
