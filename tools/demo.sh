#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Takes a legacy application through the whole journey: run, relink, migrate, rebuild, run again, compare.
#   tools/demo.sh [--output DIR] [--nodes N] [--frames N]
#       the application of tests/legacy/application, on this machine's package database
#   tools/demo.sh --project DIR -p BUILD [--output DIR] [--tool TRIUNE-MIGRATE]
#       your own tree: DIR is copied, never changed; BUILD holds its compile_commands.json; with --tool nothing is built
# Leaves its results in DIR (demo-result). Exit status 1 where a comparison fails.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
output="$root/demo-result"
project="" build="" migrate="" nodes=() frames=()
while [[ $# -gt 0 ]]; do
    case "$1" in
        --output | --project | --tool | -p | --nodes | --frames)
            [[ $# -ge 2 ]] || { echo "demo.sh: $1 needs a value" >&2; exit 2; }
            case "$1" in
                --output) output=$(realpath -m "$2") ;;
                --project) project=$(realpath -m "$2") ;;
                --tool) migrate=$(realpath -m "$2") ;;
                -p) build=$(realpath -m "$2") ;;
                --nodes) nodes=(--nodes "$2") ;;
                --frames) frames=(--frames "$2") ;;
            esac
            shift 2
            ;;
        -h | --help) sed -n '3,9s/^# \{0,1\}//p' "$0"; exit 0 ;;
        *) echo "demo.sh: unknown argument '$1' (try --help)" >&2; exit 2 ;;
    esac
done
if [[ -n $project || -n $build ]]; then
    [[ -d $project ]] || { echo "demo.sh: --project names no folder: '$project'" >&2; exit 2; }
    [[ -f $build/compile_commands.json ]] || { echo "demo.sh: no compile_commands.json in '$build' (-p BUILD)" >&2; exit 2; }
    [[ $output/ != "$project"/* ]] || { echo "demo.sh: --output lies in the project, which is not changed: '$output'" >&2; exit 2; }
fi
if [[ -n $migrate ]]; then
    [[ -n $project && -x $migrate ]] || { echo "demo.sh: --tool goes with --project and names a program: '$migrate'" >&2; exit 2; }
fi

jobs=$(nproc)
work="$root/build/demo"
stage="$work/stage"
application="$root/tests/legacy/application"
began=$SECONDS
step=0

say() { printf '\n\033[1m== %d. %s\033[0m\n' "$((++step))" "$*"; }
# Runs a command whose output matters only where it fails.
quietly() {
    local log="$work/last.log"
    if ! "$@" >"$log" 2>&1; then
        tail -n 60 "$log" >&2
        echo "demo.sh: failed: $*" >&2
        exit 1
    fi
}
# The same of a build, which takes minutes: says how far it is.
compile() { python3 -B "$root/tools/progress.py" "$work/last.log" cmake --build "$@" || exit 1; }
fresh() { rm -rf "$1" && mkdir -p "$1"; }

build_triune() {
    say "Build Triune: the core, the facades and triune-migrate"
    ./tools/bootstrap.sh
    quietly cmake --preset default
    targets=(triune_installed triune-migrate)
    [[ -n $project ]] || targets+=(legacy_gpu)
    compile --preset default --parallel "$jobs" --target "${targets[@]}"
    quietly cmake --install build/default --prefix "$stage"
    migrate="$stage/bin/triune-migrate"
}

mkdir -p "$work" "$output"
[[ -n $migrate ]] || build_triune
compat="$stage/include/triune-compat"
if [[ -n $project ]]; then :; elif nvidia-smi -L >/dev/null 2>&1; then echo "GPU: $(nvidia-smi -L | head -1)"; else
    echo "No GPU here: Triune runs on its simulated device, the application on its CPU path."
fi

# Prints how much a unified diff changes.
diff_shape() {
    awk '/^\+\+\+ /{files++} /^\+[^+]/||/^\+$/{added++} /^-[^-]/||/^-$/{removed++}
         END{printf "  %d files changed, %d lines added, %d removed\n", files, added, removed}' "$1"
}
# triune-migrate's exit status is an answer (1: sites remain), not always a failure.
migrate_run() {
    local status=0
    "$migrate" "$@" || status=$?
    return $((status > 1 ? status : 0))
}
source "$root/tools/demo/$([[ -n $project ]] && echo project || echo journey).sh"
printf '\nDone in %d s. Everything is in %s\n' "$((SECONDS - began))" "$output"
