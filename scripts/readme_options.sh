#!/bin/sh
# Puts the table of options and variables into README.md, between the lines "<!-- options -->" and "<!-- /options -->".
# With --check only tells whether it is up to date.
cd "$(dirname "$0")/.." || exit 1
[ -f README.md ] || exit 0
new=$(mktemp) || exit 1
trap 'rm -f "$new"' EXIT
awk '/^<!-- options -->$/ { print; while (("build/options_doc markdown" | getline line) > 0) print line; skip = 1 }
     /^<!-- \/options -->$/ { skip = 0 }
     !skip { print }' README.md >"$new"
if [ "$1" = --check ]; then
    cmp -s "$new" README.md || { echo "README.md: run make docs"; exit 1; }
else
    cmp -s "$new" README.md || cat "$new" >README.md
fi
