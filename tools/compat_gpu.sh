#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What the facades promise, on this machine's GPU, against the legacy library: from programs that were built elsewhere.
#   tools/compat_gpu.sh BUILD [-- OPTION...]
# Runs the originals' own tests, the relink clients of every compiler, the copy of snapshots by one thread and by three, and
# the benchmark, to which the OPTIONs go (tools/bench/compat/compat.py). Exit status 1 where something failed or differs;
# the benchmark's verdict is printed only.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [[ $# -lt 1 || ! -d $1 || ($# -gt 1 && $2 != --) ]]; then
    sed -n '3,8s/^# \{0,1\}//p' tools/compat_gpu.sh >&2
    exit 2
fi
build=$1
shift
[[ ${1-} == -- ]] && shift
: "${LEGACY_DEVICE:=cuda}" "${TRIUNE_DEVICE:=cuda}"
export LEGACY_DEVICE TRIUNE_DEVICE
nvidia-smi --query-gpu=name,driver_version --format=csv,noheader 2>/dev/null
nproc
failures=0

section() { printf '\n=== %s\n' "$1"; }

section "the originals' tests"
"$build/tests/legacy/unit/legacy_tests" 2>&1 | grep -v '^\[' | tail -n 20
[[ ${PIPESTATUS[0]} == 0 ]] || failures=$((failures + 1))

for legacy in "$build"/tests/relink/*clients_cxx*_legacy; do
    name=${legacy%_legacy}
    section "relinked: ${name##*/}"
    triune=()
    for kind in triune triune_shared; do
        if [[ -x ${name}_$kind ]]; then triune+=("${name}_$kind"); fi
    done
    python3 -B tests/relink/compare_clients.py --legacy "$legacy" --triune "${triune[@]}" || failures=$((failures + 1))
done

section "snapshots into vectors"
"$build/tools/bench/triune_bench_snapshots" --repeat 30 || failures=$((failures + 1))

section "the legacy library against the facades"
python3 -B tools/bench/compat/compat.py "$build/tools/bench/compat" "$@"
[[ $? -le 1 ]] || failures=$((failures + 1))

printf '\n%d failed\n' "$failures"
[[ $failures == 0 ]]
