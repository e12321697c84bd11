#!/usr/bin/env python3
"""Compares the words of converted documents with those that a second reader finds, and lists the files that lack some.

usage: second_readers.py FOLDER --ilios BIN [--share 0.9] [--accepted FILE] [--keep DIR]

FOLDER      documents, in folders within each other too
--share     share of the second reader's words that a conversion has to hold (0.9)
--accepted  file of lines `NAME: reason`: files that may lack words (accepted_losses.txt beside this script)
--keep      write the conversions to DIR, which stays

Second readers, those that are installed: python-docx (docx), openpyxl (xlsx), python-pptx (pptx), xlrd (xls), odfpy (odt,
ods, odp), BeautifulSoup (html, epub), email of the standard library (eml), csv, json (ipynb), pandoc (rtf), antiword (doc).
Everything is compared as words in lower case, each as often as it occurs; what only one of both writes on purpose (markup,
numbers of rows) does not count, since only words that the second reader finds are looked for. Exit status 1: files lack
words that are not accepted.
"""
import argparse
import collections
import csv
import email
import email.policy
import io
import json
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata
import zipfile
from pathlib import Path

HERE = Path(__file__).parent


def main():
    options = arguments()
    accepted = accepted_losses(options.accepted)
    counts = collections.defaultdict(collections.Counter)
    lacking = []
    for path in sorted(path for path in options.folder.rglob("*") if path.is_file()):
        kind = path.suffix.lower().lstrip(".")
        reader = READERS.get(kind)
        if reader is None:
            continue
        try:
            expected = words(reader(path))
        except Missing:
            counts[kind]["without a second reader"] += 1
            continue
        except Exception as error:  # A second reader fails on files that it does not know.
            counts[kind]["unread by the second reader"] += 1
            print(f"unread  {path.name}: {type(error).__name__}: {error}"[:160])
            continue
        counts[kind]["compared"] += 1
        markdown, failure = convert(options, path)
        if failure:
            counts[kind]["failed"] += 1
        share, missing = held(expected, words(plain(markdown)))
        if share < options.share:
            known = accepted.get(path.name)
            counts[kind]["accepted" if known else "lacking"] += 1
            if not known:
                lacking.append((kind, share, path, missing, failure))
    for kind, share, path, missing, failure in sorted(lacking, key=lambda entry: entry[:2]):
        note = failure or " ".join(word for word, _ in missing.most_common(8))
        print(f"{kind:6}{share:6.2f}  {path.relative_to(options.folder)}: {note}"[:200])
    for kind, count in sorted(counts.items()):
        print(f"{kind:6}", ", ".join(f"{name} {number}" for name, number in count.items()))
    sys.exit(1 if lacking else 0)


def arguments():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("--ilios", required=True, type=Path)
    options.add_argument("--share", type=float, default=0.9)
    options.add_argument("--accepted", type=Path, default=HERE / "accepted_losses.txt")
    options.add_argument("--keep", type=Path)
    return options.parse_args()


def accepted_losses(path):
    """Names of the files that may lack words, with the reasons."""
    if not path.exists():
        return {}
    lines = (line.strip() for line in path.read_text().splitlines())
    return dict(line.split(": ", 1) for line in lines if line and not line.startswith("#") and ": " in line)


def convert(options, path):
    """Markdown of a document, and why there is none."""
    with tempfile.TemporaryDirectory(prefix="second-readers-") as folder:
        target = options.keep or Path(folder)
        target.mkdir(parents=True, exist_ok=True)
        output = target / f"{path.stem}.md"
        output.unlink(missing_ok=True)
        command = [options.ilios, "convert", path, "-o", target]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        except subprocess.TimeoutExpired:
            return "", "no answer within two minutes"
        if not output.exists():
            return "", (done.stderr.strip() or "no output").splitlines()[-1]
        return output.read_text(), None


def plain(markdown):
    """Markdown without its escapes, links and tags."""
    markdown = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown)
    markdown = re.sub(r"<!--|-->|</?[a-z][^>]*>", " ", markdown)
    for name, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#39;", "'"), ("&amp;", "&")):
        markdown = markdown.replace(name, character)
    return markdown


def words(text):
    text = unicodedata.normalize("NFKC", text).replace("\u00ad", "").lower()
    return collections.Counter(re.findall(r"[^\W_]+", text))


def held(expected, found):
    """Share of the expected words that are found, and those that are not."""
    total = sum(expected.values())
    if total == 0:
        return 1.0, expected
    missing = expected - found
    return 1 - sum(missing.values()) / total, missing


class Missing(Exception):
    """A second reader that is not installed."""


def module(name):
    try:
        return __import__(name)
    except ImportError as error:
        raise Missing(name) from error


def read_docx(path):
    docx = module("docx")
    document = docx.Document(str(path))
    texts = [paragraph.text for paragraph in document.paragraphs]
    for table in document.tables:
        seen = set()
        for row in table.rows:
            for cell in row.cells:
                if cell._tc not in seen:
                    seen.add(cell._tc)
                    texts.append(cell.text)
    return "\n".join(texts)


def read_xlsx(path):
    openpyxl = module("openpyxl")
    workbook = openpyxl.load_workbook(path, data_only=True)
    texts = []
    for sheet in workbook.worksheets:
        for row in sheet.iter_rows():
            texts.extend(cell.value for cell in row if isinstance(cell.value, str))
            texts.extend(str(cell.value) for cell in row if isinstance(cell.value, int) and not isinstance(cell.value, bool))
    return "\n".join(texts)


def read_pptx(path):
    pptx = module("pptx")
    texts = []

    def take(shapes):
        for shape in shapes:
            if shape.has_text_frame:
                texts.append(shape.text_frame.text)
            if getattr(shape, "has_table", False) and shape.has_table:
                texts.extend(cell.text for row in shape.table.rows for cell in row.cells)
            if hasattr(shape, "shapes"):
                take(shape.shapes)

    for slide in pptx.Presentation(str(path)).slides:
        take(slide.shapes)
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame:
            texts.append(slide.notes_slide.notes_text_frame.text)
    return "\n".join(texts)


def read_xls(path):
    xlrd = module("xlrd")
    workbook = xlrd.open_workbook(str(path))
    cells = (cell for sheet in workbook.sheets() for row in sheet.get_rows() for cell in row)
    return "\n".join(cell.value for cell in cells if cell.ctype == xlrd.XL_CELL_TEXT)


def read_odf(path):
    module("odf")
    from odf import opendocument, teletype, text

    document = opendocument.load(str(path))
    elements = [*document.getElementsByType(text.H), *document.getElementsByType(text.P)]
    body = document.body
    inside = (element for element in elements if is_within(element, body))
    return "\n".join(teletype.extractText(element) for element in inside)


def is_within(element, ancestor):
    while element is not None:
        if element is ancestor:
            return True
        if element.qname[1] == "annotation":
            return False
        element = element.parentNode
    return False


def html_text(page):
    bs4 = module("bs4")
    soup = bs4.BeautifulSoup(page, "html.parser")
    for element in soup(["script", "style", "head", "template", "noscript"]):
        element.decompose()
    for element in soup(hidden=True) + soup(style=re.compile(r"display:\s*none")):
        element.decompose()
    return soup.get_text(" ")


def read_html(path):
    return html_text(path.read_bytes())


def read_epub(path):
    with zipfile.ZipFile(path) as archive:
        pages = [name for name in archive.namelist() if name.lower().endswith((".xhtml", ".html", ".htm"))]
        return "\n".join(html_text(archive.read(name)) for name in pages if "nav" not in Path(name).stem.lower())


def read_mail(path):
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    texts = [str(message.get(name, "")) for name in ("subject", "from", "to")]
    body = message.get_body(preferencelist=("html", "plain"))
    if body is not None:
        content = body.get_content()
        texts.append(html_text(content) if body.get_content_subtype() == "html" else content)
    return "\n".join(texts)


def read_csv(path):
    text = path.read_bytes().decode("utf-8-sig", "replace")
    dialect = csv.Sniffer().sniff(text[:4096])
    return "\n".join(value for row in csv.reader(io.StringIO(text), dialect) for value in row)


def read_notebook(path):
    notebook = json.loads(path.read_text())
    return "\n".join("".join(cell.get("source", "")) for cell in notebook.get("cells", []))


def by_command(*command):
    def read(path):
        if shutil.which(command[0]) is None:
            raise Missing(command[0])
        arguments = [part.replace("FILE", str(path)) for part in command]
        return subprocess.run(arguments, capture_output=True, text=True, check=True, timeout=120).stdout

    return read


READERS = {
    "docx": read_docx, "docm": read_docx, "xlsx": read_xlsx, "xlsm": read_xlsx, "pptx": read_pptx, "pptm": read_pptx,
    "xls": read_xls, "odt": read_odf, "ods": read_odf, "odp": read_odf, "html": read_html, "htm": read_html,
    "xhtml": read_html, "epub": read_epub, "eml": read_mail, "csv": read_csv, "ipynb": read_notebook,
    "rtf": by_command("pandoc", "-f", "rtf", "-t", "plain", "FILE"), "doc": by_command("antiword", "FILE"),
}

if __name__ == "__main__":
    main()
