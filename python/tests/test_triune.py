# SPDX-License-Identifier: Apache-2.0
"""The package on the simulated device, with the standard library alone.

python3 -m unittest discover -s python/tests, with TRIUNE_DEVICE=sim and TRIUNE_C_LIBRARY set.
"""

import ctypes
import os
import re
import subprocess
import sys
import threading
import unittest
from pathlib import Path

from on_manager import MIB, OnManager, floats, triune  # beside this file
from triune import _library


class Buffers(OnManager):
    def test_what_is_uploaded_comes_back_in_its_shape(self):
        buffer = self.manager.make_buffer("positions", (4, 3), "float32")
        self.assertEqual((buffer.shape, buffer.dtype, buffer.nbytes, len(buffer)), ((4, 3), "float32", 48, 4))
        self.assertEqual(buffer.download().tolist(), [[0.0] * 3] * 4)
        buffer.upload(floats(range(12)))
        self.assertEqual(buffer.download().tolist(), [[0, 1, 2], [3, 4, 5], [6, 7, 8], [9, 10, 11]])
        buffer.upload(floats([7, 7, 7]), first=2)
        self.assertEqual(buffer.download(first=1, rows=2).tolist(), [[3, 4, 5], [7, 7, 7]])

    def test_growth_keeps_the_contents_and_the_address(self):
        buffer = self.manager.make_buffer("x", 1000, "int32", max_size_bytes=32 * MIB)
        buffer.fill(5)
        address = buffer.data
        buffer.ensure_capacity(MIB)
        self.assertEqual(buffer.data, address)
        self.assertEqual(buffer.size, MIB)
        self.assertEqual(buffer.download(first=999, rows=2).tolist(), [5, 0])
        buffer.resize(10)
        self.assertEqual((buffer.size, buffer.capacity >= MIB), (10, True))
        buffer.shrink_to_fit()
        self.assertEqual(buffer.capacity, 10)
        buffer.reserve(20)
        self.assertEqual(buffer.size, 10)

    def test_a_buffer_goes_with_its_last_reference(self):
        buffer = self.manager.make_buffer("x", 100)
        self.assertEqual(self.manager.statistics()["total_allocated_bytes"], 400)
        del buffer
        self.assertEqual(self.manager.statistics()["total_allocated_bytes"], 0)

    def test_a_block_frees_its_buffer(self):
        with self.manager.make_buffer("x", 100) as buffer:
            self.assertEqual(self.manager.statistics()["total_allocated_bytes"], 400)
        self.assertEqual(self.manager.statistics()["total_allocated_bytes"], 0)
        with self.assertRaises(triune.StaleHandleError):
            buffer.fill(1)

    def test_named_buffers_are_the_managers(self):
        self.manager.allocate("named", (10, 3)).fill(1)
        found = self.manager.get_buffer("named", row=(3,))
        self.assertEqual(found.shape, (10, 3))
        self.assertEqual(self.manager.allocate("named", (99, 3)).shape, (10, 3))
        with self.assertRaisesRegex(triune.InvalidArgumentError, "'named' has rows of 12 bytes, not of 4"):
            self.manager.get_buffer("named")
        found.free()
        with self.assertRaisesRegex(triune.StaleHandleError, "named"):
            found.size
        with self.assertRaisesRegex(triune.BufferNotFoundError, "named"):
            self.manager.get_buffer("named")

    def test_every_type_has_its_size_and_format(self):
        for name, size, value in [("bool", 1, True), ("int8", 1, -3), ("uint16", 2, 9), ("int64", 8, -5),
                                  ("uint32", 4, 2**32 - 1), ("float64", 8, 0.25)]:
            buffer = self.manager.make_buffer(name, 3, name)
            buffer.fill(value)
            self.assertEqual((buffer.row_bytes, buffer.download().tolist()), (size, [value] * 3))
        for dtype in ("<f4", "f4", ctypes.c_float, "torch.float32"):
            if dtype is not ctypes.c_float:
                self.assertEqual(self.manager.make_buffer("x", 1, dtype).dtype, "float32")
        self.assertEqual(self.manager.make_buffer("x", 1, float).dtype, "float64")
        with self.assertRaisesRegex(triune.InvalidArgumentError, "'c_float' is none of"):
            self.manager.make_buffer("x", 1, ctypes.c_float)
        pair = self.manager.make_buffer("c", 2, "complex64")
        for value in (bytes(floats([1, 2])), 1 + 2j):
            pair.fill(value)
            self.assertEqual(bytes(pair.download()), bytes(floats([1, 2, 1, 2])))
        half = self.manager.make_buffer("h", 2, "float16")
        half.fill(0.5)
        self.assertEqual(bytes(half.download()), b"\x00\x38" * 2)
        for dtype, value in [("int8", 128), ("uint8", -1), ("int32", 0.5), ("float32", "x"), ("float32", 1e40)]:
            with self.assertRaisesRegex(triune.InvalidArgumentError, f"is no {dtype}"):
                self.manager.make_buffer("x", 1, dtype).fill(value)

    def test_copies_cross_managers(self):
        other = triune.Manager()
        source, target = other.make_buffer("s", 4), self.manager.make_buffer("t", 4)
        source.fill(3)
        target.copy_from(source)
        self.assertEqual(target.download().tolist(), [3.0] * 4)
        with self.assertRaisesRegex(triune.InvalidArgumentError, "'t' has 16 bytes and 's' 20"):
            source.resize(5)
            target.copy_from(source)

    def test_bad_arguments_are_named_and_change_nothing(self):
        make = self.manager.make_buffer
        for wrong, shape, options in [("shape is -1", -1, {}), ("one dimension", (), {}), ("one element", (3, 0), {}),
                                      ("max_size_bytes is -1", 3, {"max_size_bytes": -1})]:
            with self.assertRaisesRegex(triune.InvalidArgumentError, wrong):
                make("x", shape, **options)
        for wrong, name, shape, options in [("'colour'", "x", 3, {"colour": 1}), ("not a str", 7, 3, {}),
                                            ("not an int", "x", 2.5, {})]:
            with self.assertRaisesRegex(TypeError, wrong):
                make(name, shape, **options)
        with self.assertRaisesRegex(triune.InvalidArgumentError, "zero byte"):
            make("a\0b", 3)
        buffer = make("x", (4, 3))
        with self.assertRaisesRegex(triune.InvalidArgumentError, "'x': 8 bytes are no whole rows of 12"):
            buffer.upload(floats([1, 2]))
        with self.assertRaisesRegex(triune.InvalidArgumentError, "x"):
            buffer.upload(floats([1, 2, 3]), first=4)
        with self.assertRaisesRegex(triune.InvalidArgumentError, "do not lie in one piece"):
            buffer.upload(memoryview(floats(range(24)))[::2])
        with self.assertRaisesRegex(triune.InvalidArgumentError, "no row of 12"):
            buffer.fill(b"1234")
        with self.assertRaisesRegex(TypeError, "is no stream"):
            buffer.fill(1, stream="main")
        self.assertEqual(buffer.download().tolist(), [[0.0] * 3] * 4)


class Errors(OnManager):
    def test_every_status_of_the_library_has_its_class(self):
        named = {number for number in range(1, 128) if _library.library.triune_status_name(number)}
        self.assertEqual(named, set(triune.errors.BY_STATUS))
        for number, error in triune.errors.BY_STATUS.items():
            name = _library.library.triune_status_name(number).decode()
            words = re.findall("[A-Z][a-z]+", error.__name__.removesuffix("Error"))
            self.assertEqual(name.removeprefix("TRIUNE_").removesuffix("_ERROR"), "_".join(words).upper())

    def test_errors_are_what_python_calls_them(self):
        with self.assertRaisesRegex(MemoryError, "'big'") as failure:
            self.manager.make_buffer("big", 1 << 40)
        self.assertIsInstance(failure.exception, triune.LimitExceededError)
        self.assertEqual((failure.exception.status, failure.exception.cuda_error), (3, 2))
        with self.assertRaises(ValueError):
            self.manager.make_buffer("x", 1, "nothing")
        self.assertTrue(issubclass(triune.BufferExportedError, BufferError))


class Downloads(OnManager):
    def test_a_download_blocks_nobody_and_is_the_moment_it_was_started(self):
        buffer = self.manager.make_buffer("forces", (5, 2), "int32", downloads=True)
        stream = self.manager.stream()
        self.assertEqual((buffer.latest().sequence, buffer.latest().tolist()), (0, []))
        buffer.fill(1, stream=stream)
        buffer.start_download(stream)
        buffer.fill(2, stream=stream)
        view = buffer.wait_for_download()
        self.assertTrue(buffer.poll_download() in (True, False))
        self.assertEqual((view.shape, view.sequence, view.tolist()), ((5, 2), 1, [[1, 1]] * 5))
        self.assertTrue(view.memory.readonly)
        stream.synchronize()
        self.assertEqual(buffer.download().tolist(), [[2, 2]] * 5)

    def test_a_view_keeps_its_memory_and_its_slot(self):
        buffer = self.manager.make_buffer("x", 3, "int32", downloads=True)
        memories = []
        for value in (1, 2):
            buffer.fill(value)
            buffer.start_download()
            memories.append(buffer.wait_for_download().memory)
        with self.assertRaises(triune.DownloadInFlightError):
            buffer.start_download()
        memories[0] = None
        buffer.start_download()
        del buffer
        self.assertEqual(memories[1].tolist(), [2, 2, 2])

    def test_it_has_to_be_asked_for(self):
        with self.assertRaisesRegex(triune.AsyncNotEnabledError, "'x'"):
            self.manager.make_buffer("x", 3).start_download()
        with self.assertRaises(triune.NoPendingDownloadError):
            self.manager.make_buffer("x", 3, downloads=True).wait_for_download()


class Reports(OnManager):
    def test_leaks_name_the_line_that_made_them(self):
        buffer = self.manager.make_buffer("forgotten", 100)
        line = sys._getframe().f_lineno - 1
        leak, = self.manager.leaks()
        self.assertEqual((leak.name, leak.bytes, leak.line, leak.file), ("forgotten", 400, line, __file__))
        self.assertEqual(leak.function, "test_leaks_name_the_line_that_made_them")
        self.assertIn("forgotten", leak.description)
        self.assertIn("forgotten", self.manager.table())
        self.assertEqual(self.manager.snapshot()["records"][0]["name"], "forgotten")
        del buffer
        self.assertEqual(self.manager.leaks(), [])

    def test_figures_and_the_device_are_told(self):
        self.manager.make_buffer("x", 1000, "float64")
        figures = self.manager.statistics()
        self.assertEqual((figures["peak_allocated_bytes"], figures["limit_bytes"]), (8000, 64 * MIB))
        self.manager.reset_peak()
        self.manager.trim()
        self.assertEqual(self.manager.statistics()["peak_allocated_bytes"], 0)
        self.assertTrue(self.manager.simulated)
        self.assertGreater(self.manager.device["total_bytes"], 0)

    def test_a_scope_counts_what_happens_inside(self):
        with self.manager.scope("frame") as frame:
            buffer = self.manager.make_buffer("x", 25)
            thread = threading.Thread(target=lambda: self.manager.make_buffer("y", 1))
            thread.start()
            thread.join()
        del buffer
        figures = frame.figures()
        self.assertEqual((figures["allocation_count"], figures["free_count"], figures["allocated_bytes"]), (1, 0, 100))
        self.assertIn("frame", frame.describe())
        with triune.scope("of the default manager", all_threads=True) as whole:
            triune.default_manager().make_buffer("x", 10)
        self.assertEqual(whole.figures()["free_count"], 1)

    def test_accounts_are_in_the_totals(self):
        account = self.manager.account("cupy")
        address = account.allocate(1000, stream=0)
        self.assertEqual((account.drawn_bytes, address % 256), (1000, 0))
        self.assertEqual(self.manager.leaks()[0].kind, "account")
        with self.assertRaisesRegex(MemoryError, "'cupy'"):
            account.allocate(1 << 40)
        account.free(address, stream=0)
        self.assertEqual((account.allocate(0), account.drawn_bytes), (0, 0))


class Loading(unittest.TestCase):
    def run_python(self, program, **environment):
        folder = str(Path(__file__).parents[1])
        return subprocess.run([sys.executable, "-B", "-c", program], capture_output=True, text=True,
                              env={**os.environ, "PYTHONPATH": folder, **environment})

    def test_a_library_that_is_not_there_is_named(self):
        done = self.run_python("import triune", TRIUNE_C_LIBRARY="/nowhere/libtriune_c.so")
        self.assertIn("/nowhere/libtriune_c.so", done.stderr)
        self.assertIn("TRIUNE_C_LIBRARY names the library", done.stderr)

    def test_a_program_ends_well_with_all_of_it_alive(self):
        done = self.run_python("import triune; m = triune.Manager(); b = m.make_buffer('x', 10, downloads=True); "
                               "a = m.account(); p = a.allocate(10); c = b.__dlpack__(); b.start_download(); "
                               "v = b.wait_for_download(); s = m.scope('x').__enter__(); t = m.stream(); print('end')")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "end\n", ""))

    def test_every_function_of_the_header_is_described(self):
        header = (Path(__file__).parents[2] / "c/triune.h").read_text(encoding="utf-8")
        declared = set(re.findall(r"^[\w *]+?\btriune_(\w+)\(", re.sub("//[^\n]*", "", header), re.MULTILINE))
        by_name = {"torch_malloc", "torch_free", "torch_record_stream"}  # PyTorch calls these
        self.assertEqual(declared - by_name, set(_library._SIGNATURES) | set(_library._OTHERS))
        for name, arguments in _library._SIGNATURES.items():
            text = re.search(rf"triune_{name}\(([^)]*)\)", header).group(1)
            self.assertEqual(text.count(",") + 1, len(arguments), name)

    def test_structs_are_as_long_as_in_c(self):
        header = (Path(__file__).parents[2] / "c/triune.h").read_text(encoding="utf-8")
        for name, struct in [("place", _library.Place), ("device", _library.Device), ("record", _library.Record),
                             ("statistics", _library.Statistics), ("buffer_config", _library.BufferConfig),
                             ("tensor_shape", _library.TensorShape), ("scope_figures", _library.ScopeFigures)]:
            body = re.search(rf"struct triune_{name} {{(.*?)}}", header, re.DOTALL).group(1)
            fields = re.findall(r"(\w+)(?:\[\d+\])?;", re.sub("//[^\n]*", "", body))
            self.assertEqual(fields, [field for field, *_ in struct._fields_], name)


if __name__ == "__main__":
    unittest.main()
