# SPDX-License-Identifier: Apache-2.0
"""Triune for Spack: in a repository of yours, `spack dev-build triune@main` in a clone."""

from spack.package import *


class Triune(CMakePackage, CudaPackage):
    """One GPU memory manager in place of three."""

    license("Apache-2.0")

    # There is no archive to fetch: the sources are those of the clone.
    version("main", branch="main")

    variant("shared", default=True, description="triune::core is the shared library")
    variant("compat", default=True, description="Build the deprecated facades")
    variant("migrate", default=False, description="Build triune-migrate, the rewriter")

    depends_on("cxx", type="build")
    depends_on("c", type="build", when="+migrate")
    depends_on("cmake@3.25:", type="build")
    depends_on("boost@1.74:", type=("build", "link"))
    depends_on("spdlog", type="build")
    depends_on("cuda@12:", when="+cuda")
    depends_on("llvm@19:22 +clang", when="+migrate")

    def cmake_args(self):
        args = [
            self.define_from_variant("BUILD_SHARED_LIBS", "shared"),
            self.define_from_variant("TRIUNE_CUDA", "cuda"),
            self.define_from_variant("TRIUNE_COMPAT", "compat"),
            self.define_from_variant("TRIUNE_MIGRATION", "migrate"),
            self.define("TRIUNE_TESTS", False),
            self.define("TRIUNE_INSTALL", True),
        ]
        if self.spec.satisfies("+migrate"):
            args.append(self.define("Clang_DIR", join_path(self.spec["llvm"].prefix.lib, "cmake", "clang")))
        return args
