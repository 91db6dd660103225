#!/bin/sh
# Puts the table of options and variables into README.md, between the lines "<!-- options -->" and "<!-- /options -->" (a section
# at the end when they are missing).  With --check only tells whether it is up to date.
cd "$(dirname "$0")/.." || exit 1
[ -f README.md ] || exit 0
new=$(mktemp) || exit 1
trap 'rm -f "$new"' EXIT
if grep -q '^<!-- options -->$' README.md; then
    awk '/^<!-- options -->$/ { print; while (("build/options_doc markdown" | getline line) > 0) print line; skip = 1 }
         /^<!-- \/options -->$/ { skip = 0 }
         !skip { print }' README.md >"$new"
else
    { cat README.md; printf '\n## Options and variables\n\n<!-- options -->\n'; build/options_doc markdown; echo '<!-- /options -->'; } >"$new"
fi
if [ "$1" = --check ]; then
    cmp -s "$new" README.md || { echo "README.md: run make docs"; exit 1; }
else
    cmp -s "$new" README.md || cat "$new" >README.md
fi
