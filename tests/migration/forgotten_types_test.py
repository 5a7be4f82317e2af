#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Types that are forgotten and named again: what goes in and what comes out changes together, or neither does."""
import sys

from workspace import arguments, check, in_project

OPEN = """#include "utils/device_buffer.hpp"
#include <any>
void* open_block(std::size_t count) {
    return new utils::DeviceBuffer<float>(utils::DeviceBuffer<float>::zeroed(count));
}
"""
CLOSE = """#include "utils/device_buffer.hpp"
void close_block(void* block) { delete static_cast<utils::DeviceBuffer<float>*>(block); }
"""
ANY = """#include "utils/device_buffer.hpp"
#include <any>
#include <memory>
std::any hold(std::shared_ptr<utils::DeviceBuffer<float>> held) { return std::any(held); }
"""
ASKED = """#include "utils/device_buffer.hpp"
#include <any>
#include <memory>
bool holds(std::any& held) { return std::any_cast<std::shared_ptr<utils::DeviceBuffer<float>>>(held) != nullptr; }
"""
EXCEPTIONS = """#include "utils/gpu_memory.hpp"
#include "utils/cuda_error_handling.hpp"
int asked() {
    try {
        auto buffer = utils::create_managed_buffer<float>(4, "asked");
        return 0;
    } catch (const std::exception& error) {
        return dynamic_cast<const utils::CudaException*>(&error) != nullptr ? 2 : 1;
    }
}
"""


@in_project({"open.cpp": OPEN, "close.cpp": CLOSE})
def both_ends_of_a_void_pointer_go_together(project):
    result, _ = project.run("--fix")
    check(result.returncode == 0, result.stderr)
    for name in ("open.cpp", "close.cpp"):
        check("triune::Buffer<float>" in project.text(name) and "utils::" not in project.text(name), project.text(name))


@in_project({"open.cpp": OPEN, "close.cpp": CLOSE})
def one_end_that_stays_keeps_the_other(project):
    result, _ = project.run("--fix", "--exclude=close")
    check(result.returncode == 1 and project.text("close.cpp") == CLOSE, result.stderr)
    check("new utils::DeviceBuffer<float>" in project.text("open.cpp"), project.text("open.cpp"))


@in_project({"hold.cpp": ANY, "asked.cpp": ASKED})
def what_an_any_holds_is_asked_for_by_the_same_type(project):
    result, _ = project.run("--fix", "--exclude=asked")
    check(result.returncode == 1 and "triune::" not in project.text("hold.cpp"), project.text("hold.cpp"))


@in_project({"a.cpp": EXCEPTIONS})
def an_exception_that_is_asked_for_its_type_keeps_its_calls(project):
    result, report = project.run("--fix")
    check(result.returncode == 1 and "utils::create_managed_buffer" in project.text("a.cpp"), project.text("a.cpp"))
    check("handler" in {each["reason"] for each in report["sites"]}, str(report["sites"]))


def main():
    given = arguments()
    for test in (both_ends_of_a_void_pointer_go_together, one_end_that_stays_keeps_the_other,
                 what_an_any_holds_is_asked_for_by_the_same_type, an_exception_that_is_asked_for_its_type_keeps_its_calls):
        test(given)
        print(test.__name__)
    sys.exit(0)


if __name__ == "__main__":
    main()
