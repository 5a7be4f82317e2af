#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reads the recipes of packaging/ as Conan, vcpkg and Spack would, with stand-ins for what they call.

Usage: recipes_test.py ROOT CMAKE. Each recipe's version is the project's, each option that it sets is one of CMakeLists.txt,
and what Conan exports is enough to configure the project.
"""

import fnmatch
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import types

ROOT = pathlib.Path(sys.argv[1]).resolve()
CMAKE = sys.argv[2]
LISTS = (ROOT / "CMakeLists.txt").read_text()
VERSION = re.search(r"project\(triune VERSION ([\d.]+)", LISTS).group(1)
OPTIONS = set(re.findall(r"option\((TRIUNE_\w+)", LISTS)) | {"BUILD_SHARED_LIBS", "Clang_DIR"}


def check(condition, message):
    if not condition:
        sys.exit(message)


def module(name, **names):
    made = types.ModuleType(name)
    made.__dict__.update(names)
    sys.modules[name] = made
    return made


def recipe(path):
    names = {"__name__": "recipe"}
    exec(compile(path.read_text(), str(path), "exec"), names)
    return names["Triune"]


def check_options(names, where):
    check(names and set(names) <= OPTIONS, f"{where} sets {sorted(set(names) - OPTIONS)}, which CMakeLists.txt has not")


def conan():
    copied, variables = [], {}

    class Toolchain:
        def __init__(self, _):
            self.cache_variables = variables

        def generate(self):
            pass

    def nothing(*_, **__):
        return types.SimpleNamespace(generate=lambda: None)

    module("conan", ConanFile=object)
    module("conan.tools.cmake", CMake=nothing, CMakeDeps=nothing, CMakeToolchain=Toolchain, cmake_layout=nothing)
    module("conan.tools.files", copy=lambda _, pattern, source, target: copied.append(pattern),
           load=lambda _, path: pathlib.Path(path).read_text())
    made = recipe(ROOT / "packaging/conan/conanfile.py")()
    made.recipe_folder, made.export_sources_folder = str(ROOT / "packaging/conan"), ""
    made.options = types.SimpleNamespace(**made.default_options)
    made.set_version()
    check(made.version == VERSION, f"Conan's version is {made.version}")
    made.generate()
    check_options(variables, "conanfile.py")
    made.export_sources()
    with tempfile.TemporaryDirectory() as folder:
        files = [str(each.relative_to(ROOT)) for top in {pattern.split("/")[0] for pattern in copied}
                 for each in [ROOT / top, *(ROOT / top).rglob("*")] if each.is_file()]
        for name in (name for name in files if any(fnmatch.fnmatch(name, pattern) for pattern in copied)):
            (pathlib.Path(folder) / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, pathlib.Path(folder) / name)
        asked = [f"-D{name}={'ON' if value else 'OFF'}" for name, value in variables.items()]
        done = subprocess.run([CMAKE, "-S", folder, "-B", f"{folder}/build", "-G", "Ninja", *asked, "-DTRIUNE_CUDA=OFF"],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        check(done.returncode == 0, f"what Conan exports cannot be configured:\n{done.stdout}")


def spack():
    set_options, variants = [], set()

    class Base:
        def define(self, name, value):
            set_options.append(name)

        def define_from_variant(self, name, variant):
            check(variant in variants | {"cuda"}, f"package.py has no variant {variant}")
            self.define(name, variant)

        spec = types.SimpleNamespace(satisfies=lambda _: False)

    def nothing(*_, **__):
        pass

    module("spack")
    module("spack.package", CMakePackage=Base, CudaPackage=type("CudaPackage", (), {}), license=nothing, version=nothing,
           depends_on=nothing, variant=lambda name, **_: variants.add(name), join_path=nothing)
    recipe(ROOT / "packaging/spack/package.py")().cmake_args()
    check_options(set_options, "package.py")


def vcpkg():
    port = json.loads((ROOT / "packaging/vcpkg/vcpkg.json").read_text())
    check(port["version"] == VERSION, f"vcpkg's version is {port['version']}")
    used = {name.replace("_", "-") for path in (*ROOT.glob("core/**/*.?pp"), *ROOT.glob("compat/**/*.?pp"))
            for name in re.findall(r"#include <boost/(\w+)[/.]", path.read_text())}
    missing = {f"boost-{name}" for name in used} - {each for each in port["dependencies"] if isinstance(each, str)}
    check(used and not missing, f"vcpkg.json lacks {sorted(missing)}")
    stand_ins = """
function(vcpkg_check_features)
  message("FEATURES ${ARGN}")
  set(features -DTRIUNE_COMPAT=ON -DTRIUNE_CUDA=ON PARENT_SCOPE)
endfunction()
function(vcpkg_cmake_configure)
  message("CONFIGURE ${ARGN}")
endfunction()
foreach(name vcpkg_cmake_install vcpkg_cmake_config_fixup vcpkg_fixup_pkgconfig vcpkg_install_copyright)
  cmake_language(EVAL CODE "macro(${name})\\nendmacro()")
endforeach()
set(CURRENT_PACKAGES_DIR "${CMAKE_CURRENT_BINARY_DIR}/nowhere")
"""
    with tempfile.TemporaryDirectory() as folder:
        script = pathlib.Path(folder) / "port.cmake"
        script.write_text(f'{stand_ins}include("{ROOT}/packaging/vcpkg/portfile.cmake")\n')
        done = subprocess.run([CMAKE, "-P", script], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=folder)
    check(done.returncode == 0, f"portfile.cmake:\n{done.stdout}")
    check_options(re.findall(r"-D(\w+)=", done.stdout), "portfile.cmake")
    check(str(ROOT) + ";" in done.stdout, f"portfile.cmake takes other sources:\n{done.stdout}")
    features = re.search(r"FEATURES .*FEATURES;(.*)", done.stdout).group(1).split(";")
    check(set(features[::2]) == set(port["features"]), f"portfile.cmake knows the features {features[::2]}")
    check_options(features[1::2], "portfile.cmake")


conan()
spack()
vcpkg()
