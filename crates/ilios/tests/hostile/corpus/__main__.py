"""Writes files that are made to harm a converter, and a manifest of what the server may do with each.

usage: python3 -m corpus FOLDER [--quick] [--only PREFIX]

CANARY_ADDRESS is where the addresses in the files lead, 127.0.0.1:9 by default.

The same bytes on every run; the standard library is all it needs. The columns of MANIFEST.tsv:
  expect  convert: the answer is 200 and holds every string of `must`
          reject:  the answer is an error with a stable code
          either:  one of the two
  error   codes that would fit, for people
  max_s   seconds that the answer may take
  max_mb  memory that the converter may take at its peak
  must    strings (| between them) of a good answer
  never   strings that are in no answer and in no log
"""

import argparse
import os

from .images import images
from .names import names
from .office import office
from .pdfs import pdfs
from .texts import texts
from .writing import CORPUS, manifest

arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("folder")
arguments.add_argument("--quick", action="store_true", help="leave out what takes seconds to make")
arguments.add_argument("--only", help="the beginning of the paths that are wanted")
given = arguments.parse_args()
CORPUS.folder, CORPUS.only, CORPUS.quick = given.folder, given.only, given.quick
os.makedirs(given.folder, exist_ok=True)
for write in (texts, pdfs, images, office, names):
    write()
manifest()
print(len(CORPUS.rows), "files", sum(int(row[2]) for row in CORPUS.rows) // 1_000_000, "MB")
