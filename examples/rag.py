#!/usr/bin/env python3
"""Finds the passage of a document that answers a question, and says its place: text, page and box.

    examples/rag.py samples/annual-report.pdf "How many visitors came on the open evenings?" [http://localhost:1337]

Passages are compared with the question by their common words; a program of yours would compare embeddings.
"""
import json
import os
import re
import sys
import urllib.request
import uuid
from collections import Counter
from math import log
from pathlib import Path


def chunks(server, path):
    """Has the server convert a file into chunks, each an object with its text and its places."""
    edge, name = uuid.uuid4().hex, path.name.replace('"', "%22")
    part = f'--{edge}\r\nContent-Disposition: form-data; name='
    head = f'{part}"format"\r\n\r\nchunks\r\n{part}"chunkTokens"\r\n\r\n128\r\n{part}"file"; filename="{name}"\r\n\r\n'
    body = head.encode() + path.read_bytes() + f"\r\n--{edge}--\r\n".encode()
    headers = {"Content-Type": f"multipart/form-data; boundary={edge}"}
    if key := os.environ.get("API_KEY"):
        headers["Authorization"] = f"Bearer {key}"
    with urllib.request.urlopen(urllib.request.Request(f"{server}/v1/convert", body, headers)) as answer:
        return [json.loads(line) for line in answer]


def words(text):
    return set(re.findall(r"\w+", text.lower()))


def best(found, question):
    """The chunk with most of the question's words; a word of few chunks counts for more."""
    said = [words(" ".join([*chunk["context"], chunk["text"]])) for chunk in found]
    common = Counter(word for chunk in said for word in chunk)
    weight = {word: log(1 + len(found) / common[word]) for word in words(question) if common[word]}
    score = [sum(weight.get(word, 0) for word in chunk) for chunk in said]
    return found[score.index(max(score))]


if __name__ == "__main__":
    file, question, *server = sys.argv[1:]
    chunk = best(chunks(server[0] if server else "http://localhost:1337", Path(file)), question)
    print(" > ".join(chunk["context"]), chunk["text"], sep="\n\n", end="\n\n")
    for region in chunk["regions"]:
        print(f"page {region['page']}, box {region['bbox']}")
