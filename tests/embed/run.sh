#!/bin/sh
# Builds the example against the static and the shared library as a user of an installed ouro does, by pkg-config, and runs it.
# tests/embed/run.sh [prefix of an installed ouro]; without it build/libouro.a and .so (`make lib`) are installed into a folder.
cd "$(dirname "$0")/../.." || exit 1
passed=0 failed=0
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
prefix=$1
if [ -z "$prefix" ]; then
    prefix=$work/usr
    mkdir -p "$prefix/include" "$prefix/lib/pkgconfig"
    cp vm/ouro.h "$prefix/include"
    cp -a build/libouro.* "$prefix/lib"
    sed "s,@PREFIX@,$prefix,; s/@VERSION@/0/" scripts/ouro.pc.in >"$prefix/lib/pkgconfig/ouro.pc"
fi
# The flags that ouro.pc gives; read by hand where pkg-config is not installed.
flags() {
    if command -v pkg-config >/dev/null; then
        PKG_CONFIG_PATH=$prefix/lib/pkgconfig pkg-config "$@" ouro
        return
    fi
    for key in Cflags Libs $(case $* in *--static*) echo Libs.private ;; esac); do
        sed -n "s/^$key: *//p" "$prefix/lib/pkgconfig/ouro.pc"
    done | sed "s,\${includedir},$prefix/include,g; s,\${libdir},$prefix/lib,g"
}
# $1: name, $2: linker arguments
try() {
    if gcc -std=gnu17 -Wall -Werror -o "$work/example" tests/embed/example.c $2 &&
        LD_LIBRARY_PATH=$prefix/lib timeout 60 "$work/example" >"$work/out" 2>&1; then
        passed=$((passed + $(grep -c '^ok' "$work/out")))
    else
        echo "FAILED $1"
        cat "$work/out"
        failed=$((failed + 1))
    fi
}
try static "$(flags --static --cflags --libs | sed "s,-louro,$prefix/lib/libouro.a,")"
try shared "$(flags --cflags --libs) -lpthread"
# the header is C++ too, and nothing but its functions is visible
if command -v g++ >/dev/null; then
    echo '#include <ouro.h>' | g++ -x c++ -fsyntax-only -Wall -Werror -I"$prefix/include" - && passed=$((passed + 1)) || failed=$((failed + 1))
fi
if nm -D --defined-only "$prefix/lib/libouro.so" | awk '$3 !~ /^ouro_/ { bad = 1; print "exported:", $3 } END { exit bad }'; then
    passed=$((passed + 1))
else
    failed=$((failed + 1))
fi
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
