#!/usr/bin/env python3
"""Answers a question by a sentence of a document, and shows where it stands: its page, with the sentence marked.

    examples/cite/cite.py samples/annual-report.pdf "How many visitors came on the open evenings?" answer.png [SERVER]

The sentence is the answer here; yours would be that of a language model, which quotes the passage that it was given.
"""
import io
import json
import os
import re
import sys
import urllib.parse
import urllib.request
import uuid
from pathlib import Path

import bm25s
from PIL import Image, ImageDraw

DPI = 120


def ask(server, path, body=None, headers=()):
    """Sends a request to the server, and returns the bytes of its answer."""
    headers = dict(headers)
    if key := os.environ.get("API_KEY"):
        headers["Authorization"] = f"Bearer {key}"
    with urllib.request.urlopen(urllib.request.Request(server + path, body, headers)) as answer:
        return answer.read()


def convert(server, path):
    """Has the server convert a file with the places of its words, and returns the document's id."""
    edge, name = uuid.uuid4().hex, path.name.replace('"', "%22")
    part = f"--{edge}\r\nContent-Disposition: form-data; name="
    head = f'{part}"places"\r\n\r\nword\r\n{part}"file"; filename="{name}"\r\n\r\n'
    body = head.encode() + path.read_bytes() + f"\r\n--{edge}--\r\n".encode()
    kind = {"Content-Type": f"multipart/form-data; boundary={edge}"}
    document = json.loads(ask(server, "/api/documents/submit", body, kind))["id"]
    while (status := json.loads(ask(server, f"/api/documents/status/{document}?wait=30")))["status"] != "completed":
        if status["status"] == "failed":
            raise SystemExit(status["error"])
    return document


def best(texts, question):
    """The text that BM25 ranks first for the question."""
    index = bm25s.BM25()
    index.index(bm25s.tokenize(texts, stopwords="en", show_progress=False), show_progress=False)
    query = bm25s.tokenize(question, stopwords="en", show_progress=False)
    return index.retrieve(query, corpus=texts, k=1, show_progress=False).documents[0][0]


if __name__ == "__main__":
    file, question, picture, *server = sys.argv[1:]
    server = server[0] if server else "http://localhost:1337"
    document = convert(server, Path(file))
    lines = ask(server, f"/api/documents/{document}?format=chunks&chunkTokens=128").decode().splitlines()
    passage = best([json.loads(line)["text"] for line in lines], question)
    sentences = [text for text in re.split(r"(?<=[.!?])\s+|\n+", passage) if text.count(" ") > 3]
    answer = best(sentences or [passage], question)
    found = json.loads(ask(server, f"/api/documents/{document}/locate?quotation={urllib.parse.quote(answer)}"))
    if not found["matches"]:
        raise SystemExit(f"not found in the document: {answer}")
    place = found["matches"][0]
    page = ask(server, f"/api/documents/{document}/pages/{place['page']}.png?dpi={DPI}")
    image = Image.open(io.BytesIO(page)).convert("RGBA")
    marks = Image.new("RGBA", image.size)
    for region in place["regions"]:
        if region["page"] == place["page"]:
            ImageDraw.Draw(marks).rectangle([edge * DPI / 72 for edge in region["bbox"]], fill=(255, 214, 0, 110))
    Image.alpha_composite(image, marks).convert("RGB").save(picture)
    print(answer, f"{place['locator']}, page {place['page']}, shown in {picture}", sep="\n")
