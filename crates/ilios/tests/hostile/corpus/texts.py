"""Hostile web pages, mails, tables, RTF, and files that are not what their name says."""

import struct
import zlib

from .packages import LAUGHS, docx, wdoc, wp
from .pdf_parts import pdf1
from .writing import CANARY, LEAK, SSRF, put, slow


def texts():
    put(
        "html/ok_baseline.html",
        f"<html><body><h1>{CANARY}</h1></body></html>".encode(),
        "baseline",
        "convert",
        must=CANARY,
    )
    for tag, n in (
        ("div", 500000),
        ("table", 50000),
        ("ul", 50000),
        ("blockquote", 200000),
        ("font", 100000),
        ("b", 100000),
        ("a", 50000),
        ("svg", 50000),
        ("template", 50000),
    ):
        put(
            f"html/deep_{tag}_{n}.html",
            (f"<{tag}>" * n + CANARY).encode(),
            "recursion",
            "either",
            "too_deep|timeout",
            20,
            512,
            must=CANARY,
        )
    put(
        "html/adoption_agency.html",
        ("<a><b><i><u>" * 5000 + "<p>" * 500 + CANARY + "</a></b></i></u>" * 5000).encode(),
        "algorithmic",
        "either",
        "timeout",
        30,
        512,
        must=CANARY,
    )
    put(
        "html/table_cells_deep.html",
        ("<table><tr><td>" * 5000 + CANARY).encode(),
        "algorithmic",
        "either",
        "too_deep|timeout",
        20,
        512,
        must=CANARY,
        note="markdown tables in tables: quadratic output",
    )
    put(
        "html/colspan_1e9.html",
        f"<table><tr><td colspan=1000000000 rowspan=1000000000>{CANARY}</td></tr><tr><td>x</td></tr></table>".encode(),
        "resource",
        "convert",
        "",
        10,
        256,
        must=CANARY,
    )
    put(
        "html/attr_20MB.html",
        b"<p title='" + b"A" * 20000000 + b"'>" + CANARY.encode(),
        "resource",
        "either",
        "",
        20,
        512,
        must=CANARY,
    )
    put(
        "html/attrs_200k.html",
        ("<p " + " ".join(f"a{i}=1" for i in range(200000)) + f">{CANARY}").encode(),
        "algorithmic",
        "either",
        "timeout",
        20,
        512,
        must=CANARY,
    )
    put(
        "html/one_line_30MB.html",
        b"<p>" + CANARY.encode() + b" word" * 6000000,
        "resource",
        "either",
        "",
        30,
        1024,
        must=CANARY,
    )
    put(
        "html/nul_and_controls.html",
        b"<p>" + CANARY.encode() + bytes(range(32)) + b"\x1b[31mRED\x1b[0m\x00 </p>",
        "odd",
        "convert",
        "",
        10,
        256,
        must=CANARY,
        note="no ESC/NUL in the result or in log lines",
    )
    put(
        "html/ssrf_refs.html",
        (
            f'<html><head><meta http-equiv=refresh content="0;url={SSRF}/r"><link rel=stylesheet href="{SSRF}/c.css"><base href="file:///etc/"></head><body><img src="{SSRF}/i.png"><iframe src="file:///etc/passwd"></iframe>'
            f'<object data="passwd"></object><script src="{SSRF}/s.js"></script><img src="http://169.254.169.254/latest/meta-data/"><p>{CANARY}</body></html>'
        ).encode(),
        "ssrf",
        "convert",
        "",
        10,
        256,
        must=CANARY,
        never=LEAK,
    )
    put(
        "html/script_style_active.html",
        f'<p>{CANARY}</p><script>document.write("S"+"CRIPTRAN")</script><style>x{{}}</style><a href="javascript:alert(1)">j</a><img src=x onerror=alert(1)>'.encode(),
        "active-content",
        "convert",
        "",
        10,
        256,
        must=CANARY,
        never="SCRIPTRAN|onerror",
    )
    put(
        "html/xhtml_laughs.xhtml",
        (
            '<?xml version="1.0"?>' + LAUGHS + '<html xmlns="http://www.w3.org/1999/xhtml"><body>&lol10;</body></html>'
        ).encode(),
        "xml-entity",
        "either",
        "",
        10,
        256,
    )
    for enc in ("utf-16", "utf-16-be", "shift_jis", "windows-1251", "gb18030", "utf-7", "utf-32"):
        t = {"windows-1251": "Привет", "shift_jis": "こんにちは", "gb18030": "你好"}.get(enc, "Zoë — Ω")
        put(
            f"html/charset_{enc}.html",
            f'<html><head><meta charset="{enc}"></head><body><p>{CANARY} {t}</p></body></html>'.encode(enc),
            "odd",
            "either",
            "",
            10,
            256,
        )
    put(
        "html/bad_utf8.html",
        b"<p>" + CANARY.encode() + b"\xff\xfe\xc0\x80\xed\xa0\x80\xf5 end</p>",
        "odd",
        "convert",
        "",
        10,
        256,
        must=CANARY,
    )
    # rtf
    put("rtf/ok_baseline.rtf", (r"{\rtf1\ansi " + CANARY + r"\par}").encode(), "baseline", "convert", must=CANARY)
    put(
        "rtf/deep_groups_1M.rtf",
        b"{\\rtf1 " + CANARY.encode() + b"{" * 1000000 + b"}" * 1000000 + b"}",
        "recursion",
        "either",
        "too_deep",
        10,
        512,
    )
    put(
        "rtf/unbalanced_close.rtf",
        b"{\\rtf1 " + CANARY.encode() + b"}" * 100000,
        "malformed",
        "either",
        "invalid_document",
        10,
        256,
    )
    put(
        "rtf/bin_2e31.rtf",
        b"{\\rtf1 " + CANARY.encode() + b"{\\pict\\bin2147483647 AAAA}}",
        "resource",
        "either",
        "invalid_document",
        10,
        256,
    )
    put(
        "rtf/numbers_overflow.rtf",
        b"{\\rtf1\\ansicpg99999999999999999999\\uc99999999999\\u-99999999999? \\fs99999999999999 "
        + CANARY.encode()
        + b"}",
        "malformed",
        "either",
        "invalid_document",
        10,
        256,
    )
    put(
        "rtf/objdata.rtf",
        b"{\\rtf1 "
        + CANARY.encode()
        + b"{\\object\\objupdate\\objemb{\\*\\objdata "
        + b"d0cf11e0" * 5000
        + b'}}{\\field{\\*\\fldinst INCLUDETEXT "/etc/passwd"}{\\fldrslt x}}}',
        "active-content",
        "either",
        "",
        10,
        256,
        must=CANARY,
        never=LEAK,
    )
    put(
        "rtf/truncated.rtf",
        b"{\\rtf1\\ansi " + CANARY.encode() + b"\\par {\\b ",
        "truncated",
        "either",
        "invalid_document",
        5,
        256,
    )

    # eml
    def eml(body, ct="text/plain", extra=""):
        return f"From: a@b.c\r\nTo: d@e.f\r\nSubject: {CANARY}\r\nMIME-Version: 1.0\r\nContent-Type: {ct}\r\n{extra}\r\n{body}"

    put("eml/ok_baseline.eml", eml("hello " + CANARY).encode(), "baseline", "convert", must=CANARY)
    m = "deep " + CANARY
    hd, tl = [], []
    for i in range(5000):
        hd.append(f"--b{i}\r\nContent-Type: multipart/mixed; boundary=b{i+1}\r\n\r\n")
    put(
        "eml/multipart_depth_5000.eml",
        eml("".join(hd) + "--b5000\r\n\r\n" + m, "multipart/mixed; boundary=b0").encode(),
        "recursion",
        "either",
        "too_deep",
        10,
        512,
    )
    r = "".join("Content-Type: message/rfc822\r\n\r\n" for _ in range(20000))
    put(
        "eml/rfc822_depth_20000.eml",
        (f"Subject: {CANARY}\r\n" + r + "\r\nend").encode(),
        "recursion",
        "either",
        "too_deep",
        10,
        512,
    )
    put(
        "eml/parts_100k.eml",
        eml("--b\r\n\r\nx\r\n" * 100000 + "--b--", "multipart/mixed; boundary=b").encode(),
        "resource",
        "either",
        "too_many_entries",
        20,
        512,
    )
    put(
        "eml/headers_200k.eml",
        ("".join(f"X-{i}: 1\r\n" for i in range(200000)) + f"Subject: {CANARY}\r\n\r\nbody").encode(),
        "resource",
        "either",
        "",
        10,
        512,
    )
    put(
        "eml/attachment_traversal_name.eml",
        eml(
            "--b\r\nContent-Type: text/plain\r\n\r\n"
            + CANARY
            + '\r\n--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="../../../../tmp/ilios_eml_slip"\r\n\r\npwn\r\n--b--',
            "multipart/mixed; boundary=b",
        ).encode(),
        "path-traversal",
        "either",
        "",
        10,
        256,
        must=CANARY,
    )
    put(
        "eml/header_folding_10MB.eml",
        (f"Subject: {CANARY}" + "\r\n a" * 3000000 + "\r\n\r\nbody").encode(),
        "algorithmic",
        "either",
        "",
        15,
        512,
    )
    put(
        "eml/rfc2231_param_bomb.eml",
        eml("x", "text/plain;" + ";".join(f" name*{i}*=utf-8''%41" for i in range(100000))).encode(),
        "algorithmic",
        "either",
        "",
        15,
        512,
    )
    put(
        "eml/external_body.eml",
        eml("x", 'message/external-body; access-type=local-file; name="/etc/passwd"').encode(),
        "file-read",
        "either",
        "",
        10,
        256,
        never=LEAK,
    )
    # csv
    put("csv/ok_baseline.csv", f"a,b\n{CANARY},2\n".encode(), "baseline", "convert", must=CANARY)
    put(
        "csv/one_line_20MB.csv",
        CANARY.encode() + b",1" * 10000000,
        "resource",
        "either",
        "too_large|invalid_document",
        20,
        1024,
        note="10M columns: no header row + separator of 60 MB",
    )
    put(
        "csv/one_wide_row_many_rows.csv",
        b"," * 100000 + b"\n" + b"x\n" * 200000,
        "amplification",
        "either",
        "too_large",
        30,
        1024,
        note="padding short rows to 100k columns = 20e9 cells",
    )
    put(
        "csv/unbalanced_quote.csv",
        f'a,b\n"{CANARY},2\n'.encode() + b"x,y\n" * 100000,
        "malformed",
        "either",
        "invalid_document",
        10,
        256,
    )
    put("csv/nul_bytes.csv", f"a,b\n{CANARY},\0\0\n".encode(), "odd", "either", "", 10, 256)
    put("csv/utf16le.csv", f"a,b\n{CANARY},ž\n".encode("utf-16"), "odd", "convert", "", 10, 256, must=CANARY)
    put(
        "csv/pipes_newlines_html.csv",
        f'a,b\n"{CANARY}|x","line1\nline2<script>alert(1)</script>"\n=cmd|x,`code`\n'.encode(),
        "injection",
        "convert",
        "",
        10,
        256,
        must=CANARY,
    )
    put("csv/bom_only.csv", b"\xef\xbb\xbf", "malformed", "either", "empty_document", 5, 128)
    # wrong type
    elf = b"\x7fELF\x02\x01\x01" + b"\0" * 9 + struct.pack("<HHI", 2, 62, 1) + b"\0" * 4000
    mz = b"MZ\x90\0" + b"\0" * 56 + struct.pack("<I", 64) + b"PE\0\0" + b"\0" * 2000
    put("type/elf_named.pdf", elf, "wrong-type", "reject", "unsupported_type", 5, 128)
    put("type/exe_named.pdf", mz, "wrong-type", "reject", "unsupported_type", 5, 128)
    put("type/exe_named.docx", mz, "wrong-type", "reject", "unsupported_type", 5, 128)
    put(
        "type/html_named.pdf",
        f"<html><body>{CANARY}<script>alert(1)</script></body></html>".encode(),
        "wrong-type",
        "either",
        "type_mismatch|unsupported_type",
        5,
        128,
    )
    put(
        "type/docx_named.pdf",
        docx(wdoc(wp(CANARY))),
        "wrong-type",
        "either",
        "type_mismatch",
        5,
        256,
        note="sniff by content: converts as docx or a clear mismatch error; never a 500",
    )
    put("type/pdf_named.docx", pdf1(), "wrong-type", "either", "type_mismatch", 5, 256)
    put("type/pdf_named.png", pdf1(), "wrong-type", "either", "type_mismatch", 5, 256)
    put("type/pdf_no_extension", pdf1(), "wrong-type", "convert", "", 5, 256, must=CANARY)
    put(
        "type/shell_script.sh", b"#!/bin/sh\ntouch /tmp/ilios_rce\n", "wrong-type", "either", "unsupported_type", 5, 128
    )
    put(
        "type/polyglot_pdf_zip.pdf",
        pdf1() + docx(wdoc(wp("DOCX-" + CANARY))),
        "polyglot",
        "either",
        "",
        5,
        256,
        note="one answer, always the same one",
    )
    put("type/polyglot_gif_pdf.pdf", b"GIF89a\x01\0\x01\0\x80\0\0;" + pdf1(), "polyglot", "either", "", 5, 256)
    put(
        "type/polyglot_jpg_html.jpg",
        b"\xff\xd8\xff\xfe\x00\x40<html><script>alert(1)</script>" + b" " * 40 + b"\xff\xd9",
        "polyglot",
        "reject",
        "invalid_document",
        5,
        128,
    )
    put("type/plain_text.pdf", b"just text " * 100, "wrong-type", "either", "type_mismatch|unsupported_type", 5, 128)
    put(
        "type/eicar.txt",
        b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*",
        "wrong-type",
        "either",
        "",
        5,
        128,
    )
    put(
        "type/gzip_bomb.pdf.gz",
        slow(lambda: _gz(1 << 30)),
        "decompression-bomb",
        "reject",
        "unsupported_type|too_large_uncompressed",
        10,
        256,
        note="also send it as body with Content-Encoding: gzip",
    )
    put(
        "type/cfb_empty.doc",
        bytes.fromhex("d0cf11e0a1b11ae1") + b"\xff" * 504,
        "malformed",
        "reject",
        "invalid_document|unsupported_type",
        5,
        128,
    )
    put(
        "type/cfb_fat_loop.xls",
        _cfb_loop(),
        "cycle",
        "reject",
        "invalid_document|unsupported_type",
        10,
        256,
        note="FAT chain that points at itself",
    )


def _gz(n):
    c = zlib.compressobj(9, zlib.DEFLATED, 31)
    b = b"\0" * (1 << 20)
    d = b"".join(c.compress(b) for _ in range(n >> 20)) + c.flush()
    return d


def _cfb_loop():
    h = bytearray(512)
    h[:8] = bytes.fromhex("d0cf11e0a1b11ae1")
    struct.pack_into("<HHHHH", h, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<I", h, 44, 1)
    struct.pack_into("<I", h, 48, 1)
    struct.pack_into("<I", h, 56, 4096)
    struct.pack_into("<I", h, 60, 0xFFFFFFFE)
    struct.pack_into("<I", h, 68, 0xFFFFFFFE)
    for i in range(109):
        struct.pack_into("<I", h, 76 + 4 * i, 0 if i == 0 else 0xFFFFFFFF)
    fat = bytearray(b"\xff" * 512)
    struct.pack_into("<II", fat, 0, 0xFFFFFFFD, 1)  # directory chain: sector 1 -> 1
    d = bytearray(512)
    nm = "Root Entry".encode("utf-16-le")
    d[: len(nm)] = nm
    struct.pack_into("<HBB", d, 64, len(nm) + 2, 5, 1)
    struct.pack_into("<III", d, 68, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return bytes(h + fat + d)
