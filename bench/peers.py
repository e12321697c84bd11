"""Programs that pages_per_cpu_second.py measures beside Ilios: each is given the files of a set and a folder, and tells
the seconds of CPU time that it took.

Those in Python convert the set in one process, which first tells what its imports took, so that they can be taken off.
Each has a folder of its own below bench/ with its packages, made when it is first asked for.
"""
import resource
import shlex
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent

# Converts each file by `markdown`, which the lines before it define.
LOOP = """
import resource, sys
from pathlib import Path
{prepare}
out = Path(sys.argv[1])
used = resource.getrusage(resource.RUSAGE_SELF)
print(used.ru_utime + used.ru_stime, flush=True)
for name in sys.argv[2:]:
    try:
        text = markdown(name)
    except Exception as error:
        print(f"{{name}}: {{error}}", file=sys.stderr)
    else:
        (out / (Path(name).stem + ".md")).write_text(text, encoding="utf-8", errors="replace")
"""

MARKITDOWN = """
from markitdown import MarkItDown
converter = MarkItDown()
def markdown(name):
    return converter.convert(name).markdown
"""

LITEPARSE = """
from liteparse import LiteParse
parser = LiteParse(output_format="markdown", ocr_enabled=False)
def markdown(name):
    return parser.parse(name).text
"""

PYMUPDF4LLM = """
import pymupdf.layout, pymupdf4llm
def markdown(name):
    return pymupdf4llm.to_markdown(name, use_ocr=False)
"""


def run(command):
    """CPU seconds of a command and of the children it waited for, and its output. That single files fail is no error
    here."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


def pdftotext(files, out):
    return sum(run(["pdftotext", "-layout", file, out / f"{file.stem}.txt"])[0] for file in files)


class Python:
    """Library for Python in an environment of its own."""

    def __init__(self, prepare, *packages):
        self.program = LOOP.format(prepare=prepare)
        self.packages = packages

    def install(self):
        """Makes the environment, unless it is there."""
        folder = HERE / (".venv-" + self.packages[0].split("=")[0].split("[")[0])
        self.python = folder / "bin" / "python"
        listed = folder / "packages"
        if listed.exists() and listed.read_text() == shlex.join(self.packages):
            return
        print(f"Installing {' '.join(self.packages)} into {folder}", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        subprocess.run([self.python, "-m", "pip", "install", "--quiet", *self.packages], check=True)
        listed.write_text(shlex.join(self.packages))

    def __call__(self, files, out):
        seconds, output = run([self.python, "-c", self.program, out, *files])
        return seconds - float(output.split()[0])


PEERS = {
    "pdftotext": pdftotext,
    "markitdown": Python(MARKITDOWN, "markitdown[pdf]==0.1.8"),
    "liteparse": Python(LITEPARSE, "liteparse==2.18.0"),
    "pymupdf4llm": Python(PYMUPDF4LLM, "pymupdf4llm==1.28.2", "pymupdf-layout==1.28.2"),
}
