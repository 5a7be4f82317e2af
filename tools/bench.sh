#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the benchmarks, runs them, prints tables and targets, draws the curves.
#   tools/bench.sh [--build DIR] [--out DIR] [--only NAME...] [--quick]
#       builds in DIR (build/default) and leaves results.json, tables.txt, tables.md and plots/ in --out (bench-result)
#   tools/bench.sh --pack FOLDER [--build DIR]
#       builds, and puts the programs into FOLDER, stripped, to be carried to a machine with a GPU
#   tools/bench.sh --run-only FOLDER [--out DIR] [--only NAME...] [--quick]
#       runs what was packed elsewhere: needs bash and python3 alone
# Without a GPU everything runs briefly on the simulated device, and says so. NAMEs: tools/bench/run.py, PROGRAMS. Peers that are
# found take part: CUB with nvcc, rmm by find_package (CMAKE_PREFIX_PATH), libtorch where TRIUNE_BENCH_TORCH says; in the environment
# BENCH_CMAKE holds options for cmake, such as -DTRIUNE_BENCH_TORCH=DIR. Exit status 1 where a program failed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() { sed -n '3,13s/^# \{0,1\}//p' tools/bench.sh; }
command="tools/bench.sh $*"
build=build/default folder="" pack="" options=()
while [[ $# -gt 0 ]]; do
    case "$1" in
        --build | --out | --run-only | --pack)
            [[ $# -ge 2 ]] || { echo "bench.sh: $1 needs a value" >&2; exit 2; }
            case "$1" in
                --build) build=$2 ;;
                --out) options+=(--out "$2") ;;
                --run-only) folder=$2 ;;
                --pack) pack=$2 ;;
            esac
            shift 2
            ;;
        --only)
            options+=("$1")
            shift
            while [[ $# -gt 0 && $1 != --* ]]; do options+=("$1"); shift; done
            ;;
        --quick) options+=("$1"); shift ;;
        -h | --help) usage; exit 0 ;;
        *) echo "bench.sh: unknown argument '$1' (try --help)" >&2; exit 2 ;;
    esac
done

if [[ -z $folder ]]; then
    ./tools/bootstrap.sh
    read -r -a cmake_options <<<"${BENCH_CMAKE:-}"
    cmake --preset default -B "$build" "${cmake_options[@]}" >/dev/null
    cmake --build "$build" --parallel "$(nproc)" --target triune_bench
    folder=$build
fi
[[ -d $folder ]] || { echo "bench.sh: no folder '$folder'" >&2; exit 2; }

if [[ -n $pack ]]; then
    mkdir -p "$pack"
    for program in "$build"/tools/bench/triune_bench_* "$build"/tools/bench/compat/triune_bench_compat_*; do
        [[ -f $program && -x $program ]] && strip -o "$pack/${program##*/}" "$program"
    done
    git describe --always --dirty >"$pack/commit"
    du -ch "$pack"/* | sed 's/^/  /'
    exit 0
fi
exec python3 -B tools/bench/run.py "$folder" --command "$command" "${options[@]}"
