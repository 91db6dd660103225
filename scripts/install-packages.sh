#!/bin/sh
# Installs, by apt, the Debian packages that ouro is built and tested with; asks only for what is missing.
# usage: install-packages.sh [build|all]      (all: also what tests and pictures use)
set -eu
build="gcc make re2c lemon libgmp-dev libunistring-dev libpython3.11-stdlib"
test="check libsubunit-dev python3.11 valgrind graphviz"
optional="libffi8 zlib1g libssl3 libuuid1 libsqlite3-0" # opened on first use
want=$build
[ "${1:-all}" = build ] || want="$build $test $optional"
missing=
for p in $want; do
    dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing="$missing $p"
done
[ -z "$missing" ] && exit 0
if ! command -v apt-get >/dev/null 2>&1; then
    echo "ouro needs these packages, and there is no apt-get here to install them:$missing" >&2
    exit 1
fi
if [ "$(id -u)" = 0 ]; then
    sudo=
elif command -v sudo >/dev/null 2>&1; then
    sudo=sudo
else
    echo "ouro needs these packages; run as root:  apt-get install$missing" >&2
    exit 1
fi
echo "installing:$missing"
export DEBIAN_FRONTEND=noninteractive
# an index may be missing (fresh container) or stale: update first, once
$sudo apt-get update -qq || true
$sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null
