#!/usr/bin/env bash
# Installs what the tests need beside the build: OCR in English and German, the test runner, PostgreSQL, nginx, an S3
# server, a libSQL server, clients of Mistral and of other products, other readers of PDFs, generators of API clients
# and a browser.
# Does nothing when it is there.
set -euo pipefail
cd "$(dirname "$0")"

./install-build-packages.sh

packages=()
if ! command -v tesseract >/dev/null; then packages+=(tesseract-ocr); fi
languages=$(tesseract --list-langs 2>/dev/null || true)
for language in eng deu; do
    if ! grep -qx "$language" <<<"$languages"; then packages+=("tesseract-ocr-$language"); fi
done
# The tests run clusters of their own, and make certificates for them.
if ! compgen -G "/usr/lib/postgresql/*/bin/postgres" >/dev/null; then packages+=(postgresql); fi
# The tests run a proxy of their own.
if ! PATH=$PATH:/usr/sbin command -v nginx >/dev/null; then packages+=(nginx); fi
if ! command -v openssl >/dev/null; then packages+=(openssl); fi
# Nodes of a test are cut off from a service in networks of their own.
if [ "$(uname)" = Linux ]; then
    if ! command -v ip >/dev/null; then packages+=(iproute2); fi
    if ! command -v nft >/dev/null; then packages+=(nftables); fi
fi

if [ "${#packages[@]}" -gt 0 ]; then
    ./install-packages.sh "brew install tesseract tesseract-lang postgresql nginx openssl" "${packages[@]}"
fi

./install-cargo-tool.sh cargo-nextest 0.9.151
# It checks signatures as a real one does, which most servers made for tests do not.
./install-cargo-tool.sh s3s-fs 0.14.1 --features binary
./mistral-sdk.sh install
./compat-clients.sh install
./pdf-readers.sh install
./package-tools.sh install
./cite-example.sh install
./install-sqld.sh
./api-clients.sh install
