#!/usr/bin/env python3
"""What the sandbox costs: documents a second of `ilios convert` with SANDBOX=required and with SANDBOX=off,
where each document has a child all the same, but the child no layers.

One-page PDFs made here, whose conversion is little more than the start of a child, copies of a sample, and folders of
documents. The two settings take turns, and who begins changes from round to round.

usage: sandbox_cost.py --ilios BIN [--rounds 7] [--pages 200] [--samples 20] [--sample FILE] [FOLDER...]
"""
import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from machine import describe

SETTINGS = ("off", "required")
SAMPLE = pathlib.Path(__file__).resolve().parent.parent / "samples" / "annual-report.pdf"


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--ilios", required=True)
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--pages", type=int, default=200, help="one-page PDFs")
    options.add_argument("--samples", type=int, default=20, help="copies of the sample")
    options.add_argument("--sample", default=str(SAMPLE))
    options.add_argument("folders", nargs="*", metavar="FOLDER", help="documents, measured as one set a folder")
    options = options.parse_args()
    print(describe())
    with tempfile.TemporaryDirectory(prefix="ilios-bench-") as folder:
        folder = pathlib.Path(folder)
        for number in range(options.pages):
            write(folder / "pages" / f"{number}.pdf", one_page(number))
        for number in range(options.samples):
            write(folder / "samples" / f"{number}.pdf", pathlib.Path(options.sample).read_bytes())
        sets = [folder / "pages", folder / "samples", *(pathlib.Path(each).resolve() for each in options.folders)]
        for documents in sets:
            compare(os.path.abspath(options.ilios), folder, documents, options.rounds)


def compare(ilios, folder, documents, rounds):
    count = len(list(documents.iterdir()))
    for sandbox in SETTINGS:
        convert(ilios, folder, documents, sandbox)
    seconds = {sandbox: [] for sandbox in SETTINGS}
    for number in range(rounds):
        for sandbox in SETTINGS if number % 2 else reversed(SETTINGS):
            seconds[sandbox].append(convert(ilios, folder, documents, sandbox))
    print(f"{documents}: {count} files, {rounds} rounds")
    for sandbox in SETTINGS:
        rates = sorted(count / each for each in seconds[sandbox])
        print(f"  SANDBOX={sandbox:<9} median {statistics.median(rates):7.1f} documents/s "
              f"(from {rates[0]:.1f} to {rates[-1]:.1f})")
    without, with_it = (statistics.median(seconds[sandbox]) for sandbox in SETTINGS)
    print(f"  the sandbox takes {(with_it - without) / count * 1000:+.2f} ms a document of the run's time, "
          f"{(with_it / without - 1) * 100:+.1f} %; {without / with_it:.3f} times the documents a second")


def convert(ilios, folder, documents, sandbox):
    """Seconds for the documents; ends the measurement when a file was not converted."""
    out = folder / f"out-{sandbox}"
    shutil.rmtree(out, ignore_errors=True)
    environment = {"PATH": os.environ["PATH"], "SANDBOX": sandbox}
    command = [ilios, "convert", str(documents), "--recursive", "-o", str(out)]
    began = time.perf_counter()
    done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=False)
    took = time.perf_counter() - began
    missing = len(list(documents.iterdir())) - len(list(out.iterdir()) if out.exists() else [])
    if done.returncode or missing:
        sys.exit(f"SANDBOX={sandbox}: {missing} files were not converted: {done.stderr[-2000:]}")
    return took


def write(path, content):
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)


def one_page(number):
    """A PDF of one page with forty lines of text."""
    lines = [f"({number}.{line} The quick brown fox jumps over the lazy dog and reads on.) Tj T*" for line in range(40)]
    text = ("BT /F1 11 Tf 14 TL 60 780 Td " + "\n".join(lines) + " ET").encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    document, places = b"%PDF-1.4\n", []
    for place, content in enumerate(objects, start=1):
        places.append(len(document))
        document += b"%d 0 obj\n%s\nendobj\n" % (place, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return document + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, table, len(objects) + 1, len(document))


if __name__ == "__main__":
    main()
