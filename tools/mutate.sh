#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Breaks the library on purpose, one edit at a time beside a copy of the tree, and says which edits the tests let live.
#   tools/mutate.sh                       all of tools/mutate/mutants, each with the suites of its table
#   tools/mutate.sh --only NAME...        mutants, or whole tables (alloc, manage, graph, track, device)
#   tools/mutate.sh --sample N [--seed N] so many of them, drawn
#   tools/mutate.sh --list | --check      names them; says whether each still fits the text just once
# The copy is in build/mutate (--build DIR); --cmake=OPTION goes to its configuration, --jobs N are judged at once.
# Exit status 1 where a mutant lives or does not fit, 2 where the tests fail without any.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
case "${1:-}" in
    -h | --help) sed -n '2,8s/^# \{0,1\}//p' tools/mutate.sh; exit 0 ;;
esac
exec python3 -B tools/mutate/run.py "$@"
