#!/bin/sh
# Every test; the last line is "N passed, N failed".  usage: test.sh (from the top; the release build is made by `make test`)
set -u
passed=0
failed=0
add() { # add NAME OUTPUT: counts of a "N passed, N failed" line
    line=$(printf '%s\n' "$2" | grep -Eo '[0-9]+ passed, [0-9]+ failed' | tail -n 1)
    if [ -z "$line" ]; then
        failed=$((failed + 1))
        echo "FAILED $1: no result"
        return
    fi
    passed=$((passed + ${line%% *}))
    line=${line#*, }
    failed=$((failed + ${line%% *}))
}

echo "== layers"
if python3.11 scripts/check_layers.py; then passed=$((passed + 1)); else failed=$((failed + 1)); fi

echo "== unit tests (ASan, UBSan)"
if make unit-binaries >build/unit.log 2>&1; then
    for t in build/unit/*_*; do
        case $t in *.*) continue ;; esac
        out=$(ASAN_OPTIONS=detect_leaks=1 timeout 300 "$t" 2>&1)
        status=$?
        line=$(printf '%s\n' "$out" | grep -Eo 'Checks: [0-9]+, Failures: [0-9]+, Errors: [0-9]+' | tail -n 1)
        checks=$(printf '%s' "$line" | sed -E 's/Checks: ([0-9]+).*/\1/')
        bad=$(printf '%s' "$line" | sed -E 's/.*Failures: ([0-9]+), Errors: ([0-9]+)/\1 \2/' | awk '{print $1 + $2}')
        if [ -z "$line" ]; then
            checks=1 bad=1
        elif [ $status -ne 0 ] && [ "$bad" = 0 ]; then
            bad=1
        fi
        passed=$((passed + checks - bad))
        failed=$((failed + bad))
        if [ "$bad" != 0 ]; then
            echo "FAILED $t"
            printf '%s\n' "$out" | tail -n 30
        fi
    done
else
    failed=$((failed + 1))
    echo "FAILED to build the unit tests"
    tail -n 20 build/unit.log
fi

echo "== scripts"
out=$(python3.11 tests/run.py 2>&1)
printf '%s\n' "$out"
add scripts "$out"

echo "== command lines, compared with CPython's"
out=$(timeout 600 python3.11 tests/cmdline/run.py build/ouro "$(command -v python3.11)" 2>&1)
printf '%s\n' "$out"
add "command lines" "$out"

echo "== the prompt on a terminal"
out=$(timeout 600 python3.11 tests/repl/run.py build/ouro 2>&1)
printf '%s\n' "$out"
add prompt "$out"

echo "== embedding"
if make lib >build/lib.log 2>&1; then
    out=$(timeout 300 sh tests/embed/run.sh 2>&1)
    printf '%s\n' "$out"
else
    out=''
    tail -n 20 build/lib.log
fi
add embedding "$out"

echo "== README, man page, completion"
if make build/options_doc build/ouro.1 build/ouro.bash >build/docs.log 2>&1 && scripts/readme_options.sh --check &&
    bash -n build/ouro.bash && grep -q '^\.SH' build/ouro.1; then
    passed=$((passed + 1))
else
    failed=$((failed + 1))
    cat build/docs.log
fi

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
