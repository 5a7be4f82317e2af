# SPDX-License-Identifier: Apache-2.0
"""Checks that triune.h compiles without a warning as every C and C++ that it is for, and gives the same numbers.

Usage: languages_test.py FOLDER C_COMPILER CXX_COMPILER. clang is asked too, where it is there.
"""

import shutil
import subprocess
import sys

FLAGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror", "-fsyntax-only"]
PROGRAM = """
#include <triune.h>
#include <triune.h>

static triune_buffer_config config = TRIUNE_BUFFER_CONFIG_INIT;
int main(void) {
    triune_manager* manager = 0;
    if (triune_manager_create(TRIUNE_CURRENT_DEVICE, TRIUNE_DEFAULT_LIMIT_BYTES, &manager) != TRIUNE_OK) return 1;
    return config.zeroed == 1 && triune_buffer_reserve(0, 1, TRIUNE_NO_STREAM) == TRIUNE_OK ? 0 : 1;
}
"""


def compile_as(compiler, language, standard, folder, program=PROGRAM):
    command = [compiler, "-x", language, f"-std={standard}", *FLAGS, "-I", folder, "-"]
    done = subprocess.run(command, input=program, capture_output=True, text=True)
    return done.returncode == 0, f"{' '.join(command)}\n{done.stderr}"


def main():
    folder, c_compiler, cxx_compiler = sys.argv[1:]
    languages = [(c_compiler, "c", ["c99", "c11", "c17"]), (cxx_compiler, "c++", ["c++11", "c++17", "c++20"])]
    if clang := shutil.which("clang-19") or shutil.which("clang"):
        languages += [(clang, "c", ["c99"]), (clang, "c++", ["c++17"])]
    failed = []
    for compiler, language, standards in languages:
        for standard in standards:
            compiled, told = compile_as(compiler, language, standard, folder)
            failed += [] if compiled else [told]
    print(*failed, sep="\n")
    wrong, _ = compile_as(c_compiler, "c", "c99", folder, "#include <triune.h>\nint x = TRIUNE_NOTHING;\n")
    assert not wrong, "the check lets everything pass"
    sys.exit(1 if failed else 0)


main()
