#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The tests that have no end of their own, or take hours: on what build/default holds, a line each.
#   tools/long.sh                       sequences, interleavings, fuzzing, soak, mutants
#   tools/long.sh --seconds N           so long for each fuzzer and the soak, a sixth of it for the soak on a GPU (3600)
#   tools/long.sh --only STAGE...       sequences, schedule, fuzz, soak, mutants
#   tools/long.sh --build DIR           another build of the default preset
# What a stage prints goes to DIR/long/STAGE.log. Exit status 1 where one failed, 2 where a program is missing.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

seconds=3600
build=build/default
stages=(sequences schedule fuzz soak mutants)
while [[ $# -gt 0 ]]; do
    case "$1" in
        --seconds | --build)
            [[ $# -ge 2 ]] || { echo "long.sh: $1 needs a value" >&2; exit 2; }
            if [[ $1 == --build ]]; then build=$2; else seconds=$2; fi
            shift
            ;;
        --only)
            stages=()
            while [[ $# -ge 2 && $2 != --* ]]; do
                case "$2" in
                    sequences | schedule | fuzz | soak | mutants) stages+=("$2") ;;
                    *) echo "long.sh: unknown stage '$2' (sequences, schedule, fuzz, soak, mutants)" >&2; exit 2 ;;
                esac
                shift
            done
            ;;
        -h | --help) sed -n '3,8s/^# \{0,1\}//p' "$0"; exit 0 ;;
        *) echo "long.sh: unknown argument '$1' (--seconds N, --only STAGE..., --build DIR)" >&2; exit 2 ;;
    esac
    shift
done
[[ $seconds =~ ^[1-9][0-9]*$ ]] || { echo "long.sh: --seconds '$seconds' is no number of seconds" >&2; exit 2; }

logs="$build/long"
failed=0
run() {  # log, command...
    local name=$1 began=$SECONDS status=0
    shift
    [[ -x $1 ]] || { echo "long.sh: '$1' is missing: build the default preset first" >&2; exit 2; }
    mkdir -p "$logs"
    "$@" >"$logs/$name.log" 2>&1 || status=$?
    if [[ $status == 0 ]]; then
        printf '%-16s passed %7d s\n' "$name" $((SECONDS - began))
    else
        printf '%-16s FAILED %7d s, exit status %d: %s\n' "$name" $((SECONDS - began)) "$status" "$logs/$name.log"
        failed=1
    fi
}

fuzz() {
    local program
    cmake --build "$build" --target triune_fuzz >/dev/null || { echo "long.sh: the fuzzers do not build" >&2; exit 2; }
    for program in "$build"/tests/fuzz/fuzz_*; do
        local name=${program##*/}
        mkdir -p "$logs/$name"
        run "$name" "$program" "-max_total_time=$seconds" -timeout=300 -rss_limit_mb=0 -print_final_stats=1 \
            "-artifact_prefix=$logs/$name-" "$logs/$name" "tests/fuzz/corpus/${name#fuzz_}"
    done
}

for stage in "${stages[@]}"; do
    case "$stage" in
        sequences) run sequences "$build/tests/sequences/triune_sequences" --full ;;
        schedule) TRIUNE_SCHEDULE_FURTHER=1 run schedule "$build/tests/schedule/triune_schedule_tests" ;;
        fuzz) fuzz ;;
        soak)
            TRIUNE_DEVICE=sim run soak "$build/tests/soak/triune_soak_tests" -- --seconds "$seconds"
            if nvidia-smi -L >/dev/null 2>&1; then
                TRIUNE_DEVICE=cuda run soak_on_gpu "$build/tests/soak/triune_gpu_soak_tests" \
                    --log_level=message -- --seconds $(((seconds + 5) / 6))
            fi
            ;;
        mutants) run mutants ./tools/mutate.sh ;;
    esac
done
exit "$failed"
