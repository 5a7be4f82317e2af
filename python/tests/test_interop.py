# SPDX-License-Identifier: Apache-2.0
"""Buffers as tensors of other libraries, and our pool behind their allocators, on the simulated device.

python3 -m unittest discover -s python/tests, with TRIUNE_DEVICE=sim and TRIUNE_C_LIBRARY set.
"""

import ctypes
import importlib
import sys
import types
import unittest
from unittest import mock

from on_manager import MIB, OnManager, triune  # beside this file
from triune import _library

try:
    import numpy
except ImportError:
    numpy = None


class Tensor(ctypes.Structure):
    """As a consumer of DLPack reads it."""

    _fields_ = [("data", ctypes.c_void_p), ("device", ctypes.c_int32 * 2), ("dimensions", ctypes.c_int32),
                ("code", ctypes.c_uint8), ("bits", ctypes.c_uint8), ("lanes", ctypes.c_uint16),
                ("shape", ctypes.POINTER(ctypes.c_int64)), ("strides", ctypes.POINTER(ctypes.c_int64)),
                ("byte_offset", ctypes.c_uint64), ("context", ctypes.c_void_p), ("deleter", ctypes.c_void_p)]


class Consumer:
    """Takes the tensor of a capsule, as another library does, and deletes it."""

    def __init__(self, buffer, **arguments):
        api = ctypes.pythonapi
        api.PyCapsule_GetPointer.restype = ctypes.c_void_p
        api.PyCapsule_GetPointer.argtypes = [ctypes.py_object, ctypes.c_char_p]
        api.PyCapsule_SetName.argtypes = [ctypes.py_object, ctypes.c_char_p]
        capsule = buffer.__dlpack__(**arguments)
        self.address = api.PyCapsule_GetPointer(capsule, b"dltensor")
        api.PyCapsule_SetName(capsule, b"used_dltensor")
        self.tensor = Tensor.from_address(self.address)

    def delete(self):
        ctypes.CFUNCTYPE(None, ctypes.c_void_p)(self.tensor.deleter)(self.address)


class Interop(OnManager):
    def setUp(self):
        super().setUp()
        # Whoever has taken the argument types away from another test's consumer gives them back.
        self.addCleanup(setattr, ctypes.pythonapi.PyCapsule_GetPointer, "argtypes", [ctypes.c_void_p, ctypes.c_char_p])

    def test_dlpack_is_the_memory_itself(self):
        buffer = self.manager.make_buffer("x", (4, 3), "float32")
        self.assertEqual(buffer.__dlpack_device__(), (1, 0))
        consumer = Consumer(buffer)
        tensor = consumer.tensor
        self.assertEqual((tensor.data, list(tensor.shape[:2]), tensor.code, tensor.bits), (buffer.data, [4, 3], 2, 32))
        ctypes.c_float.from_address(tensor.data).value = 9
        self.assertEqual(buffer.download(rows=1).tolist(), [[9, 0, 0]])
        consumer.delete()

    def test_a_tensor_keeps_the_memory_and_refuses_what_would_move_it(self):
        buffer = self.manager.make_buffer("x", 10, stable_address=False)
        consumer = Consumer(buffer)
        for call in (lambda: buffer.resize(9000), buffer.shrink_to_fit, buffer.free):
            with self.assertRaisesRegex(triune.BufferExportedError, "'x' cannot"):
                call()
        buffer.resize(5)
        del buffer, call
        self.assertEqual(self.manager.statistics()["total_allocated_bytes"], 40)
        consumer.delete()
        self.assertEqual(self.manager.statistics()["total_allocated_bytes"], 0)

    def test_a_stable_address_grows_under_a_tensor(self):
        buffer = self.manager.make_buffer("x", 10, max_size_bytes=32 * MIB)
        consumer = Consumer(buffer)
        buffer.ensure_capacity(MIB)
        self.assertEqual(buffer.data, consumer.tensor.data)
        consumer.delete()

    def test_a_capsule_that_nobody_takes_gives_back(self):
        buffer = self.manager.make_buffer("x", 10, stable_address=False)
        capsules = [buffer.__dlpack__(), buffer.__dlpack__(max_version=(1, 0))]
        self.assertRegex(repr(capsules), '"dltensor".*"dltensor_versioned"')
        with self.assertRaises(triune.BufferExportedError):
            buffer.free()
        capsules.clear()
        buffer.free()

    def test_a_consumer_sees_what_was_queued_on_a_stream(self):
        buffer = self.manager.make_buffer("x", 1000, "int32")
        buffer.fill(7, stream=self.manager.stream())
        consumer = Consumer(buffer)
        self.assertEqual(ctypes.c_int32.from_address(consumer.tensor.data + 3996).value, 7)
        consumer.delete()

    def test_what_dlpack_cannot_have_is_a_buffer_error(self):
        buffer = self.manager.make_buffer("x", 10)
        with self.assertRaises(BufferError):
            buffer.__dlpack__(copy=True)
        with self.assertRaises(BufferError):
            buffer.__dlpack__(dl_device=(2, 0))

    def test_the_simulated_device_has_no_cuda_array(self):
        self.assertFalse(hasattr(self.manager.make_buffer("x", 10), "__cuda_array_interface__"))

    def test_the_cuda_array_interface_tells_the_memory(self):
        buffer = self.manager.make_buffer("x", (4, 3), "float32")
        self.manager.simulated = False  # as on a GPU; nothing here touches the device
        told = buffer.__cuda_array_interface__
        self.assertEqual(told, {"shape": (4, 3), "typestr": "<f4", "data": (buffer.data, False), "version": 3,
                                "strides": None, "stream": None})
        self.assertEqual(buffer.__dlpack_device__(), (2, 0))
        buffer.fill(1, stream=0)
        self.assertEqual(buffer.__cuda_array_interface__["stream"], 1)  # 0 is not allowed there
        stream = self.manager.stream()
        buffer.fill(1, stream=stream)
        self.assertEqual(buffer.__cuda_array_interface__["stream"], stream.raw)
        buffer.fill(1)
        self.assertIsNone(buffer.__cuda_array_interface__["stream"])

    @unittest.skipIf(numpy is None, "no NumPy here")
    def test_numpy_reads_buffers_and_views_without_a_copy(self):
        buffer = self.manager.make_buffer("x", (4, 3), "float32", downloads=True)
        seen = numpy.from_dlpack(buffer)
        buffer.fill(3)
        self.assertEqual(seen.tolist(), [[3.0] * 3] * 4)
        buffer.start_download()
        view = numpy.asarray(buffer.wait_for_download())
        self.assertEqual(view.tolist(), seen.tolist())
        self.assertFalse(view.flags.writeable)


class FakeMemory:
    def __init__(self, address, nbytes, owner, device):
        self.address, self.owner = address, owner


class FakeFunctionAllocator:
    def __init__(self, malloc, free):
        self.malloc, self.free = malloc, free


class FakePluggableAllocator:
    """Loads a library and looks for functions in it, as PyTorch's does."""

    def __init__(self, path, malloc, free):
        loaded = ctypes.CDLL(path)
        self.malloc, self.free, self.recorded = getattr(loaded, malloc), getattr(loaded, free), None
        self.malloc.restype = ctypes.c_void_p
        self.malloc.argtypes = [ctypes.c_ssize_t, ctypes.c_int, ctypes.c_void_p]
        self.free.restype, self.free.argtypes = None, [ctypes.c_void_p, *self.malloc.argtypes]

    def allocator(self):
        return types.SimpleNamespace(set_record_stream_fn=lambda address: setattr(self, "recorded", address))


class Allocators(OnManager):
    """What CuPy and PyTorch are given, with stand-ins for what they have for it; on_gpu.py has them themselves."""

    def loaded(self, name, **content):
        module = types.ModuleType(name)
        module.cuda = types.SimpleNamespace(**content)
        patcher = mock.patch.dict(sys.modules, {name: module})
        patcher.start()
        self.addCleanup(patcher.stop)
        return importlib.import_module(f"triune.{name}"), module

    def test_cupy_memory_is_drawn_for_the_current_stream_and_goes_back_with_its_owner(self):
        stream = self.manager.stream()
        ours, cupy = self.loaded("cupy", get_current_stream=lambda: types.SimpleNamespace(ptr=stream.raw),
                                 UnownedMemory=FakeMemory, MemoryPointer=lambda memory, offset: memory,
                                 PythonFunctionAllocator=FakeFunctionAllocator)
        account = self.manager.account("cupy")
        allocate = ours.allocator(account)
        memory = allocate(1000)
        self.assertEqual((memory.address % 256, account.drawn_bytes), (0, 1000))
        address = memory.address
        del memory
        self.assertEqual(account.drawn_bytes, 0)
        self.assertEqual(allocate(1000).address, address)  # its stream gets it back at once
        self.assertEqual(allocate(0).address, 0)
        with self.assertRaises(MemoryError):
            allocate(1 << 40)
        functions = ours.function_allocator(account)
        address = functions.malloc(500, 0)
        self.assertEqual(account.drawn_bytes, 500)
        functions.free(address, 0)
        self.assertEqual(account.drawn_bytes, 0)

    def test_pytorch_finds_the_functions_and_draws_from_the_account(self):
        changed = []
        ours, torch = self.loaded("torch", memory=types.SimpleNamespace(
            CUDAPluggableAllocator=FakePluggableAllocator, change_current_allocator=changed.append))
        account = self.manager.account("torch")
        ours.install(account)
        allocator, = changed
        self.assertEqual(allocator.recorded, ctypes.cast(_library.library.triune_torch_record_stream, ctypes.c_void_p).value)
        address = allocator.malloc(4096, 0, None)
        self.assertEqual((account.drawn_bytes, address % 256), (4096, 0))
        with self.assertRaisesRegex(triune.InvalidArgumentError, "4096 bytes out of another account"):
            ours.allocator(self.manager.account("other"))
        allocator.free(address, 4096, 0, None)
        self.assertEqual(account.drawn_bytes, 0)


if __name__ == "__main__":
    unittest.main()
