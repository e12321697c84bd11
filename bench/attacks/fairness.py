#!/usr/bin/env python3
"""How long another API key waits while one key sends 80 conversions at once.

Usage: python3 bench/attacks/fairness.py PATH_TO_ILIOS
"""
import contextlib
import http.client
import pathlib
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import ilios_server  # noqa: E402

CONVERSIONS = 80
BOUNDARY = "fairness"


def form(name, content):
    """A multipart form with one file."""
    head = (
        f"--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n"
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    return head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


def convert(port, key, name, content):
    """Converts a file; answers the status and the seconds."""
    started = time.perf_counter()
    connection = http.client.HTTPConnection(ilios_server.HOST, port, timeout=300)
    headers = {
        "Authorization": f"Bearer {key}",
        "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
    }
    connection.request("POST", "/v1/convert", form(name, content), headers)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status, time.perf_counter() - started


def crowd(port, page):
    """Converts a page; the server may end before."""
    with contextlib.suppress(OSError, http.client.HTTPException):
        convert(port, "first", "large.html", page)


def one_page_pdf():
    """A PDF with one page and a line of text on it."""
    text = b"BT /F1 24 Tf 72 720 Td (A single page) Tj ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(out)


def large_page():
    """An HTML page that takes a good part of a second."""
    row = "<tr>" + "".join(f"<td>cell {column} with <b>some</b> words</td>" for column in range(12)) + "</tr>\n"
    return ("<html><body><table>" + row * 3_000 + "</table></body></html>").encode()


def main():
    """Measures one server."""
    settings = {
        "API_KEY": "first,second",
        "CONVERT_CONCURRENCY": "2",
        "CONVERT_QUEUE": "100",
        "CONVERT_QUEUE_TIMEOUT": "300",
    }
    page, pdf = large_page(), one_page_pdf()
    with ilios_server.running(sys.argv[1], **settings) as server:
        threads = [
            threading.Thread(target=crowd, args=(server.port, page), daemon=True)
            for _ in range(CONVERSIONS)
        ]
        for thread in threads:
            thread.start()
        time.sleep(3)
        text_status, text_seconds = convert(server.port, "second", "line.txt", b"A line of text.\n")
        pdf_status, pdf_seconds = convert(server.port, "second", "page.pdf", pdf)
        busy = sum(thread.is_alive() for thread in threads)
    print(
        f"fairness: beside {CONVERSIONS} conversions of one key ({busy} still under way at the end) another key waited "
        f"{text_seconds:.2f} s for a line of text ({text_status}) and {pdf_seconds:.2f} s for a one-page PDF ({pdf_status})"
    )


if __name__ == "__main__":
    main()
