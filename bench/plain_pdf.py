#!/usr/bin/env python3
"""Writes a PDF of pages of plain text in Helvetica, the same each time: a title, seven paragraphs, a page number.

usage: plain_pdf.py FILE PAGES
"""
import random
import sys
import zlib

FONT = b"<</Type/Font/Subtype/Type1/BaseFont/%s/Encoding/WinAnsiEncoding>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F1 3 0 R/F2 4 0 R>>>>/Contents %d 0 R>>"


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    file, pages = sys.argv[1], int(sys.argv[2])
    chance = random.Random(7)
    letters = "etaoinshrdlucmfwypvbgkjqxz"
    words = ["".join(chance.choice(letters[: chance.randint(6, 24)]) for _ in range(chance.randint(2, 10))) for _ in range(4000)]
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"", FONT % b"Helvetica", FONT % b"Helvetica-Bold"]
    kids = []
    for number in range(1, pages + 1):
        text = zlib.compress(content(number, words, chance).encode())
        objects.append(b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(text), text))
        objects.append(PAGE % len(objects))
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, b" ".join(kids))
    write(file, objects)


def content(number, words, chance):
    """Operators of one page."""
    lines = [f"BT /F2 14 Tf 72 760 Td (Section {number} {chance.choice(words).title()}) Tj ET", "BT /F1 10 Tf 12.5 TL 72 730 Td"]
    for _ in range(7):
        for line in range(7):
            text = ""
            while len(text) < 88:
                text += chance.choice(words) + " "
            if line == 0:
                text = text.capitalize()
            if line == 6:
                text = text[:50].rstrip() + "."
            lines.append(f"({text.strip()}) Tj T*")
        lines.append("0 -4 Td")
    return "\n".join([*lines, "ET", f"BT /F1 9 Tf 300 40 Td ({number}) Tj ET"])


def write(file, objects):
    with open(file, "wb") as out:
        out.write(b"%PDF-1.5\n")
        places = []
        for number, body in enumerate(objects, 1):
            places.append(out.tell())
            out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        table = out.tell()
        out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
        out.writelines(b"%010d 00000 n \n" % place for place in places)
        out.write(b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table))


if __name__ == "__main__":
    main()
