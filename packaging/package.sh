#!/usr/bin/env bash
# Makes packages of a finished program: a wheel for pip, packages for npm, a package for Debian and Ubuntu.
#
# usage: packaging/package.sh wheel|npm|deb|archive PROGRAM FOLDER [PLATFORM]
#   PLATFORM  linux-x64 (default), linux-arm64, macos-x64 or macos-arm64
#
# The program is the same in all of them, so it is built once for each platform. The tag of the Linux wheels says glibc 2.28:
# build in a container that has no newer one (the release workflow does).
set -euo pipefail
kind=${1:?wheel, npm, deb or archive} program=$(realpath "${2:?the program}") folder=${3:?a folder for the package}
platform=${4:-linux-x64}
mkdir -p "$folder"
folder=$(realpath "$folder")
here=$(cd "$(dirname "$0")" && pwd)
root=$here/..
version=$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' "$root/Cargo.toml")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

case $platform in
linux-x64) tag=manylinux_2_28_x86_64 debian=amd64 os=linux cpu=x64 ;;
linux-arm64) tag=manylinux_2_28_aarch64 debian=arm64 os=linux cpu=arm64 ;;
macos-x64) tag=macosx_11_0_x86_64 debian='' os=darwin cpu=x64 ;;
macos-arm64) tag=macosx_11_0_arm64 debian='' os=darwin cpu=arm64 ;;
*) echo "error: no such platform: $platform" >&2 && exit 2 ;;
esac

# Fills in what the templates leave open.
filled() {
    sed "s|@VERSION@|$version|g; s|@TAG@|$tag|g; s|@DEBIAN@|$debian|g; s|@OS@|$os|g; s|@CPU@|$cpu|g; s|@SIZE@|${size:-0}|g" "$1"
}

wheel() {
    local info=$work/ilios-$version.dist-info scripts=$work/ilios-$version.data/scripts
    install -D -m 755 "$program" "$scripts/ilios"
    install -D -m 644 "$root/LICENSE" "$info/licenses/LICENSE"
    { filled "$here/python/METADATA" && cat "$here/python/README.md"; } >"$info/METADATA"
    filled "$here/python/WHEEL" >"$info/WHEEL"
    # RECORD is written by it.
    "${PYTHON:-python3}" -m wheel pack --dest-dir "$folder" "$work"
}

# One package for each platform, and `ilios`, which takes the one for the machine.
npm_packages() {
    local own=$work/ilios-$os-$cpu main=$work/ilios
    install -D -m 755 "$program" "$own/bin/ilios"
    filled "$here/npm/platform.json" >"$own/package.json"
    install -D -m 755 "$here/npm/ilios.js" "$main/bin/ilios.js"
    filled "$here/npm/package.json" >"$main/package.json"
    for package in "$own" "$main"; do
        install -m 644 "$here/python/README.md" "$package/README.md"
        install -m 644 "$root/LICENSE" "$package/LICENSE"
        (cd "$package" && npm pack --silent --pack-destination "$folder")
    done
}

deb() {
    if [ -z "$debian" ]; then echo "error: there is no package for Debian of $platform" >&2 && exit 2; fi
    local tree=$work/tree
    install -D -m 755 "$program" "$tree/usr/bin/ilios"
    install -D -m 644 "$here/deb/ilios.service" "$tree/usr/lib/systemd/system/ilios.service"
    install -D -m 644 "$here/deb/sysusers.conf" "$tree/usr/lib/sysusers.d/ilios.conf"
    install -D -m 640 "$here/deb/ilios.env" "$tree/etc/ilios/ilios.env"
    install -D -m 644 "$root/LICENSE" "$tree/usr/share/doc/ilios/copyright"
    mkdir -p "$tree/DEBIAN"
    size=$(du -ks "$tree" | cut -f1)
    filled "$here/deb/control" >"$tree/DEBIAN/control"
    echo /etc/ilios/ilios.env >"$tree/DEBIAN/conffiles"
    for script in postinst prerm postrm; do install -m 755 "$here/deb/$script" "$tree/DEBIAN/$script"; done
    dpkg-deb --root-owner-group -Zzstd --build "$tree" "$folder/ilios_${version}_$debian.deb"
}

archive() {
    local name=ilios-$version-$platform
    install -D -m 755 "$program" "$work/$name/ilios"
    install -m 644 "$root/LICENSE" "$root/README.md" "$work/$name/"
    tar -C "$work" -czf "$folder/$name.tar.gz" "$name"
}

case $kind in
wheel) wheel ;;
npm) npm_packages ;;
deb) deb ;;
archive) archive ;;
*) echo "error: wheel, npm, deb or archive" >&2 && exit 2 ;;
esac
