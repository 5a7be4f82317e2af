# SPDX-License-Identifier: Apache-2.0
"""Triune for Conan 2: `conan create packaging/conan` in a clone. The sources are those of the clone."""

import os
import re

from conan import ConanFile
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy, load


class Triune(ConanFile):
    name = "triune"
    license = "Apache-2.0"
    description = "One GPU memory manager in place of three"
    topics = ("cuda", "gpu", "memory")
    settings = "os", "compiler", "build_type", "arch"
    package_type = "library"
    options = {"shared": [True, False], "cuda": [True, False], "compat": [True, False]}
    default_options = {"shared": False, "cuda": True, "compat": True}

    @property
    def _root(self):
        return os.path.normpath(os.path.join(self.recipe_folder, "..", ".."))

    def set_version(self):
        lists = load(self, os.path.join(self._root, "CMakeLists.txt"))
        self.version = re.search(r"project\(triune VERSION ([\d.]+)", lists).group(1)

    def export_sources(self):
        for each in ("CMakeLists.txt", "LICENSE", "c/*", "cmake/*", "core/*", "compat/*", "docs/schemas/*",
                     "packaging/pkgconfig/*", "tools/snapshot/*"):
            copy(self, each, self._root, self.export_sources_folder)

    def requirements(self):
        # Our headers include Boost's. spdlog is compiled in, and nobody else sees it.
        self.requires("boost/1.83.0", transitive_headers=True, options={"header_only": True})
        self.requires("spdlog/1.12.0", visible=False)

    def layout(self):
        cmake_layout(self)

    def generate(self):
        CMakeDeps(self).generate()
        toolchain = CMakeToolchain(self)
        toolchain.cache_variables["TRIUNE_CUDA"] = bool(self.options.cuda)
        toolchain.cache_variables["TRIUNE_COMPAT"] = bool(self.options.compat)
        toolchain.cache_variables["TRIUNE_MIGRATION"] = False
        toolchain.cache_variables["TRIUNE_TESTS"] = False
        toolchain.cache_variables["TRIUNE_INSTALL"] = True
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        copy(self, "LICENSE", self.source_folder, os.path.join(self.package_folder, "licenses"))
        CMake(self).install()

    def package_info(self):
        # The package has CMake files of its own, with all targets and triune_track_migration().
        self.cpp_info.set_property("cmake_find_mode", "none")
        self.cpp_info.builddirs = [os.path.join("lib", "cmake", "triune")]
        self.cpp_info.libs = ["triune" if self.options.shared else "triune_core"]
        self.cpp_info.system_libs = ["pthread", "dl", "rt"]
