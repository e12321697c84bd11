"""PDF files, object by object."""

import struct
import zlib

from .writing import CANARY


class Pdf:
    def __init__(self, ver=b"1.7", head=b""):
        self.b = bytearray(head + b"%PDF-" + ver + b"\n%\xe2\xe3\xcf\xd3\n")
        self.off = {}

    def obj(self, n, body):
        self.off[n] = len(self.b)
        self.b += b"%d 0 obj\n" % n + (body if isinstance(body, bytes) else body.encode()) + b"\nendobj\n"

    def stream(self, n, data, d=b"", length=None):
        ln = b"%d" % len(data) if length is None else length
        self.obj(
            n,
            b"<< "
            + (d if isinstance(d, bytes) else d.encode())
            + b" /Length "
            + ln
            + b" >>\nstream\n"
            + data
            + b"\nendstream",
        )

    def end(self, root=1, extra=b"", size=None, startxref=None):
        x = len(self.b)
        mx = max(self.off) + 1
        self.b += b"xref\n0 %d\n0000000000 65535 f \n" % mx
        for i in range(1, mx):
            self.b += (b"%010d 00000 n \n" % self.off[i]) if i in self.off else b"0000000000 65535 f \n"
        self.b += b"trailer\n<< /Size %d /Root %d 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (
            size or mx,
            root,
            extra,
            x if startxref is None else startxref,
        )
        return bytes(self.b)


FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def text(s=CANARY):
    return b"BT /F1 18 Tf 72 700 Td (" + s.encode() + b") Tj ET"


def pdf1(
    content=None, res=b"", page=b"", cat=b"", objs=(), ver=b"1.7", head=b"", trailer=b"", mediabox=b"[0 0 612 792]"
):
    """one page; 1 catalog 2 pages 3 page 4 content 5 font; objs: (n, bytes | (data, dict))"""
    p = Pdf(ver, head)
    p.obj(1, b"<< /Type /Catalog /Pages 2 0 R " + cat + b" >>")
    p.obj(2, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
    p.obj(
        3,
        b"<< /Type /Page /Parent 2 0 R /MediaBox "
        + mediabox
        + b" /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> "
        + res
        + b" >> "
        + page
        + b" >>",
    )
    p.stream(4, text() if content is None else content)
    p.obj(5, FONT)
    for n, o in objs:
        if isinstance(o, tuple):
            p.stream(n, *o)
        else:
            p.obj(n, o)
    return p.end(extra=trailer)


def many_pages(n):
    p = Pdf()
    p.obj(1, b"<< /Type /Catalog /Pages 2 0 R >>")
    kids = b" ".join(b"%d 0 R" % (6 + i) for i in range(n))
    p.obj(2, b"<< /Type /Pages /Kids [" + kids + b"] /Count %d >>" % n)
    p.stream(4, text())
    p.obj(5, FONT)
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>"
    for i in range(n):
        p.obj(6 + i, page)
    return p.end()


def flate(data):
    return zlib.compress(data, 9)


def flate_repeat(total):
    c = zlib.compressobj(9)
    b = b" " * (1 << 20)
    out = b"".join(c.compress(b) for _ in range(total >> 20)) + c.flush()
    return out


def raw_zlib_zeros(n):
    c = zlib.compressobj(9)
    b = b"\0" * (1 << 20)
    return b"".join(c.compress(b) for _ in range(n >> 20)) + c.compress(b"\0" * (n & 0xFFFFF)) + c.flush()


def _dag(levels):
    p = Pdf()
    p.obj(1, b"<< /Type /Catalog /Pages 10 0 R >>")
    p.stream(4, text())
    p.obj(5, FONT)
    for i in range(levels):
        p.obj(10 + i, b"<< /Type /Pages /Kids [%d 0 R %d 0 R] /Count %d >>" % (11 + i, 11 + i, 1 << (levels - i)))
    p.obj(
        10 + levels,
        b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
        % (9 + levels),
    )
    return p.end()


def _xref_stream(w, index):
    p = Pdf()
    p.obj(1, b"<< /Type /Catalog /Pages 2 0 R >>")
    p.obj(2, b"<< /Type /Pages /Kids [] /Count 0 >>")
    x = len(p.b)
    p.stream(3, b"\0" * 64, b"/Type /XRef /Size 2147483647 /W " + w + b" /Index " + index + b" /Root 1 0 R")
    return bytes(p.b) + b"startxref\n%d\n%%%%EOF\n" % x


def _objstm_self():
    p = Pdf()
    p.obj(1, b"<< /Type /Catalog /Pages 2 0 R >>")
    p.stream(6, b"2 0 << /Type /Pages /Kids [] /Count 0 >>", b"/Type /ObjStm /N 1 /First 4 /Extends 6 0 R")
    x = len(p.b)
    ent = [(0, 0, 65535), (1, p.off[1], 0), (2, 6, 0), (0, 0, 0), (0, 0, 0), (0, 0, 0), (2, 6, 0), (1, x, 0)]
    p.stream(7, b"".join(struct.pack(">BIH", *e) for e in ent), b"/Type /XRef /Size 8 /W [1 4 2] /Root 1 0 R")
    return bytes(p.b) + b"startxref\n%d\n%%%%EOF\n" % x


def _matryoshka(n):
    d = pdf1()
    for _ in range(n):
        c = flate(d)
        d = pdf1(
            cat=b"/Names << /EmbeddedFiles << /Names [(a.pdf) << /Type /Filespec /F (a.pdf) /EF << /F 6 0 R >> >>] >> >>",
            objs=[(6, (c, b"/Type /EmbeddedFile /Filter /FlateDecode"))],
        )
    return d
