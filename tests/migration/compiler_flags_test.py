#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Units that are built by other compilers: nvcc's flags, gcc's, OpenMP's."""
import json
import pathlib
import sys

from workspace import arguments, check, in_project, legacy


@in_project({"a.cpp": legacy("a") + """
#if !defined(FROM_XCOMPILER) || !defined(FROM_FILE) || !defined(SPELLED_OUT)
#error a flag was lost
#endif
""", "flags.rsp": "-DFROM_FILE --system-include SYSTEM"})
def the_flags_of_nvcc_are_translated(project):
    project.database(["a.cpp"])
    database = json.loads((project.build / "compile_commands.json").read_text())
    database[0]["arguments"] = ["/opt/cuda/bin/nvcc", "-forward-unknown-to-host-compiler", "-Xcompiler=-fPIC,-DFROM_XCOMPILER",
                                "--generate-code=arch=compute_90,code=[sm_90]", "-rdc=true", "--threads", "4", "-lineinfo",
                                "--options-file", str(project.source / "flags.rsp"), "--define-macro", "SPELLED_OUT",
                                "--expt-relaxed-constexpr", "-std", "c++17", f"-I{project.given.legacy}", "-x", "cu", "-c",
                                str(project.source / "a.cpp"), "-o", "a.o"]
    (project.build / "compile_commands.json").write_text(json.dumps(database))
    result, report = project.run("--fix", "--extra-arg=-xc++", "--extra-arg=-nocudainc")
    check(report["units"]["failed"] == 0 and result.returncode == 0, result.stderr)


KERNELS = """#include "utils/gpu_memory.hpp"
#include <cuda_runtime.h>

#ifdef __CUDA_ARCH__
static_assert(__CUDA_ARCH__ >= 750);
#endif

__global__ void fill(float* values, unsigned count) {
    __shared__ float first;
    const unsigned at = blockIdx.x * blockDim.x + threadIdx.x;
    if (at == 0) first = 1.0F;
    __syncthreads();
    if (at < count) values[at] = first;
}

std::size_t launch(const utils::MultiStreamManager& streams) {
    auto buffer = utils::create_managed_buffer<float>(64, "filled");
    float* const values = buffer.as_device_buffer_mut().as_device_ptr();
    fill<<<1, 64, 0, static_cast<cudaStream_t>(streams.get_compute_stream().handle())>>>(values, 64);
    return buffer.size_bytes();
}
"""


def compile_with_nvcc(project, toolkit):
    database = json.loads((project.build / "compile_commands.json").read_text())
    database[0]["arguments"] = [f"{toolkit}/bin/nvcc", "-forward-unknown-to-host-compiler", "-ccbin=g++", "-std=c++17", "-O2",
                                "--generate-code=arch=compute_75,code=[compute_75,sm_75]",
                                "--generate-code=arch=compute_90,code=[sm_90]", "--extended-lambda", "-Xcompiler=-fPIC,-Wall",
                                "-Xcudafe", "--diag_suppress=177", "-ptxas-options=-v", "-isystem", f"{toolkit}/include",
                                f"-I{project.given.legacy}", "-x", "cu", "-rdc=true", "-c", str(project.source / "a.cu"), "-o", "a.o"]
    (project.build / "compile_commands.json").write_text(json.dumps(database))


@in_project({"a.cu": KERNELS})
def a_unit_of_nvcc_parses_with_the_toolkit_s_headers(project):
    toolkit = pathlib.Path("/usr/local/cuda")
    if not (toolkit / "include" / "cuda_runtime.h").exists():
        print("  passed by: there is no toolkit")
        return
    compile_with_nvcc(project, toolkit)
    result, report = project.run("--fix")
    check(result.returncode == 0 and report["units"]["parsed"] == 1, result.stderr)
    text = project.text("a.cu")
    check("fill<<<1, 64, 0, static_cast<cudaStream_t>(streams.compute().handle())>>>(values, 64);" in text, text)
    check("values = buffer.data();" in text, text)


@in_project({"a.cu": legacy("a") + """
__host__ __device__ inline float twice(float value) { return 2 * value; }
__global__ void scale(float* values, unsigned count);
"""})
def a_unit_of_nvcc_parses_where_there_is_no_toolkit(project):
    compile_with_nvcc(project, "/no/such/toolkit")
    # What the tool does by itself where it finds no toolkit; this machine may have one.
    result, report = project.run("--fix", "--extra-arg=-nocudainc")
    check(result.returncode == 0 and report["units"]["parsed"] == 1, result.stderr)
    check("triune::" in project.text("a.cu"), project.text("a.cu"))


@in_project({"a.cpp": legacy("a") + """
int sum(const int* values, int count) {
    int result = 0;
#pragma omp parallel for reduction(+ : result)
    for (int at = 0; at < count; ++at) result += values[at];
    return result;
}
"""})
def units_with_openmp_parse_without_its_headers(project):
    project.database(["a.cpp"], ["-fopenmp", "-Wno-unknown-pragmas", "-fopenmp-simd"])
    result, report = project.run("--fix")
    check(result.returncode == 0 and report["units"]["parsed"] == 1, result.stderr)


@in_project({"a.cpp": legacy("a"), "pch.hpp": "#define FROM_PCH 1\n", "b.cpp": "#ifndef FROM_PCH\n#error no pch\n#endif\n" + legacy("b")})
def flags_that_gcc_alone_knows_and_its_precompiled_headers_do_not_matter(project):
    (project.source / "pch.hpp.gch").write_bytes(b"gpch.013 is not for Clang")
    project.database(["a.cpp", "b.cpp"], ["-fno-such-gcc-flag", "-mno-such-machine", "--param=ggc-min-expand=20",
                                          "-Wno-such-warning", "-fimplicit-constexpr", "-Winvalid-pch", "-include",
                                          str(project.source / "pch.hpp")])
    result, report = project.run("--fix")
    check(result.returncode == 0 and report["units"]["parsed"] == 2, result.stderr)


@in_project({"a.cpp": legacy("a") + """
#if !defined(FROM_WP) || !defined(ALSO) || !defined(__OPTIMIZE__) || !defined(__AVX2__) || !defined(__SANITIZE_ADDRESS__)
#error a flag was lost
#endif
""", "b.cpp": legacy("b") + "#ifndef __cpp_concepts\n#error no concepts\n#endif\n"})
def flags_that_decide_code_are_kept(project):
    project.database(["a.cpp", "b.cpp"], ["-Wp,-DFROM_WP,-D,ALSO,-MD,a.d", "-O2", "-march=x86-64-v3", "-mtune=native",
                                          "-fsanitize=address,no-such-sanitizer", "-fconcepts"])
    result, report = project.run("--fix")
    check(result.returncode == 0 and report["units"]["parsed"] == 2, result.stderr)
    check("'-fsanitize=no-such-sanitizer' is left out" in result.stderr and "'-fconcepts' is read as" in result.stderr,
          result.stderr)


@in_project({"a.cpp": legacy("a")})
def a_processor_that_the_parser_does_not_know_is_left_out_with_a_note(project):
    project.database(["a.cpp"], ["-march=no-such-processor"])
    result, report = project.run("--fix")
    check(result.returncode == 0 and "no-such-processor' is left out" in result.stderr, result.stderr)


def main():
    given = arguments()
    for test in (the_flags_of_nvcc_are_translated, flags_that_gcc_alone_knows_and_its_precompiled_headers_do_not_matter,
                 a_unit_of_nvcc_parses_with_the_toolkit_s_headers, a_unit_of_nvcc_parses_where_there_is_no_toolkit,
                 units_with_openmp_parse_without_its_headers, flags_that_decide_code_are_kept,
                 a_processor_that_the_parser_does_not_know_is_left_out_with_a_note):
        print(test.__name__, flush=True)
        test(given)


if __name__ == "__main__":
    sys.exit(main())
