#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs test programs that were built elsewhere on this machine's GPU and prints one line each.
#   tools/gpu.sh [--sanitizer TOOL] FOLDER [-- COMMAND...]
# Every executable below FOLDER whose name ends in _test or _tests is run with TRIUNE_DEVICE=cuda; COMMAND, such as the
# journey, is run last, the same way. Builds nothing. Exit status 1 where something failed or nothing was found.
# --sanitizer memcheck (or initcheck, racecheck, synccheck) runs each program under compute-sanitizer, where a finding is a
# failure. Calls that the tests make wrongly on purpose are none: errors that an API answers with are not reported.
# GPU_TEST_SECONDS (300; 600 with a sanitizer) bounds each program.
set -uo pipefail

usage() { sed -n '3,9s/^# \{0,1\}//p' "$0" >&2; exit 2; }

under=()
limit=${GPU_TEST_SECONDS:-300}
if [[ ${1-} == --sanitizer ]]; then
    [[ $# -ge 2 ]] || usage
    tool=$(command -v compute-sanitizer || ls /usr/local/cuda*/bin/compute-sanitizer 2>/dev/null | tail -1)
    [[ -n $tool ]] || { echo "gpu.sh: compute-sanitizer is missing: it is part of the CUDA toolkit" >&2; exit 1; }
    under=("$tool" --tool "$2" --error-exitcode 99 --report-api-errors no)
    limit=${GPU_TEST_SECONDS:-600}
    export TRIUNE_TEST_INSTRUMENTED=1
    shift 2
fi
[[ $# -ge 1 && -d $1 && ($# -eq 1 || $2 == --) && $# -ne 2 ]] || usage
folder=$1
shift
[[ ${1-} == -- ]] && shift

if ! nvidia-smi --query-gpu=index,name,driver_version,memory.total --format=csv,noheader; then
    echo "gpu.sh: no GPU here" >&2
    exit 1
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
failures=0
runs=0
printf '%-48s %6s %9s  %s\n' program cases seconds result

run_one() {  # name, command...
    local name=$1 began status cases seconds result
    shift
    began=$(date +%s%N)
    TRIUNE_DEVICE=cuda timeout --kill-after=10 "$limit" "$@" >"$log" 2>&1
    status=$?
    seconds=$(awk -v ns="$(($(date +%s%N) - began))" 'BEGIN { printf "%.2f", ns / 1e9 }')
    cases=$(sed -n 's/^Running \([0-9]*\) test case.*/\1/p' "$log" | head -1)  # Boost.Test's first line
    case $status in
        0) result=passed ;;
        77) result="skipped$(sed -n 's/^skipped\(: .*\)/\1/p' "$log" | head -1)" ;;
        99) result="FAILED: the sanitizer has findings" ;;
        124 | 137) result="FAILED: more than $limit s" ;;
        *) result="FAILED: exit status $status" ;;
    esac
    printf '%-48s %6s %9s  %s\n' "$name" "${cases:--}" "$seconds" "$result"
    runs=$((runs + 1))
    if [[ $result == FAILED* ]]; then
        failures=$((failures + 1))
        tail -n 25 "$log" | sed 's/^/    | /'
    fi
}

# First, that these programs see a GPU at all: a build without CUDA would pass the rest on the simulated device.
seen=$(find "$folder" -type f -perm -u+x -name chosen_device -print -quit)
if [[ -n $seen ]]; then run_one "${seen#"$folder"/}" "$seen"; fi
while IFS= read -r -d '' program; do
    run_one "${program#"$folder"/}" ${under[@]+"${under[@]}"} "$program"
done < <(find "$folder" -type f -perm -u+x \( -name '*_test' -o -name '*_tests' \) -print0 | sort -z)
if [[ $# -gt 0 ]]; then
    run_one "$*" "$@"
    sed 's/^/    | /' "$log" | tail -n 25
fi

echo "$runs runs, $failures failed"
[[ $runs -gt 0 && $failures == 0 ]]
