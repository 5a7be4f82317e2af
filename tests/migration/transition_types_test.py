#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A place that cannot be edited costs itself alone: the objects that it uses keep its old name on a transition type."""
import sys

from workspace import arguments, check, in_project

SOURCE = """#include "utils/unified_gpu_compute.hpp"
#include <functional>
using Reader = utils::NodeVectors (utils::UnifiedGPUCompute::*)();
utils::NodeVectors read(utils::UnifiedGPUCompute& compute) {
    const Reader wait = &utils::UnifiedGPUCompute::wait_for_download_positions;
    compute.start_async_download_positions();
    return (compute.*wait)();
}
std::size_t size(utils::DeviceBuffer<float>& other) { return other.len(); }
"""
TWICE = """template <typename Buffer> unsigned long count(const Buffer& buffer) { return buffer.len(); }
"""
OWN = """#include "utils/device_buffer.hpp"
#include "twice.hpp"
struct Text { unsigned long len() const { return 3; } };
unsigned long all(const utils::DeviceBuffer<float>& buffer) { return count(buffer) + count(Text{}) + buffer.len(); }
"""

# The handler serves both the calls under it, of which one throws the new errors and the other those that stay.
HANDLED = """#include "utils/gpu_memory.hpp"
using Copy = void (utils::DeviceBuffer<float>::*)(const std::vector<float>&);
int call(utils::DeviceBuffer<float>& buffer, Copy copy) {
    try {
        (buffer.*copy)({1.0F});
        utils::get_global_cuda_error_handler()->check_error("copying");
        return utils::DeviceBuffer<float>::zeroed(2).is_empty();
    } catch (const utils::CudaException& e) {
        return static_cast<int>(e.code());
    }
}
int use() {
    utils::DeviceBuffer<float> buffer;
    return call(buffer, &utils::DeviceBuffer<float>::copy_from);
}
"""


def states(report):
    return {(site["line"], site["symbol"]): (site["state"], site["reason"]) for site in report["sites"]}


@in_project({"a.cpp": SOURCE})
def a_pointer_to_a_member_is_the_only_place_that_stays(project):
    result, report = project.run("--fix")
    check(result.returncode == 1, result.stderr)
    left = {place: how for place, how in states(report).items() if how[0] != "migrated"}
    check(left == {(5, "utils::UnifiedGPUCompute::wait_for_download_positions"): ("blocked", "address-taken")}, str(left))
    text = project.text("a.cpp")
    check("#include <triune/transition.hpp>" in text, text)
    check("triune::NodeVectors (triune::transition::GraphArrays::*)()" in text, text)
    check("compute.start_positions_download();" in text, text)
    check("triune::Buffer<float>& other" in text, "only what the place needs is a transition type: " + text)


@in_project({"a.cpp": SOURCE})
def a_second_run_says_what_still_waits_and_changes_nothing(project):
    project.run("--fix")
    text = project.text("a.cpp")
    project.database(["a.cpp"], [f"-I{project.given.new_api}", f"-I{project.given.facades}"])
    result, report = project.run("--fix")
    check(project.text("a.cpp") == text, project.text("a.cpp"))
    check(result.returncode == 1, result.stderr)
    check(not [site for site in report["sites"] if site["state"] == "migrated"], str(report["sites"]))
    waiting = [site["waits_for"] for site in report["sites"] if site["reason"] == "transition" and "waits_for" in site]
    check(waiting and all(each.startswith("a.cpp:5:") for each in waiting), str(report["sites"]))


@in_project({"a.cpp": SOURCE})
def once_the_place_is_mended_the_plain_type_takes_over(project):
    project.run("--fix")
    text = project.text("a.cpp")
    mended = text.replace("const Reader wait = &triune::transition::GraphArrays::wait_for_download_positions;\n", "")
    mended = mended.replace("(compute.*wait)()", "compute.wait_for_positions().to_vectors()")
    check(mended != text, text)
    (project.source / "a.cpp").write_text(mended)
    project.database(["a.cpp"], [f"-I{project.given.new_api}", f"-I{project.given.facades}"])
    result, _ = project.run("--fix")
    check(result.returncode == 0, result.stderr)
    check("transition" not in project.text("a.cpp"), project.text("a.cpp"))


@in_project({"twice.hpp": TWICE, "a.cpp": OWN})
def a_word_of_two_meanings_stays_for_both(project):
    result, report = project.run("--fix")
    check(result.returncode == 1, result.stderr)
    check("buffer.len()" in project.text("twice.hpp"), project.text("twice.hpp"))
    check("buffer.size()" in project.text("a.cpp") and "transition::Buffer<float>" in project.text("a.cpp"),
          project.text("a.cpp"))


@in_project({"a.cpp": HANDLED})
def a_handler_is_doubled_once(project):
    project.run("--fix")
    text = project.text("a.cpp")
    check(text.count("triune::Error") == 1 and text.count("CudaException") == 1, text)
    project.database(["a.cpp"], [f"-I{project.given.new_api}", f"-I{project.given.facades}"])
    project.run("--fix")
    check(project.text("a.cpp") == text, project.text("a.cpp"))


def main():
    given = arguments()
    for test in (a_pointer_to_a_member_is_the_only_place_that_stays,
                 a_second_run_says_what_still_waits_and_changes_nothing,
                 once_the_place_is_mended_the_plain_type_takes_over, a_word_of_two_meanings_stays_for_both, a_handler_is_doubled_once):
        print(test.__name__, flush=True)
        test(given)


if __name__ == "__main__":
    sys.exit(main())
