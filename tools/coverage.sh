#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Measures how much of core/ the tests run: lines and branches, by file in build/coverage/coverage.html.
#   tools/coverage.sh
# The CUDA backend is left out where there is no GPU to run it. The last two lines are `branches: NN.N%`, `lines: NN.N%`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

./tools/bootstrap.sh
command -v gcovr >/dev/null || { echo "coverage.sh: gcovr is missing: apt-get install gcovr" >&2; exit 1; }
cmake --preset coverage -DTRIUNE_MIGRATION=OFF
cmake --build --preset coverage --parallel "$(nproc)"
find build/coverage -name '*.gcda' -delete
# Not what looks at the libraries from outside: counting adds symbols, and asks every program that links them to count too.
ctest --preset coverage --output-on-failure -j2 -E '^(package|relink)\.'

excluded=()
nvidia-smi -L >/dev/null 2>&1 || excluded=(--exclude 'core/triune/detail/device/cuda/')
gcovr --root . --object-directory build/coverage --filter 'core/triune/' "${excluded[@]}" --exclude-throw-branches \
    --html-details build/coverage/coverage.html --print-summary |
    awk '/^lines:/{lines=$2} /^branches:/{branches=$2} END{print "branches: " branches; print "lines: " lines}'
