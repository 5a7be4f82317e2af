#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compiles users' programs against the installed headers by each compiler and standard, with warnings as errors.

Usage: consumers_test.py PREFIX PROGRAMS CUDA_INCLUDE_DIR COMPILER... The headers are no system headers here, so their
own warnings count; pkg-config says where they are. CUDA_INCLUDE_DIR may be empty. A compiler that is not here is passed
by with a line; without pkg-config the exit status is 77. Each compiler also links one program of each library, and runs
it.
"""

import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

STRICT = ("-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror")
ENVIRONMENT = dict(os.environ, TRIUNE_DEVICE="sim")


def run(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=ENVIRONMENT)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\nended with {done.returncode}:\n{done.stdout}")
    return done.stdout


def read(compiler, standard, source, flags, more):
    run(compiler, f"-std=c++{'2b' if standard == 23 else standard}", *STRICT, "-fsyntax-only", *more, str(source),
        *(flag for flag in flags if not flag.startswith(("-l", "-L"))))


def main():
    prefix, programs = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    if shutil.which("pkg-config") is None:
        print("skipped: there is no pkg-config")
        sys.exit(77)
    cuda, compilers = sys.argv[3], [name for name in sys.argv[4:] if shutil.which(name)]
    print(*(f"passed by: {name} is not here" for name in sys.argv[4:] if name not in compilers), sep="\n")
    ENVIRONMENT["PKG_CONFIG_PATH"] = ":".join(str(each.parent) for each in prefix.rglob("triune.pc"))
    core = run("pkg-config", "--cflags", "--libs", "triune").split()
    facades = []
    if next(prefix.rglob("triune-compat.pc"), None):
        facades = run("pkg-config", "--cflags", "--libs", "triune-compat").split()
    libraries = next(prefix.rglob("libtriune.so")).parent
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        every_facade = pathlib.Path(folder) / "every_facade.cpp"
        headers = sorted((prefix / "include/triune-compat").glob("[ug]*/*.hpp"))
        includes = [f"#include <{each.parent.name}/{each.name}>\n" for each in headers]
        every_facade.write_text("".join(includes) + "int main() {}\n")
        for compiler in compilers:
            units = [(standard, programs / "first_program.cpp", core, ()) for standard in (20, 23)]
            if facades:
                assert len(headers) >= 5, headers
                units.append((17, programs / "words_of_cxx20.cpp", facades, ()))
                units += [(standard, every_facade, facades, ("-DTRIUNE_NO_DEPRECATION",)) for standard in (17, 20, 23)]
            if cuda:
                with_cuda = ("-isystem", cuda, "-include", "cuda_runtime_api.h")
                units += [(*unit, (*with_cuda, *more)) for *unit, more in units[:1] + units[3:4]]
            list(pool.map(lambda unit, compiler=compiler: read(compiler, *unit), units))
            program = f"{folder}/program"
            run(compiler, "-std=c++20", str(programs / "first_program.cpp"), "-o", program, *core,
                f"-Wl,-rpath,{libraries}")
            assert "5000 positions, the last is 0" in run(program)
            if facades:
                run(compiler, "-std=c++17", "-w", str(programs / "legacy_program.cpp"), "-o", program, *facades,
                    f"-Wl,-rpath,{libraries}")
                run(program)
            print(f"{compiler}: {len(units)} units without a warning")


main()
