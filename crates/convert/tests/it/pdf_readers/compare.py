"""Compares the words of our output, page by page, with those of PDFium and Poppler.

usage: compare.py REASONS < DOCUMENTS

DOCUMENTS is JSON: [{"name": of the document, "file": path, "pages": {number: Markdown}}, ...]. A word that both readers see and we do not is lost;
one that we give more often than either of them sees it is doubled. Each difference has to be in REASONS, and each entry
of REASONS has to be a difference. Words are folded: NFKC, lower case, hyphens at line ends undone; scripts without spaces
and those that readers cut and order each in their way count by character.
"""
import collections
import html
import json
import re
import subprocess
import sys
import unicodedata

import pypdfium2

CHARACTERS = ("\u3040", "\u9fff"), ("\uac00", "\ud7af"), ("\u0590", "\u08ff"), ("\u0e00", "\u0eff")


def words(text):
    text = unicodedata.normalize("NFKC", text).replace("\u00ad", "").replace("\ufffe", "").lower()
    text = re.sub(r"(\w)[-\u2010]\s*[\r\n]+\s*(\w)", r"\1\2", text)
    text = re.sub(r"[-\u2010_'\u2019]", "", text)
    counted = collections.Counter()
    for word in re.findall(r"\w+", text):
        by_character = any(low <= c <= high for c in word for low, high in CHARACTERS)
        counted.update(word if by_character else [word])
    return counted


def plain(markdown):
    text = re.sub(r"<!--.*?-->", " ", markdown, flags=re.S)
    text = re.sub(r"\]\((?:[^()\s]|\([^()]*\))*\)", " ", text)
    text = re.sub(r"(?<!\\)</?(?:sup|sub|u|b|i|a|em|strong|span|code)\b[^>]*>", "", text)
    text = html.unescape(re.sub(r"(?<!\\)</?[a-z]\w*[^>]*>", " ", text))
    text = re.sub(r"^\s*- \[[ x]\] ", " ", text, flags=re.M)
    # What is escaped is text, and so is a backslash before a letter.
    return re.sub(r"\\([!-/:-@\[-`{-~])|[*`~#|]", lambda sign: sign.group(1) or (" " if sign.group() == "|" else ""), text)


def pdfium(path):
    document = pypdfium2.PdfDocument(path)
    return [words(page.get_textpage().get_text_bounded()) for page in document]


def poppler(path):
    out = subprocess.run(["pdftotext", "-q", path, "-"], capture_output=True, timeout=120).stdout
    return [words(page) for page in out.decode("utf8", "replace").split("\f")[:-1]]


def differences(document):
    readers = pdfium(document["file"]), poppler(document["file"])
    for number in range(1, max(map(len, readers)) + 1):
        first, second = (reader[number - 1] if number <= len(reader) else collections.Counter() for reader in readers)
        ours = words(plain(document["pages"].get(str(number), "")))
        lost, extra = (first & second) - ours, ours - (first | second)
        for kind, found in (("lost", lost), ("extra", extra)):
            if found:
                yield document["name"], number, kind, sorted(found.elements())


def main():
    with open(sys.argv[1], encoding="utf8") as file:
        reasons = json.load(file)
    expected = {(entry["file"], entry["page"], kind): entry[kind] for entry in reasons
                for kind in ("lost", "extra") if kind in entry}
    assert all(entry["reason"] for entry in reasons)
    found = {(file, number, kind): words for document in json.load(sys.stdin)
             for file, number, kind, words in differences(document)}
    for key in sorted(expected.keys() | found.keys()):
        if expected.get(key) != found.get(key):
            file, number, kind = key
            print(f"{file} page {number} {kind}: {json.dumps(found.get(key, []), ensure_ascii=False)}, "
                  f"with a reason: {json.dumps(expected.get(key, []), ensure_ascii=False)}")
    sys.exit(expected != found)


main()
