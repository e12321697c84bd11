"""A sound file under hostile names."""

from .pdf_parts import pdf1
from .writing import CANARY, put

NAMES = [
    "crlf\r\nX-Injected: 1.pdf",
    "rtl\u202efdp.exe.pdf",
    'quote"; filename="x.exe.pdf',
    "-rf.pdf",
    "$(touch ilios_rce).pdf",
    "\x1b[2Jansi.pdf",
    "ü" * 100 + ".pdf",
    "文書 e\u0301 😀.pdf",
    " lead and trail .pdf",
    "..pdf",
    "%2e%2e%2fx.pdf",
    "latin1-\udce9.pdf",
]


def names():
    note = "name must be shown safely, never used as a path or raw header"
    for name in NAMES:
        put("names/" + name, pdf1(), "file-name", "convert", "", 10, 256, must=CANARY, note=note)
