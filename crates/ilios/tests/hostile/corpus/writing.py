"""Where the files of the corpus go, and what is said of them in its manifest."""

import hashlib
import os

CANARY = "CANARY-7f3a"  # in the text of every file that has text
LEAK = "root:x:0:0"  # the beginning of /etc/passwd, which no answer may show
SSRF = f"http://{os.environ.get('CANARY_ADDRESS', '127.0.0.1:9')}/ilios-ssrf-canary"  # nobody may ask for it

COLUMNS = "path sha256 bytes class expect error max_s max_mb must never note".split()


class Corpus:
    """The files of one run: where they go, which are wanted, and what was written."""

    def __init__(self):
        self.folder, self.only, self.quick, self.rows = None, None, False, []


CORPUS = Corpus()


class slow:
    """The bytes of a file that takes seconds to make; a quick run leaves it out."""

    def __init__(self, make):
        self.make = make


def put(path, data, cls, expect, error="", max_s=30, max_mb=512, must="", never="", note=""):
    """Writes one file, `data` (bytes, or slow), and notes what the server may do with it."""
    if CORPUS.only and not path.startswith(CORPUS.only):
        return
    if isinstance(data, slow):
        if CORPUS.quick:
            return
        data = data.make()
    full = os.path.join(os.fsencode(CORPUS.folder), path.encode("utf-8", "surrogateescape"))
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, "wb") as file:
        file.write(data)
    said = [cls, expect, error, str(max_s), str(max_mb), must, never, note]
    digest = hashlib.sha256(data).hexdigest()
    CORPUS.rows.append([path.encode("unicode_escape").decode(), digest, str(len(data)), *said])


def manifest():
    """Writes MANIFEST.tsv beside the files."""
    with open(os.path.join(CORPUS.folder, "MANIFEST.tsv"), "w", encoding="ascii") as file:
        for row in [COLUMNS, *sorted(CORPUS.rows)]:
            file.write("\t".join(field.replace("\t", " ").replace("\n", " ") for field in row) + "\n")
