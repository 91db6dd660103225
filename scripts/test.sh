#!/bin/sh
# The tests; the last line is "N passed, N failed".  From the top; the release build is made by `make test`.
#
#   test.sh [part ...]      parts, all of them without arguments:
#     layers    no upward include
#     unit      tests/unit under ASan and UBSan
#     scripts   tests/run.py: language, builtins, stdlib, what is ouro's own
#     programs  command lines compared with CPython's, the prompt on a terminal, embedding
#     docs      README's table of options, man page, completion
#     robust    tests/robust: leaks, failing allocations, deep structures, loops that must not grow, attacks; tests/fuzz: the corpus, a few hundred mutations, 100 random programs
#     asan      the scripts, a collection at every allocation, failing allocations and mutations under the ASan and UBSan build
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
run() { # run SECONDS COMMAND...: shows the output and adds its counts
    limit=$1
    shift
    out=$(timeout "$limit" "$@" 2>&1)
    printf '%s\n' "$out" | tail -n 60
    add "$*" "$out"
}

layers() {
    if python3.11 scripts/check_layers.py; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}

unit() {
    if ! make unit-binaries >build/unit.log 2>&1; then
        failed=$((failed + 1))
        echo "FAILED to build the unit tests"
        tail -n 20 build/unit.log
        return
    fi
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
}

scripts() {
    run 900 python3.11 tests/run.py
}

programs() {
    run 600 python3.11 tests/cmdline/run.py build/ouro "$(command -v python3.11)"
    run 600 python3.11 tests/repl/run.py build/ouro
    if make lib >build/lib.log 2>&1; then
        run 300 sh tests/embed/run.sh
    else
        failed=$((failed + 1))
        echo "FAILED to build the library"
        tail -n 20 build/lib.log
    fi
}

docs() {
    if make build/options_doc build/ouro.1 build/ouro.bash >build/docs.log 2>&1 && scripts/readme_options.sh --check &&
        bash -n build/ouro.bash && grep -q '^\.SH' build/ouro.1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        cat build/docs.log
    fi
}

robust() {
    run 300 python3.11 tests/robust/leaks.py --valgrind
    run 300 build/ouro -X leakcheck tests/robust/fail_alloc.py --seconds 4
    run 300 python3.11 tests/robust/deep.py --n 100000
    run 200 python3.11 tests/robust/flat.py
    run 300 python3.11 tests/robust/attacks.py
    run 100 python3.11 tests/fuzz/fuzz.py --python python3.11
    run 200 python3.11 tests/fuzz/fuzz.py --python python3.11 --count 200
    run 100 python3.11 tests/fuzz/differ.py --python python3.11 --seed f3 --count 100
}

asan() {
    if ! make asan >build/asan.log 2>&1; then
        failed=$((failed + 1))
        echo "FAILED to build build/ouro-asan"
        tail -n 20 build/asan.log
        return
    fi
    run 400 python3.11 tests/run.py --asan
    run 200 python3.11 tests/run.py --asan --stress 50 --only language/
    run 200 python3.11 tests/run.py --asan --stress 50 --only builtins/
    run 400 python3.11 tests/robust/attacks.py --ouro build/ouro-asan
    run 200 env PYTHONMALLOC=malloc ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1 build/ouro-asan -X leakcheck tests/robust/fail_alloc.py --seconds 1
    run 200 env PYTHONMALLOC=malloc python3.11 tests/fuzz/fuzz.py --ouro build/ouro-asan --python python3.11 --count 60
}

all="layers unit scripts programs docs robust asan"
for part in ${*:-$all}; do
    case " $all " in
    *" $part "*) ;;
    *)
        echo "test.sh: no part $part ($all)" >&2
        exit 2
        ;;
    esac
    start=$(date +%s)
    echo "== $part"
    $part
    echo "($part: $(($(date +%s) - start)) s)"
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
