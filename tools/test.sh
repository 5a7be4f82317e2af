#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The one command: installs what is missing, builds, and runs every test. Its last line is ctest's summary.
#   tools/test.sh                 sanitized core first, then everything
#   tools/test.sh --quick         everything, without the sanitized builds
#   tools/test.sh --preset NAME   one preset of CMakePresets.json alone
#   tools/test.sh --full          everything, then what takes hours: tools/long.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

presets=(asan tsan default)  # the last one's summary closes the run
full=no
while [[ $# -gt 0 ]]; do
    case "$1" in
        --quick) presets=(default) ;;
        --full) full=yes ;;
        --preset)
            [[ $# -ge 2 ]] || { echo "test.sh: --preset needs a name" >&2; exit 2; }
            presets=("$2")
            shift
            ;;
        -h | --help) sed -n '3,7s/^# \{0,1\}//p' "$0"; exit 0 ;;
        *) echo "test.sh: unknown argument '$1' (--quick, --full, --preset NAME)" >&2; exit 2 ;;
    esac
    shift
done

./tools/bootstrap.sh
if ! nvidia-smi -L >/dev/null 2>&1; then
    echo "test.sh: no GPU here: the tests that need one are skipped, the others use the simulated device"
fi

# The thread sanitizer of g++ 12 and 13 cannot start where the kernel spreads addresses widely, as Ubuntu 24.04's does.
steady=()
if setarch "$(uname -m)" -R true 2>/dev/null; then steady=(setarch "$(uname -m)" -R); fi

summary=""
for preset in "${presets[@]}"; do
    echo "=== $preset: configure"
    cmake --preset "$preset"
    echo "=== $preset: build"
    python3 -B tools/progress.py "build/$preset/last_build.log" \
        cmake --build --preset "$preset" --parallel "$(nproc)"
    echo "=== $preset: test"
    log="build/$preset/last_test.log"
    status=0
    "${steady[@]}" ctest --preset "$preset" --output-on-failure --no-tests=error -j2 2>&1 | tee "$log" || status=$?
    summary="$(grep -E '^[0-9]+% tests passed' "$log" || true)"
    if [[ $status != 0 || -z $summary ]]; then
        echo "test.sh: the tests of preset '$preset' failed"
        echo "${summary:-ctest gave no summary}"
        exit 1
    fi
done
if [[ $full == yes ]]; then
    echo "=== what takes hours"
    ./tools/long.sh
fi
echo "$summary"
