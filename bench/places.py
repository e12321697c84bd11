#!/usr/bin/env python3
"""Boxes of words and blocks of PDFs, compared with those that PDFium gives for the same words.

    scripts/pdf-readers.sh run bench/places.py ILIOS FOLDER [--worst N] [--args "ARGUMENTS OF CONVERT"]

Of each page whose text PDFium reads: the share of its words whose middle is in the box of a block with that word; the share
that has the same word of ours over it (intersection over union of the boxes, theirs from ascent to descent); pairs of body
blocks that overlap by more than a tenth of the smaller one. Left out: pages that a viewer turns, words of one letter, and
words that we do not have, which are counted apart.
"""
import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import pypdfium2

FURNITURE = {"header", "footer", "page_number", "watermark", "figure", "stamp", "comment", "rule"}


def folded(text):
    return re.sub(r"\W+", "", text.lower())


def pdfium_words(page):
    """Words of a page with their boxes from its upper left corner."""
    left, bottom, right, top = page.get_cropbox()
    text_page = page.get_textpage()
    words, letters, box = [], "", None
    for index in range(text_page.count_chars() + 1):
        char = text_page.get_text_range(index, 1) if index < text_page.count_chars() else " "
        if not char.strip():
            if box and len(folded(letters)) > 1:
                words.append((folded(letters), box))
            letters, box = "", None
            continue
        l, b, r, t = text_page.get_charbox(index, loose=True)
        own = [l - left, top - t, r - left, top - b]
        far = box and (own[1] > box[3] or own[0] < box[0] - 1)
        if far:
            if len(folded(letters)) > 1:
                words.append((folded(letters), box))
            letters, box = "", None
        letters += char
        box = own if box is None else [min(box[0], own[0]), min(box[1], own[1]), max(box[2], own[2]), max(box[3], own[3])]
    return [(word, box) for word, box in words if box[2] > 0 and box[0] < right - left and box[3] > 0 and box[1] < top - bottom]


def overlap(a, b):
    return max(0, min(a[2], b[2]) - max(a[0], b[0])) * max(0, min(a[3], b[3]) - max(a[1], b[1]))


def area(a):
    return max(0, a[2] - a[0]) * max(0, a[3] - a[1])


def union(a, b):
    return area(a) + area(b) - overlap(a, b)


def leaves(blocks):
    for block in blocks:
        inner = block.get("blocks", []) + [b for item in block.get("items", []) for b in item.get("blocks", [])]
        yield block
        yield from leaves(inner)


def compare(page, number, theirs, result):
    blocks = [b for b in leaves(page["blocks"]) if any(r["page"] == number for r in b.get("regions", []))]
    ours = defaultdict(list)
    boxes = []
    for block in blocks:
        regions = [r["bbox"] for r in block["regions"] if r["page"] == number]
        boxes += regions
        for line in block.get("lines", []):
            for word in line.get("words", []):
                ours[folded(word["text"])].append((word["bbox"], regions))
    for word, box in theirs:
        middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
        inside = [r for r in boxes if r[0] - .5 <= middle[0] <= r[2] + .5 and r[1] - .5 <= middle[1] <= r[3] + .5]
        same = ours.get(word)
        if not same:
            result["unknown"] += 1
            result["inside_any"] += bool(inside)
            continue
        result["words"] += 1
        result["inside"] += bool(inside)
        best = max(overlap(box, own) / (union(box, own) or 1) for own, _ in same)
        result["iou"] += best
        result["close"] += best >= .8
    body = [b for b in page["blocks"] if b["type"] not in FURNITURE and b.get("regions")]
    own = [[r["bbox"] for r in b["regions"] if r["page"] == number] for b in body]
    for i, first in enumerate(own):
        hit = any(
            overlap(a, b) > .1 * min(area(a), area(b)) > 0 for j, other in enumerate(own) if j != i for a in first for b in other
        )
        result["blocks"] += 1
        result["overlapping"] += hit


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("ilios")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--worst", type=int, default=5)
    parser.add_argument("--args", default="")
    chosen = parser.parse_args()
    total, files = defaultdict(float), []
    pdfs = sorted(chosen.folder.rglob("*.pdf"))
    with tempfile.TemporaryDirectory() as out:
        for pdf in pdfs:
            command = [chosen.ilios, "convert", pdf, "--format", "json", "--places", "word", "--furniture", "keep"]
            command += ["-o", out, "--force", *chosen.args.split()]
            if subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode:
                print("not converted:", pdf.name)
                continue
            target = Path(out, pdf.stem + ".json")
            document = json.loads(target.read_text())
            target.unlink()
            result = defaultdict(float)
            theirs = pypdfium2.PdfDocument(pdf)
            for page in document["pages"]:
                if page["kind"] != "text_layer" or page.get("rotation"):
                    continue
                compare(page, page["number"], pdfium_words(theirs[page["number"] - 1]), result)
            for name, value in result.items():
                total[name] += value
            if result["words"]:
                files.append((result["close"] / result["words"], result["inside"] / result["words"], pdf.name))
    words = total["words"] or 1
    print(f"{len(pdfs)} files, {words:.0f} words, {total['unknown']:.0f} more that we have not as they are")
    print(f"in the box of a block {total['inside'] / words:.4f}; IoU mean {total['iou'] / words:.3f}, ≥ .8 {total['close'] / words:.4f}")
    print(f"blocks {total['blocks']:.0f}, of them overlapping {total['overlapping'] / (total['blocks'] or 1):.4f}")
    for close, inside, name in sorted(files)[: chosen.worst]:
        print(f"  {close:.3f} {inside:.3f} {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
