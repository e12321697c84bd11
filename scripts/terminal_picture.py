#!/usr/bin/env python3
"""Draws docs/pictures/terminal.svg from what the program shows on a terminal: files being converted, the state of a
server, and its queue. It starts a server of its own for that.

usage: terminal_picture.py ILIOS [PICTURE]
"""

import fcntl
import html
import json
import os
import pty
import re
import select
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import termios
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "samples" / "annual-report.pdf"
ADMIN_KEY = "an-administrators-key"
COLUMNS, LINES = 100, 24
CHARACTER, LINE, MARGIN = 8.43, 19, 22


class Screen:
    """What a terminal shows of the bytes that a program writes: as much of it as ours needs."""

    CONTROL = re.compile(r"\x1b\[(\?)?([0-9;]*)([A-Za-z])")

    def __init__(self):
        self.rows, self.row, self.column = [[" "] * COLUMNS for _ in range(LINES)], 0, 0

    def write(self, text):
        at = 0
        while at < len(text):
            if control := self.CONTROL.match(text, at):
                self.obey(*control.groups())
                at = control.end()
                continue
            self.put(text[at])
            at += 1

    def put(self, char):
        if char == "\r":
            self.column = 0
        elif char == "\n":
            self.row += 1
            if self.row == LINES:
                self.rows, self.row = self.rows[1:] + [[" "] * COLUMNS], LINES - 1
        elif char >= " ":
            if self.column < COLUMNS:
                self.rows[self.row][self.column] = char
            self.column += 1

    def obey(self, private, numbers, letter):
        number = int(numbers.split(";")[0] or 0)
        if private:
            if numbers == "1049":
                self.__init__()
        elif letter == "A":
            self.row = max(0, self.row - max(1, number))
        elif letter == "H":
            self.row = self.column = 0
        elif letter == "K":
            first = 0 if number == 2 else self.column
            self.rows[self.row][first:] = [" "] * (COLUMNS - first)
        elif letter == "J":
            self.obey(None, "", "K")
            for row in range(self.row + 1, LINES):
                self.rows[row] = [" "] * COLUMNS

    def lines(self):
        shown = ["".join(row).rstrip() for row in self.rows]
        while shown and not shown[-1]:
            shown.pop()
        return shown


def shown(command, environment, until):
    """The lines on a terminal when `until` says that they are those to draw, or the program ends."""
    child, terminal = pty.fork()
    if child == 0:
        os.execvpe(command[0], command, {"PATH": os.environ["PATH"], "TERM": "xterm-256color", **environment})
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    screen, began = Screen(), time.monotonic()
    pending = b""
    while time.monotonic() - began < 120:
        if select.select([terminal], [], [], 0.03)[0]:
            try:
                pending += os.read(terminal, 65536)
            except OSError:
                break
            if not pending:
                break
            # Whole characters and control sequences only.
            text = pending.decode("utf-8", "ignore")
            cut = text.rfind("\x1b") if re.search(r"\x1b[^A-Za-z]*$", text) else len(text)
            screen.write(text[:cut])
            pending = text[cut:].encode()
        # Only what is drawn to its end is looked at.
        elif until(screen.lines()):
            break
    lines = screen.lines()
    try:
        os.kill(child, 15)
    except ProcessLookupError:
        pass
    os.close(terminal)
    os.waitpid(child, 0)
    return lines


def request(server, key, path, body, kind):
    asked = urllib.request.Request(server + path, body, {"Authorization": f"Bearer {key}", "Content-Type": kind})
    with urllib.request.urlopen(asked, timeout=60) as answer:
        return json.load(answer)


def submit(server, key, name, fields):
    parts = [f'--x\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode() for field, value in fields.items()]
    head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
    body = b"".join(parts) + head + SAMPLE.read_bytes() + b"\r\n--x--\r\n"
    return request(server, key, "/api/documents/submit", body, "multipart/form-data; boundary=x")["id"]


def filled(server):
    """Lets two tenants send documents that are read as pictures, which takes a while; the first one's key."""
    keys = [request(server, ADMIN_KEY, "/api/admin/keys", json.dumps({"name": name}).encode(), "application/json")["key"] for name in ("acme", "library")]
    first = submit(server, keys[0], "letter.pdf", {})
    with urllib.request.urlopen(urllib.request.Request(f"{server}/api/documents/status/{first}?wait=60", headers={"Authorization": f"Bearer {keys[0]}"}), timeout=90):
        pass
    for number in range(9):
        submit(server, keys[number % 2], f"scan-{number}.pdf", {"ocr": "force", "engine": "auto" if number % 3 == 0 else "local"})
    return keys[0]


def draw(scenes):
    height = MARGIN * 2 + LINE * sum(len(lines) + 2 for _, lines in scenes) - LINE
    width = COLUMNS * CHARACTER + 2 * MARGIN
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" width="{width:.0f}" height="{height}" role="img" aria-label="Commands of Ilios on a terminal">',
        f'<rect width="{width:.0f}" height="{height}" rx="10" fill="#15171b"/>',
        '<g font-family="ui-monospace, \'SF Mono\', \'DejaVu Sans Mono\', Menlo, Consolas, monospace" font-size="14" fill="#ebe8e1">',
    ]
    y = MARGIN + 14
    for command, lines in scenes:
        out.append(f'<text x="{MARGIN}" y="{y}"><tspan fill="#f3a76f">$</tspan> <tspan font-weight="600">{html.escape(command)}</tspan></text>')
        for line in lines:
            y += LINE
            # Each line is as wide as its characters, whatever the font.
            length = f' textLength="{len(line) * CHARACTER:.1f}" lengthAdjust="spacingAndGlyphs"' if line else ""
            out.append(f'<text x="{MARGIN}" y="{y}"{length}>{html.escape(line).replace(" ", "&#160;")}</text>')
        y += 2 * LINE
    return "\n".join([*out, "</g>", "</svg>", ""])


def main(ilios, picture=ROOT / "docs" / "pictures" / "terminal.svg"):
    ilios = str(Path(ilios).resolve())
    with tempfile.TemporaryDirectory() as folder:
        inbox = Path(folder, "inbox")
        inbox.mkdir()
        for name in ("report", "contract", "lecture", "minutes"):
            shutil.copy(SAMPLE, inbox / f"{name}.pdf")
        os.chdir(folder)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        server = f"http://127.0.0.1:{port}"
        environment = {"PORT": str(port), "DATA_DIR": f"{folder}/data", "ADMIN_KEY": ADMIN_KEY, "WORKER_COUNT": "2", "HOST": "127.0.0.1"}
        process = subprocess.Popen([ilios, "serve"], env={"PATH": os.environ["PATH"], **environment}, stderr=subprocess.DEVNULL)
        try:
            for _ in range(100):
                if subprocess.run([ilios, "health", "--ready"], env=environment, capture_output=True).returncode == 0:
                    break
                time.sleep(0.1)
            key = filled(server)
            client = {"ILIOS_URL": server}
            time.sleep(4)
            status = shown([ilios, "status"], {**client, "ILIOS_API_KEY": key}, lambda _: False)
            queue = shown([ilios, "queue"], {**client, "ILIOS_API_KEY": ADMIN_KEY}, lambda lines: len(lines) > 4)
        finally:
            process.terminate()
            process.wait()
        converted = shown([ilios, "convert", "inbox", "-r", "-o", "markdown", "--ocr", "force"], {}, lambda lines: any(re.search(r"[1-3]/4 files.*left", line) for line in lines))
    address = "http://localhost:1337"
    scenes = [("ilios convert inbox -r -o markdown --ocr force", converted), ("ilios status", status), ("ilios queue", queue)]
    scenes = [(command, [line.replace(server, address) for line in lines]) for command, lines in scenes]
    for command, lines in scenes:
        print("$", command, *lines, sep="\n")
        assert lines, f"{command} has shown nothing"
    Path(picture).write_text(draw(scenes), encoding="utf-8")


if __name__ == "__main__":
    os.environ.setdefault("PATH", "/usr/bin:/bin")
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(*[Path(argument).resolve() for argument in sys.argv[1:]])
