# SPDX-License-Identifier: Apache-2.0
"""The layer check, on small trees with one violation each."""

import tempfile
import unittest
from pathlib import Path

from check_layers import ALLOC_ROOMS, KNOWS, REWRITER, main, violations


class CheckLayers(unittest.TestCase):
    def found_in(self, path, text):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            (root / "core" / "triune" / "base").mkdir(parents=True)
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            return list(violations(root))

    def assert_found(self, path, text, part):
        found = self.found_in(path, text)
        self.assertEqual(len(found), 1, found)
        self.assertIn(part, found[0])

    def assert_clean(self, path, text):
        self.assertEqual(self.found_in(path, text), [])

    def test_a_layer_may_include_those_below(self):
        self.assert_clean("core/triune/detail/alloc/central/pool.cpp",
                          "#include <triune/device/device.hpp>\n#include <vector>\n")
        self.assert_clean("core/triune/detail/graph/nodes.hpp", "#include <triune/manage/manager.hpp>\n")
        self.assert_clean("core/triune/graph/graph_arrays.hpp", "#include <triune/detail/manage/storage.hpp>\n")

    def test_the_rooms_of_the_allocator_are_ordered(self):
        for number, room in enumerate(ALLOC_ROOMS):
            for above in ALLOC_ROOMS[:number]:
                self.assert_found(f"core/triune/detail/alloc/{room}/a.hpp", f"#include <triune/alloc/{above}/b.hpp>\n",
                                  f"alloc/{room} may not know alloc/{above}")
            for below in ALLOC_ROOMS[number:]:
                self.assert_clean(f"core/triune/detail/alloc/{room}/a.hpp", f"#include <triune/alloc/{below}/b.hpp>\n")
        self.assert_found("core/triune/detail/alloc/span/a.hpp", "#include <triune/alloc/pool.hpp>\n", "before the rooms")
        self.assert_found("core/triune/detail/alloc/attic/a.hpp", "#include <triune/detail/alloc/span/b.hpp>\n",
                          "attic is no room")

    def test_no_class_has_a_friend_of_a_higher_layer(self):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            for name, text in {
                "detail/graph/arrays.hpp": "class Arrays {\n};\n",
                "manage/buffer.hpp": "class Buffer {\n    friend class Arrays;\n    friend class Growth;\n};\n",
                "detail/manage/growth.hpp": "class Growth {\n};\n",
                "detail/base/lock.hpp": "class Lock {\n    friend class Elsewhere;\n};\n",
            }.items():
                file = root / "core" / "triune" / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8")
            found = list(violations(root))
            self.assertEqual(len(found), 1, found)
            self.assertIn("core/triune/manage/buffer.hpp:2: Arrays: manage may not know graph", found[0])

    def test_the_header_for_c_needs_nothing_and_its_code_knows_no_cuda(self):
        self.assert_clean("c/triune.h", "#include <stddef.h>\n#include <stdint.h>\n")
        self.assert_found("c/triune.h", "#include <stdbool.h>\n", "stddef.h and stdint.h only")
        self.assert_clean("c/buffer.cpp", '#include <triune/manage/manager.hpp>\n#include "call.hpp"\n')
        self.assert_found("c/buffer.cpp", "#include <cuda_runtime_api.h>\n", "behind the seam")
        self.assert_found("c/buffer.cpp", "#include <utils/gpu_memory.hpp>\n", "neither facades nor graphs")

    def test_every_pair_of_layers_is_ordered(self):
        order = ["base", "device", "alloc", "manage", "graph"]  # track stands beside device and alloc
        for low, layer in enumerate(order):
            for above in order[low + 1 :]:
                self.assert_found(f"core/triune/detail/{layer}/a.cpp", f"#include <triune/detail/{above}/b.hpp>\n",
                                  "may not know")
                self.assert_clean(f"core/triune/detail/{above}/a.cpp", f"#include <triune/detail/{layer}/b.hpp>\n")

    def test_a_layer_may_not_include_those_above(self):
        for log in ("core/triune/base/log.hpp", "core/triune/detail/base/log.hpp"):
            self.assert_found(log, "#include <triune/device/device.hpp>\n", "base may not know device")
            self.assert_found(log, "#include <triune/detail/device/b.hpp>\n", "base may not know device")
        self.assert_found("core/triune/detail/track/a.cpp", "//\n#  include <triune/alloc/pool.hpp>\n", "a.cpp:2: ")
        self.assert_found("core/triune/detail/alloc/central/pool.cpp", "#include <triune/detail/track/registry.hpp>\n",
                          "may not know track")
        self.assert_found("core/triune/detail/manage/a.cpp", "#include <triune/detail/graph/nodes.hpp>\n",
                          "may not know graph")

    def test_a_relative_include_counts_like_the_full_name(self):
        self.assert_found("core/triune/detail/base/a.cpp", '#include "../manage/manager.hpp"\n', "may not know manage")

    def test_no_layer_includes_the_umbrella(self):
        self.assert_found("core/triune/detail/manage/a.cpp", "#include <triune/triune.hpp>\n", "umbrella")

    def test_an_unknown_folder_is_no_layer(self):
        self.assert_found("core/triune/misc/a.cpp", "", "misc is no layer")
        self.assert_found("core/triune/detail/misc/a.cpp", "", "misc is no layer")
        self.assert_found("core/triune/detail/a.hpp", "", "detail/a.hpp is no layer")
        self.assert_found("core/triune/other.hpp", "", "other.hpp is no layer")

    def test_what_users_do_not_include_lies_in_detail(self):
        for layer in KNOWS:
            self.assert_clean(f"core/triune/detail/{layer}/pieces.hpp", "")
            for file in ("pieces.hpp", "pieces.cpp", "room/pieces.hpp"):
                self.assert_found(f"core/triune/{layer}/{file}", "", f"belongs in core/triune/detail/{layer}/")

    def test_public_headers_their_sources_and_bounds_lie_in_the_layer(self):
        for file in ("manage/buffer.hpp", "manage/manager.cpp", "device/sim/sim_device.hpp",
                     "device/sim/sim_device_memory.cpp", "alloc/pool.hpp", "manage/download_channel.cpp"):
            self.assert_clean(f"core/triune/{file}", "")
        self.assert_found("core/triune/manage/buffer_pieces.hpp", "", "belongs in core/triune/detail/manage/")
        self.assert_found("core/triune/graph/buffer.hpp", "", "belongs in core/triune/detail/graph/")

    def test_cuda_headers_stay_behind_the_seam(self):
        for header in ("cuda.h", "cuda_runtime_api.h", "cuda_fp16.h", "cudaProfiler.h", "nvtx3/nvToolsExt.h"):
            self.assert_clean("core/triune/detail/device/cuda/a.cpp", f"#include <{header}>\n")
            self.assert_found("core/triune/detail/resource/a.hpp", f"#include <{header}>\n", "device/cuda/ alone")
            self.assert_found("core/triune/detail/device/a.cpp", f"#include <{header}>\n", "device/cuda/ alone")
            self.assert_found("compat/device_buffer.cpp", f"#include <{header}>\n", "device/cuda/ alone")

    def test_cccl_is_for_the_adaptors_headers(self):
        for header in ("cuda/memory_resource", "cuda/std/span", "thrust/device_ptr.h", "cub/cub.cuh"):
            self.assert_clean("core/triune/detail/resource/a.hpp", f"#include <{header}>\n")
            self.assert_clean("core/triune/detail/device/cuda/a.cpp", f"#include <{header}>\n")
            for file in ("core/triune/detail/resource/a.cpp", "core/triune/detail/manage/a.hpp", "core/triune/triune.hpp"):
                self.assert_found(file, f"#include <{header}>\n", "headers of resource/ alone")
            self.assert_found("compat/device_buffer.cpp", f"#include <{header}>\n", "device/cuda/ alone")
            self.assert_found("migration/rules/rule.cpp", f"#include <{header}>\n", "names only")

    def test_the_adaptors_and_the_graph_know_nothing_of_each_other(self):
        self.assert_clean("core/triune/detail/resource/a.hpp", "#include <triune/manage/manager.hpp>\n")
        self.assert_found("core/triune/detail/resource/a.hpp", "#include <triune/graph/b.hpp>\n", "may not know graph")
        self.assert_found("core/triune/detail/graph/a.hpp", "#include <triune/resource/b.hpp>\n", "may not know resource")
        self.assert_found("core/triune/detail/manage/a.hpp", "#include <triune/resource/b.hpp>\n", "may not know resource")

    def test_only_the_device_layer_sees_the_backend(self):
        include = "#include <triune/detail/device/cuda/cuda_device.hpp>\n"
        self.assert_clean("core/triune/detail/device/devices.cpp", include)
        self.assert_found("core/triune/detail/manage/a.cpp", include, "behind the seam")
        self.assert_found("compat/a.cpp", include, "behind the seam")

    def test_the_core_knows_no_facade(self):
        self.assert_found("core/triune/detail/manage/a.cpp", '#include "utils/gpu_memory.hpp"\n', "knows no facade")

    def test_facade_headers_stand_on_the_standard_library(self):
        self.assert_clean("compat/utils/gpu_memory.hpp", '#include "utils/device_buffer.hpp"\n#include <vector>\n')
        self.assert_clean("compat/utils/gpu_memory.cpp", "#include <triune/manage/manager.hpp>\n")
        self.assert_found("compat/utils/gpu_memory.hpp", "#include <triune/manage/manager.hpp>\n", "standard library")
        self.assert_found("compat/gpu/dynamic_buffer_manager.hpp", "#include <boost/config.hpp>\n", "standard library")

    def test_the_rewriter_includes_no_library_code(self):
        self.assert_clean("migration/rules/rule.cpp", '#include "rules/rule.hpp"\n#include <clang/AST/AST.h>\n')
        self.assert_found("migration/rules/rule.cpp", "#include <triune/base/error.hpp>\n", "names only")
        self.assert_found("migration/rules/rule.cpp", '#include "utils/gpu_memory.hpp"\n', "names only")

    def test_every_pair_of_the_rewriters_folders_is_ordered(self):
        for above, folder in enumerate(REWRITER):
            for below in REWRITER[above + 1 :]:
                self.assert_found(f"migration/{below}/a.cpp", f'#include "{folder}/b.hpp"\n', "may not know")
                self.assert_clean(f"migration/{folder}/a.cpp", f'#include "{below}/b.hpp"\n')

    def test_the_rewriters_files_lie_in_its_folders_and_are_included_by_them(self):
        self.assert_found("migration/misc/a.cpp", "", "misc is no folder")
        self.assert_found("migration/a.cpp", "", "a.cpp is no folder")
        self.assert_found("migration/plan/a.cpp", '#include "plan.hpp"\n', "by folder and name")

    def test_no_file_is_longer_than_the_most(self):
        self.assert_clean("core/triune/detail/base/a.cpp", "//\n" * 400)
        self.assert_found("core/triune/detail/base/a.cpp", "//\n" * 401, "401 lines")
        self.assert_found("migration/rules/rule.hpp", "//\n" * 401, "401 lines")

    def test_a_folder_that_is_no_checkout_is_a_usage_error(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(main([folder]), 2)


if __name__ == "__main__":
    unittest.main()
