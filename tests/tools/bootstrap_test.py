# SPDX-License-Identifier: Apache-2.0
"""tools/bootstrap.sh over a made-up distribution: stand-ins for dpkg-query, apt-get, apt-cache, sudo and id.

Usage: bootstrap_test.py PATH_OF_BOOTSTRAP_SH
"""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SCRIPT = ""


def llvm(version):
    return {f"llvm-{version}-dev", f"libclang-{version}-dev", f"clang-{version}"}


LLVM = llvm(19)
DEBIAN = {
    "g++", "cmake", "ninja-build", "ccache", "git", "python3", "libboost1.81-dev", "libboost-test1.81-dev",
    "libspdlog-dev", "libfmt-dev", "zlib1g-dev", "abigail-tools", "libboost-dev", "libboost-test-dev", "valgrind", "libclang-rt-19-dev",
    "pkg-config", "dpkg-dev", "doxygen",
    "clang-tidy-19", "python3-setuptools", "python3-wheel",
    *LLVM,
}  # fmt: skip
NEEDED_ON_DEBIAN = DEBIAN - {"libboost-dev", "libboost-test-dev"}
UBUNTU = DEBIAN - {"libboost1.81-dev", "libboost-test1.81-dev"} | {"libboost1.83-dev", "libboost-test1.83-dev"}


class Bootstrap(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.bin = self.folder / "bin"
        self.bin.mkdir()
        self.calls = self.folder / "calls"
        self.calls.touch()
        for tool in ("bash", "env", "grep", "sed", "cat", "true"):
            (self.bin / tool).symlink_to(shutil.which(tool))

    def stand_in(self, name, body):
        path = self.bin / name
        path.write_text(f"#!/bin/bash\n{body}\n", encoding="utf-8")
        path.chmod(0o755)

    def distribution(self, offered, installed, user=0, sudo=None):
        state = self.folder / "installed"
        state.write_text("".join(f"{name} installed\n" for name in sorted(installed)), encoding="utf-8")
        (self.folder / "offered").write_text("".join(f"{name}\n" for name in offered), encoding="utf-8")
        self.stand_in("dpkg-query", f"cat {state}; echo 'removed-package config-files'")
        self.stand_in(
            "apt-cache",
            f'if grep -qx -- "$2" {self.folder}/offered; then echo "  Candidate: 1.0"; else echo "  Candidate: (none)"; fi',
        )
        # Installing adds each word that is not an option to what dpkg-query shows.
        self.stand_in(
            "apt-get",
            f'echo "apt-get $*" >> {self.calls}; if [[ $1 == install ]]; then shift; for word in "$@"; do '
            f'[[ $word == -* ]] || echo "$word installed" >> {state}; done; fi',
        )
        self.stand_in("id", f"echo {user}")
        if sudo is not None:
            self.stand_in("sudo", f'[[ $1 == -n ]] && shift; {"exec " if sudo else "exit 1; "}"$@"')

    def run_script(self, *arguments):
        return subprocess.run(
            ["bash", SCRIPT, *arguments], env={"PATH": str(self.bin)}, capture_output=True, text=True, check=False
        )

    def apt_calls(self):
        return self.calls.read_text(encoding="utf-8").splitlines()

    def installed_words(self):
        installs = [line.split() for line in self.apt_calls() if line.startswith("apt-get install")]
        self.assertEqual(len(installs), 1, installs)
        return {word for word in installs[0][2:] if not word.startswith("-")}

    def test_a_complete_machine_is_left_alone(self):
        self.distribution(DEBIAN, NEEDED_ON_DEBIAN)
        result = self.run_script()
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, "", ""))
        self.assertEqual(self.apt_calls(), [])

    def test_a_bare_debian_gets_everything_with_one_update_and_the_second_run_does_nothing(self):
        self.distribution(DEBIAN, set())
        self.assertEqual(self.run_script().returncode, 0)
        self.assertEqual(self.installed_words(), NEEDED_ON_DEBIAN)
        self.assertEqual(len(self.apt_calls()), 2)
        self.assertEqual(self.run_script().returncode, 0)
        self.assertEqual(len(self.apt_calls()), 2)

    def test_a_bare_ubuntu_gets_its_own_boost(self):
        self.distribution(UBUNTU, set())
        self.assertEqual(self.run_script().returncode, 0)
        self.assertEqual(self.installed_words(), UBUNTU - {"libboost-dev", "libboost-test-dev"})

    def test_a_newer_llvm_that_is_complete_serves(self):
        for version in (20, 21, 22):
            with self.subTest(version):
                self.distribution(DEBIAN, NEEDED_ON_DEBIAN - LLVM | llvm(version))
                self.assertEqual(self.run_script().returncode, 0)
                self.assertEqual(self.apt_calls(), [])

    def test_a_newer_llvm_is_installed_where_the_oldest_is_not_offered(self):
        for version in (20, 21, 22):
            with self.subTest(version):
                self.calls.write_text("", encoding="utf-8")
                self.distribution(DEBIAN - LLVM | llvm(version) | llvm(22), NEEDED_ON_DEBIAN - LLVM)
                self.assertEqual(self.run_script().returncode, 0)
                self.assertEqual(self.installed_words(), llvm(version))

    def test_a_newer_llvm_of_which_a_part_is_missing_does_not_serve(self):
        self.distribution(DEBIAN, NEEDED_ON_DEBIAN - LLVM | {"llvm-20-dev", "clang-20"})
        self.assertEqual(self.run_script().returncode, 0)
        self.assertEqual(self.installed_words(), LLVM)

    def test_a_tool_from_elsewhere_needs_no_package(self):
        self.distribution(DEBIAN, NEEDED_ON_DEBIAN - {"cmake"})
        self.stand_in("cmake", "exit 0")
        self.assertEqual(self.run_script().returncode, 0)
        self.assertEqual(self.apt_calls(), [])

    def test_check_names_what_is_missing_and_installs_nothing(self):
        self.distribution(DEBIAN, NEEDED_ON_DEBIAN - {"libspdlog-dev"})
        result = self.run_script("--check")
        self.assertEqual(result.returncode, 1)
        self.assertIn("libspdlog-dev", result.stderr)
        self.assertNotIn("zlib1g-dev", result.stderr)
        self.assertEqual(self.apt_calls(), [])

    def test_a_user_with_sudo_installs_through_it(self):
        self.distribution(DEBIAN, NEEDED_ON_DEBIAN - {"zlib1g-dev"}, user=1000, sudo=True)
        self.assertEqual(self.run_script().returncode, 0)
        self.assertEqual(self.installed_words(), {"zlib1g-dev"})

    def test_a_user_without_rights_is_told_what_to_run(self):
        for sudo in (None, False):
            self.distribution(DEBIAN, NEEDED_ON_DEBIAN - {"zlib1g-dev", "g++"}, user=1000, sudo=sudo)
            result = self.run_script()
            self.assertEqual(result.returncode, 1)
            self.assertIn("sudo apt-get update && sudo apt-get install", result.stderr)
            self.assertIn("g++ zlib1g-dev", result.stderr)
            self.assertEqual(self.apt_calls(), [])

    def test_what_the_distribution_does_not_offer_is_named(self):
        self.distribution(DEBIAN - {"libspdlog-dev"}, NEEDED_ON_DEBIAN - {"libspdlog-dev"})
        result = self.run_script()
        self.assertEqual(result.returncode, 1)
        self.assertIn("libspdlog-dev", result.stderr)

    def test_another_distribution_is_told_what_is_needed(self):
        self.distribution(set(), set())
        for tool in ("dpkg-query", "apt-get", "apt-cache"):
            (self.bin / tool).unlink()
        result = self.run_script()
        self.assertEqual(result.returncode, 1)
        self.assertIn("libspdlog-dev", result.stderr)

    def test_nothing_fails_for_want_of_what_is_optional(self):
        without = NEEDED_ON_DEBIAN - {"valgrind"}
        cases = {
            "it is not offered": (DEBIAN - {"valgrind"}, {}, None),
            "there are no rights": (DEBIAN, {"user": 1000, "sudo": False}, None),
            "there is no network": (DEBIAN, {}, "exit 100"),
            "it cannot be installed": (DEBIAN, {}, "[[ $1 == update ]]"),
        }
        for reason, (offered, rights, apt_get) in cases.items():
            with self.subTest(reason):
                self.distribution(offered, without, **rights)
                if apt_get is not None:
                    self.stand_in("apt-get", apt_get)
                result = self.run_script()
                self.assertEqual((result.returncode, result.stdout.count("installing")), (0, int("installed" in reason)))
                self.assertIn("without the optional valgrind", result.stderr)
                self.assertEqual([line for line in self.apt_calls() if "install" in line], [])

    def test_what_is_optional_is_installed_where_that_is_possible(self):
        self.distribution(DEBIAN, NEEDED_ON_DEBIAN - {"valgrind"})
        self.assertEqual(self.run_script().returncode, 0)
        self.assertEqual(self.installed_words(), {"valgrind"})

    def test_what_is_needed_is_installed_where_the_optional_is_not_offered(self):
        self.distribution(DEBIAN - {"valgrind"}, set())
        self.assertEqual(self.run_script().returncode, 0)
        self.assertEqual(self.installed_words(), NEEDED_ON_DEBIAN - {"valgrind"})

    def test_a_failed_update_fails_where_something_is_needed(self):
        self.distribution(DEBIAN, NEEDED_ON_DEBIAN - {"git"})
        self.stand_in("apt-get", "exit 100")
        self.assertEqual(self.run_script().returncode, 1)

    def test_check_passes_where_only_the_optional_is_missing(self):
        self.distribution(DEBIAN, NEEDED_ON_DEBIAN - {"valgrind"})
        result = self.run_script("--check")
        self.assertEqual(result.returncode, 0)
        self.assertIn("valgrind", result.stderr)
        self.assertEqual(self.apt_calls(), [])

    def test_an_unknown_argument_is_a_usage_error(self):
        self.distribution(DEBIAN, NEEDED_ON_DEBIAN)
        self.assertEqual(self.run_script("--help-me").returncode, 2)

    def test_cuda_is_never_touched(self):
        self.distribution(DEBIAN | {"nvidia-cuda-toolkit"}, set())
        self.run_script()
        self.assertFalse([word for word in self.installed_words() if "cuda" in word or "nvidia" in word])


if __name__ == "__main__":
    SCRIPT = os.path.abspath(sys.argv.pop(1))
    unittest.main()
