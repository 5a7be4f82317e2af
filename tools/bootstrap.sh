#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what building and testing need, on Debian 12 and Ubuntu 24.04. Does nothing where all is there.
#   tools/bootstrap.sh           install what is missing (as root, or through sudo where it asks no password)
#   tools/bootstrap.sh --check   only say what is missing; exit status 1 where something is
# What is optional is installed where that is possible; where it is not, a line says what goes without, and that is no failure.
# CUDA is never touched: with a toolkit the CUDA backend is built too, without one the simulated device alone.
set -euo pipefail

llvm_of() { echo "llvm-$1-dev,libclang-$1-dev,clang-$1"; }

# One need a line: packages of which one is enough, the preferred one first; several joined by commas belong together.
# `command:NAME` counts as there already and is never installed.
needs=(
    "g++ command:g++"
    "cmake command:cmake"
    "ninja-build command:ninja"
    "ccache command:ccache"
    "git command:git"
    "python3 command:python3"
    # Debian 12's default Boost is 1.74 and its 1.81 has fewer warnings; Ubuntu 24.04's default is 1.83.
    "libboost1.81-dev,libboost-test1.81-dev libboost1.83-dev,libboost-test1.83-dev libboost-dev,libboost-test-dev"
    "libspdlog-dev"
    "libfmt-dev"
    # For triune-migrate: one version for all three. Debian 12 has 19, and 22 among its security updates.
    "$(llvm_of 19) $(llvm_of 20) $(llvm_of 21) $(llvm_of 22)"
    "zlib1g-dev"
    "abigail-tools"  # compares the facades' binary interface with the originals'
)
# The same, but without them only a test or two is skipped.
optional=(
    "valgrind command:valgrind"  # counts instructions: the test bench.instructions
    "pkg-config command:pkg-config"     # users without CMake: two tests package.*
    "dpkg-dev command:dpkg-shlibdeps"   # Debian packages: the test package.debian_packages_work_in_a_bare_root
    "doxygen command:doxygen"           # the reference of every public name: the test documents.reference
    "libclang-rt-19-dev libclang-rt-20-dev libclang-rt-21-dev libclang-rt-22-dev"  # libFuzzer: the tests fuzz.*
    "clang-tidy-19 clang-tidy-20 clang-tidy-21"  # loads the rewriter's check: the test migration.tidy
    "python3-setuptools,python3-wheel"  # build the Python package: the test python.wheel
)

check_only=no
case "${1-}" in
    "") ;;
    --check) check_only=yes ;;
    -h | --help) sed -n '3,7s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "bootstrap.sh: unknown argument '$1' (--check or none)" >&2; exit 2 ;;
esac

# Every installed package, once: one look at the package database serves all questions.
declare -A installed=()
if command -v dpkg-query >/dev/null; then
    while read -r package state; do
        [[ $state == installed ]] && installed["${package%%:*}"]=yes
    done < <(dpkg-query -W -f '${Package} ${db:Status-Status}\n' 2>/dev/null)
fi

is_there() {  # one choice: command:NAME, or packages joined by commas
    local package
    if [[ $1 == command:* ]]; then command -v "${1#command:}" >/dev/null; return; fi
    for package in ${1//,/ }; do [[ ${installed[$package]-} == yes ]] || return 1; done
}

is_met() {  # a need: one of its choices is there
    local choice
    for choice in $1; do
        if is_there "$choice"; then return; fi
    done
    return 1
}
missing=() missed=()
for need in "${needs[@]}"; do is_met "$need" || missing+=("$need"); done
for need in "${optional[@]}"; do is_met "$need" || missed+=("$need"); done
if [[ ${#missing[@]} == 0 && ${#missed[@]} == 0 ]]; then exit 0; fi

# Ends the script where nothing is missing but what is optional.
go_without() {
    [[ ${#missing[@]} == 0 ]] || return 0
    echo "bootstrap.sh: going without the optional ${missed[*]%% *}" >&2
    exit 0
}

if [[ $check_only == yes ]]; then
    go_without
    echo "bootstrap.sh: missing (one of each line):" >&2
    printf '  %s\n' "${missing[@]}" >&2
    exit 1
fi
if ! command -v apt-get >/dev/null; then
    go_without
    echo "bootstrap.sh knows Debian and Ubuntu only. Please install the like of (one of each line):" >&2
    printf '  %s\n' "${missing[@]}" >&2
    exit 1
fi

as_root=()
if [[ $(id -u) != 0 ]]; then
    if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        as_root=(sudo -n)
    else
        as_root=(no)
    fi
fi

if [[ ${as_root[0]-} != no ]]; then
    echo "bootstrap.sh: ${#missing[@]} needs are missing, ${#missed[@]} optional; refreshing the package lists"
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq || { go_without; exit 1; }
else
    go_without
fi

# The first choice of each need that this distribution offers.
is_offered() {
    local package policy
    [[ $1 != command:* ]] || return 1
    for package in ${1//,/ }; do
        # Not through a pipe: a reader that stops early would fail the writer, and with pipefail the answer.
        policy=$(LC_ALL=C apt-cache policy "$package" 2>/dev/null)
        [[ $policy == *'Candidate: '[!\(]* ]] || return 1
    done
}
packages=()
add_packages_of() {  # a need; fails where no choice is offered
    local choice
    local -a chosen
    for choice in $1; do
        if is_offered "$choice"; then
            IFS=, read -r -a chosen <<<"$choice"
            packages+=("${chosen[@]}")
            return
        fi
    done
    return 1
}
for need in "${missing[@]}"; do
    add_packages_of "$need" && continue
    if [[ ${as_root[0]-} == no ]]; then  # the lists may be old: name the preferred one
        IFS=, read -r -a chosen <<<"${need%% *}"
        packages+=("${chosen[@]}")
    else
        echo "bootstrap.sh: this distribution offers none of: $need" >&2
        exit 1
    fi
done
for need in "${missed[@]}"; do add_packages_of "$need" || go_without; done

if [[ ${as_root[0]-} == no ]]; then
    echo "bootstrap.sh: not root, and sudo asks for a password. Please run:" >&2
    echo "  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages[*]}" >&2
    exit 1
fi
echo "bootstrap.sh: installing ${packages[*]}"
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" ||
    { go_without; exit 1; }
