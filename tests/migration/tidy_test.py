# SPDX-License-Identifier: Apache-2.0
"""The check of clang-tidy, on a unit with legacy names, one with new ones, and one that is none of ours.

Usage: tidy_test.py CLANG_TIDY MODULE LEGACY_HEADERS NEW_HEADERS.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

LEGACY = """#include <utils/gpu_memory.hpp>

template <typename T>
std::size_t never_instantiated(utils::DeviceBuffer<T>& buffer) {
    return buffer.len();
}
using Floats = utils::DeviceBuffer<float>;

int main() {
    auto made = utils::create_managed_buffer<float>(100, "x");
    const auto length = made.as_device_buffer().len();
    return utils::check_gpu_memory_leaks().empty() && length == 100 && made.name() == "x" ? 0 : 1;
}
"""
# Line, name, and what becomes of it. `made.name()` is the same in the new API.
EXPECTED = [
    (1, "utils/gpu_memory.hpp", "TRIUNE1000"), (4, "utils::DeviceBuffer", "Buffer"),
    (5, "utils::DeviceBuffer::len", "size"), (7, "utils::DeviceBuffer", "Buffer"),
    (10, "utils::create_managed_buffer", "default_manager().make_buffer"),
    (11, "utils::ManagedDeviceBuffer::as_device_buffer", "it falls away"), (11, "utils::DeviceBuffer::len", "size"),
    (12, "utils::check_gpu_memory_leaks", "default_manager().report_leaks"),
]
OTHERS = """#include <string>
namespace mine {
struct DeviceBuffer {
    int len() const { return 1; }
};
}  // namespace mine
int main() { return mine::DeviceBuffer().len(); }
"""
WARNING = re.compile(r":(\d+):\d+: warning: .*?'([^']+)' is (?:legacy|included)(.*) \[triune-legacy\]")


def main():
    tidy, module, *folders = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        def told(name, text):
            unit = Path(folder) / name
            unit.write_text(text, encoding="utf-8")
            done = subprocess.run([tidy, f"-load={module}", "-checks=-*,triune-legacy", str(unit), "--", "-std=c++20",
                                   *(f"-I{each}" for each in folders)], capture_output=True, text=True)
            assert "error:" not in done.stdout, done.stdout + done.stderr
            return [(int(line), name, rest) for line, name, rest in WARNING.findall(done.stdout)]

        found = told("legacy.cpp", LEGACY)
        assert [each[:2] for each in found] == [each[:2] for each in EXPECTED], found
        for (_, _, rest), (line, name, words) in zip(found, EXPECTED):
            assert words in rest, (line, name, rest)
        assert told("others.cpp", OTHERS) == []
    return 0


sys.exit(main())
