#!/bin/sh
# Builds the example against the static and the shared library, as a user of an installed ouro would, and runs it.
# tests/embed/run.sh [destination of `make install`]; without it: build/libouro.a and .so.
cd "$(dirname "$0")/../.." || exit 1
passed=0 failed=0
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
if [ -n "$1" ]; then
    flags="-I$1/include -L$1/lib" dir=$1/lib
else
    cp vm/ouro.h "$work"
    flags="-I$work -Lbuild" dir=$PWD/build
fi
# $1: name, $2: linker arguments
try() {
    if gcc -std=gnu17 -Wall -Werror $flags -o "$work/example" tests/embed/example.c $2 && LD_LIBRARY_PATH=$dir "$work/example" >"$work/out" 2>&1; then
        passed=$((passed + $(grep -c '^ok' "$work/out")))
    else
        echo "FAILED $1"
        cat "$work/out"
        failed=$((failed + 1))
    fi
}
try static "$dir/libouro.a -lgmp -lunistring -lm -ldl -lpthread"
try shared "-louro -lpthread"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
