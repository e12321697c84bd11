"""Settings that fall open: of starts with a value that says "closed" and cannot be read or is blank, how many serve all the
same, open, unencrypted or with another storage. Usage: settings.py PATH_TO_ILIOS"""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import ilios_server  # noqa: E402

UNREADABLE = [(name, b"secret\xff") for name in (
    b"API_KEY", b"DB_ENCRYPTION_KEY", b"DATABASE_URL", b"S3_BUCKET", b"TURSO_AUTH_TOKEN", b"MISTRAL_API_KEY", b"CORS_ORIGINS")]
NO_KEY = [(b"API_KEY", value) for value in (b",", b" , ", b" ", "schl\u00fcssel".encode(), b"a\x7fb")]
BLANK = [(name, b" ") for name in (b"DB_ENCRYPTION_KEY", b"DATABASE_URL", b"S3_BUCKET", b"MISTRAL_API_KEY")]
FILES = [(b"API_KEY_FILE", b"/nowhere"), (b"API_KEY_FILE", b""), (b"DB_ENCRYPTION_KEY_FILE", b"/dev/null")]


def serves(ilios, name, value):
    """Whether a server with this setting begins to listen."""
    with tempfile.TemporaryDirectory(prefix="ilios-attack-") as folder:
        port = ilios_server.free_port()
        environment = {b"PATH": os.environb[b"PATH"], b"HOST": b"127.0.0.1", b"PORT": str(port).encode(), name: value}
        server = subprocess.Popen([ilios, "serve"], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        try:
            for line in server.stdout:
                if b"listening" in line:
                    return True
            return False
        finally:
            server.kill()
            server.wait()


def main():
    ilios = os.path.abspath(sys.argv[1])
    tried = UNREADABLE + NO_KEY + BLANK + FILES
    served = sum(serves(ilios, name, value) for name, value in tried)
    print(f"settings that cannot be read, hold no key or are blank: {served} of {len(tried)} starts serve all the same")


if __name__ == "__main__":
    main()
