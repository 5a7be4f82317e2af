# SPDX-License-Identifier: Apache-2.0
"""libtriune_c, found and described for ctypes."""

import ctypes
import os
from ctypes import POINTER, c_char_p, c_double, c_float, c_int, c_int32, c_int64, c_size_t, c_uint8, c_uint32, c_uint64
from ctypes import c_void_p
from pathlib import Path

VERSION = (0, 1)  # major and minor of the interface that this package speaks
NO_STREAM = c_void_p(-1).value
CURRENT_DEVICE = -1
DEFAULT_LIMIT_BYTES = 6 << 30


class Sized(ctypes.Structure):
    """A struct that begins with its own size."""

    def __init__(self, **fields):
        super().__init__(struct_size=ctypes.sizeof(type(self)), **fields)


def _sizes(*names):
    return [(name, c_size_t) for name in names]


class Place(ctypes.Structure):
    _fields_ = [("file", c_char_p), ("function", c_char_p), ("line", c_uint32)]


class Device(Sized):
    _fields_ = [("struct_size", c_size_t), ("ordinal", c_int), ("simulated", c_int),
                *_sizes("free_bytes", "total_bytes"), ("name", ctypes.c_char * 128)]


class Statistics(Sized):
    _fields_ = _sizes("struct_size", "limit_bytes", "total_allocated_bytes", "peak_allocated_bytes", "buffer_count",
                      "allocation_count", "resize_count", "free_count", "async_transfer_count", "pool_reserved_bytes",
                      "pool_live_bytes", "pool_cached_bytes", "pool_waiting_bytes", "pool_idle_bytes", "pool_lost_bytes")


class Record(Sized):
    _fields_ = [("struct_size", c_size_t), ("id", c_uint64), ("name", c_char_p), ("kind", c_char_p),
                *_sizes("bytes", "peak_bytes"), ("age_seconds", c_double), ("where", Place), ("description", c_char_p)]


class BufferConfig(Sized):
    _fields_ = [("struct_size", c_size_t), ("bytes_per_element", c_size_t), ("growth_factor", c_float),
                *_sizes("max_size_bytes", "min_size_bytes"), ("enable_async", c_int), ("stable_address", c_int),
                ("zeroed", c_int)]


class TensorShape(Sized):
    _fields_ = [("struct_size", c_size_t), ("type_code", c_uint8), ("type_bits", c_uint8), ("dimensions", c_int32),
                ("shape", POINTER(c_int64))]


class ScopeFigures(Sized):
    _fields_ = _sizes("struct_size", "allocation_count", "resize_count", "free_count", "allocated_bytes", "freed_bytes",
                      "peak_bytes")


# The arguments of each function; H is a handle, O the place of a result.
H = A = c_void_p
O = POINTER(c_void_p)
N = c_size_t
PN = POINTER(c_size_t)
_SIGNATURES = {
    "manager_create": [c_int, N, O], "manager_default": [O], "manager_release": [H],
    "manager_device": [H, POINTER(Device)], "manager_trim": [H], "manager_reset_peak": [H],
    "manager_statistics": [H, POINTER(Statistics)], "manager_snapshot_json": [H, O],
    "manager_snapshot_table": [H, N, O], "manager_order_streams": [H, A, A],
    "leaks_list": [H, O], "leaks_count": [H, PN], "leaks_record": [H, N, POINTER(Record)], "leaks_release": [H],
    "stream_create": [H, O], "stream_raw": [H, O], "stream_synchronize": [H], "stream_release": [H],
    "buffer_create": [H, c_char_p, N, POINTER(BufferConfig), POINTER(Place), O],
    "buffer_get_or_create": [H, c_char_p, POINTER(BufferConfig), POINTER(Place), O],
    "buffer_find": [H, c_char_p, O], "buffer_free": [H, A], "buffer_release": [H], "buffer_data": [H, O],
    "buffer_size": [H, PN], "buffer_capacity": [H, PN], "buffer_element_size": [H, PN],
    "buffer_name": [H, POINTER(c_char_p)], "buffer_reserve": [H, N, A], "buffer_ensure_capacity": [H, N, A],
    "buffer_resize": [H, N, A], "buffer_shrink_to_fit": [H, A], "buffer_upload": [H, N, A, N, A],
    "buffer_download": [H, N, A, N, A], "buffer_fill": [H, A, A], "buffer_copy": [H, N, H, N, N, A],
    "buffer_to_dlpack": [H, POINTER(TensorShape), O], "buffer_to_dlpack_versioned": [H, POINTER(TensorShape), O],
    "download_start": [H, A, c_int], "download_poll": [H, POINTER(c_int)], "download_wait": [H, O],
    "download_latest": [H, O], "view_data": [H, O, PN], "view_sequence": [H, POINTER(c_uint64)], "view_release": [H],
    "account_create": [H, c_char_p, POINTER(Place), O], "account_allocate": [H, N, N, A, O],
    "account_free": [H, A, A], "account_drawn_bytes": [H, PN], "account_release": [H], "torch_draw_from": [H],
    "scope_open": [H, c_char_p, c_int, O], "scope_close": [H], "scope_read": [H, POINTER(ScopeFigures)],
    "scope_describe": [H, O], "scope_release": [H],
}
_OTHERS = {
    "version": (c_int, []), "status_name": (c_char_p, [c_int]), "status_text": (c_char_p, [c_int]),
    "last_error": (c_char_p, []), "last_cuda_error": (c_int, []), "text_release": (None, [c_void_p]),
}


def _candidates():
    """TRIUNE_C_LIBRARY alone where it is set; else the one in this package, else the system's."""
    named = os.environ.get("TRIUNE_C_LIBRARY")
    if named:
        return [named]
    beside = sorted(str(path) for path in Path(__file__).parent.glob("libtriune_c.so*"))
    return [*beside[:1], "libtriune_c.so.0"]


def _load():
    failures = []
    for path in _candidates():
        try:
            loaded = ctypes.CDLL(path)
        except OSError as failure:
            failures.append(str(failure))
            continue
        for name, arguments in _SIGNATURES.items():
            function = getattr(loaded, f"triune_{name}")
            function.restype, function.argtypes = c_int, arguments
        for name, (result, arguments) in _OTHERS.items():
            function = getattr(loaded, f"triune_{name}")
            function.restype, function.argtypes = result, arguments
        version = loaded.triune_version()
        found = (version // 1000000, version // 1000 % 1000)
        if found != VERSION:
            raise ImportError(f"{path} is Triune {found[0]}.{found[1]}; this package wants {VERSION[0]}.{VERSION[1]}")
        return loaded
    raise ImportError("no libtriune_c: " + "; ".join(failures) + " (TRIUNE_C_LIBRARY names the library to load)")


library = _load()


def library_path():
    """The file that is loaded: other libraries open it by name."""
    if os.path.isabs(library._name):
        return library._name
    with open("/proc/self/maps", encoding="utf-8") as maps:
        for line in maps:
            if "libtriune_c.so" in line:
                return line.split(maxsplit=5)[5].strip()
    return library._name
