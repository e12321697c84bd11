#!/usr/bin/env python3
"""What an upload address takes after its upload has ended, and beyond what was announced.

Usage: upload_address.py ILIOS
"""
import hashlib
import http.client
import json
import sys
import urllib.parse
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from ilios_server import HOST, running  # noqa: E402

ROUNDS = 10
HONEST, FORGED = b"# Honest\n", b"# Forged\n"


def ask(server, method, target, body=None, headers=None):
    connection = http.client.HTTPConnection(HOST, server.port, timeout=30)
    try:
        connection.request(method, target, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.getheaders(), answer.read()
    finally:
        connection.close()


def announced(server):
    body = json.dumps({"fileName": "a.md", "fileSize": len(HONEST)})
    status, _, answer = ask(server, "POST", "/api/documents/upload-url", body, {"Content-Type": "application/json"})
    assert status == 200, answer
    answer = json.loads(answer)
    url = urllib.parse.urlsplit(answer["uploadUrl"])
    return answer["id"], f"{url.path}?{url.query}"


def main(ilios):
    late = forged = larger = after_end = 0
    with running(ilios) as server:
        for _ in range(ROUNDS):
            document, address = announced(server)
            larger += ask(server, "PUT", address, HONEST * 1000)[0] == 200
            assert ask(server, "PUT", address, HONEST)[0] == 200
            assert ask(server, "POST", f"/api/documents/upload-complete/{document}")[0] == 200
            late += ask(server, "PUT", address, FORGED)[0] == 200
            ended = json.loads(ask(server, "GET", f"/api/documents/status/{document}?wait=30")[2])
            late += ask(server, "PUT", address, FORGED)[0] == 200
            _, headers, _ = ask(server, "GET", f"/api/documents/{document}/original")
            original = ask(server, "GET", dict(headers)["location"])[2]
            converted = ended.get("metadata", {}).get("sha256")
            forged += converted is not None and hashlib.sha256(original).hexdigest() != converted
            document, address = announced(server)
            ask(server, "DELETE", f"/api/documents/{document}")
            after_end += ask(server, "PUT", address, HONEST)[0] == 200
    print(
        f"upload addresses, {ROUNDS} rounds: {late} of {2 * ROUNDS} late bodies taken, {after_end} of {ROUNDS} after the "
        f"deletion, {larger} of {ROUNDS} larger than announced; {forged} of {ROUNDS} originals are not what was converted"
    )


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(sys.argv[1])
