# SPDX-License-Identifier: Apache-2.0
"""Managers, their reports, accounts, streams and scopes."""

import ctypes
import json
from typing import NamedTuple, Optional

from . import _library
from ._arguments import Handle, count, here, raw_stream, result, text, text_result
from ._buffer import Buffer
from ._library import library
from ._types import element_type
from .errors import InvalidArgumentError, check


class Leak(NamedTuple):
    """One allocation that is alive."""

    id: int
    name: Optional[str]
    kind: str
    bytes: int
    peak_bytes: int
    age_seconds: float
    file: Optional[str]
    line: int
    function: Optional[str]
    description: str


def _as_dict(struct):
    return {name: getattr(struct, name) for name, *_ in struct._fields_ if name != "struct_size"}


def _decoded(value):
    return None if value is None else value.decode("utf-8", "replace")


class Manager:
    """Named buffers of one device under one limit. Thread-safe."""

    def __init__(self, limit_bytes=_library.DEFAULT_LIMIT_BYTES, device=None):
        ordinal = _library.CURRENT_DEVICE if device is None else count(device, "device")
        self._begin(result("manager_create", ordinal, count(limit_bytes, "limit_bytes")))

    @classmethod
    def default(cls):
        """The one of the current device that is never destroyed."""
        manager = cls.__new__(cls)
        manager._begin(result("manager_default"))
        return manager

    def _begin(self, handle):
        self._handle = Handle(handle, "manager_release")
        device = self.device
        self.simulated, self.ordinal = bool(device["simulated"]), device["ordinal"]

    def make_buffer(self, name, shape, dtype="float32", **config):
        """A buffer that frees its memory when it goes. `shape` is a number of rows or a tuple; names may repeat.

        Options: downloads=False, stable_address=True, zeroed=True, growth_factor=1.5, max_size_bytes, min_size_bytes.
        """
        rows, row, element, settings = _described(shape, dtype, config)
        handle = result("buffer_create", self._handle, text(name, "name"), rows, ctypes.byref(settings), here())
        return Buffer(self, handle, element, row)

    def allocate(self, name, shape, dtype="float32", **config):
        """The manager's own buffer of that name, made where it is new; a known one is left as it is."""
        rows, row, element, settings = _described(shape, dtype, config)
        handle = result("buffer_get_or_create", self._handle, text(name, "name"), ctypes.byref(settings), here())
        buffer = _checked(Buffer(self, handle, element, row), settings.bytes_per_element)
        if buffer.capacity == 0:
            buffer.ensure_capacity(rows)
        return buffer

    def get_buffer(self, name, dtype="float32", row=()):
        """The manager's own buffer of that name, as rows of this shape."""
        element = element_type(dtype)
        handle = result("buffer_find", self._handle, text(name, "name"))
        return _checked(Buffer(self, handle, element, tuple(row)), _row_bytes(element, row))

    def account(self, name="account"):
        return Account(self, name)

    def stream(self):
        return Stream(self)

    def scope(self, name, all_threads=False):
        return Scope(self, name, all_threads)

    def statistics(self):
        """Figures of one moment, as a dict."""
        told = _library.Statistics()
        check(library.triune_manager_statistics(self._handle, ctypes.byref(told)))
        return _as_dict(told)

    @property
    def device(self):
        told = _library.Device()
        check(library.triune_manager_device(self._handle, ctypes.byref(told)))
        return {**_as_dict(told), "name": _decoded(told.name)}

    def leaks(self):
        """What is alive now, most bytes first."""
        handle = result("leaks_list", self._handle)
        try:
            return [_leak(handle, index) for index in range(result("leaks_count", handle, kind=ctypes.c_size_t))]
        finally:
            check(library.triune_leaks_release(handle))

    def snapshot(self):
        """All figures and records of one moment, as JSON is read."""
        return json.loads(text_result("manager_snapshot_json", self._handle))

    def table(self, max_records=10):
        """The same for people."""
        return text_result("manager_snapshot_table", self._handle, count(max_records, "max_records"))

    def trim(self):
        """Gives what no buffer holds back to the device."""
        check(library.triune_manager_trim(self._handle))

    def reset_peak(self):
        check(library.triune_manager_reset_peak(self._handle))


def _row_bytes(element, row):
    size = element.size
    for length in row:
        if count(length, "shape") == 0:
            raise InvalidArgumentError("rows of a buffer have one element at least")
        size *= length
    return size


def _described(shape, dtype, config):
    lengths = tuple(shape) if isinstance(shape, (tuple, list)) else (shape,)
    if not lengths:
        raise InvalidArgumentError("a buffer has one dimension at least")
    element, row = element_type(dtype), lengths[1:]
    settings = _library.BufferConfig(
        bytes_per_element=_row_bytes(element, row), growth_factor=config.pop("growth_factor", 1.5),
        max_size_bytes=count(config.pop("max_size_bytes", ctypes.c_size_t(-1).value), "max_size_bytes"),
        min_size_bytes=count(config.pop("min_size_bytes", 4096), "min_size_bytes"),
        enable_async=int(config.pop("downloads", False)), stable_address=int(config.pop("stable_address", True)),
        zeroed=int(config.pop("zeroed", True)))
    if config:
        raise TypeError(f"no buffer has the option {next(iter(config))!r}")
    return count(lengths[0], "shape"), row, element, settings


def _checked(buffer, row_bytes):
    if buffer.row_bytes != row_bytes:
        raise InvalidArgumentError(f"{buffer.name!r} has rows of {buffer.row_bytes} bytes, not of {row_bytes}")
    return buffer


def _leak(handle, index):
    told = _library.Record()
    check(library.triune_leaks_record(handle, index, ctypes.byref(told)))
    return Leak(told.id, _decoded(told.name), _decoded(told.kind), told.bytes, told.peak_bytes, told.age_seconds,
                _decoded(told.where.file), told.where.line, _decoded(told.where.function), _decoded(told.description))


class Account:
    """Device memory by address, for other libraries, in the manager's totals and limit. Thread-safe."""

    def __init__(self, manager, name="account"):
        self.manager = manager
        handle = result("account_create", manager._handle, text(name, "name"), here())
        self._handle = Handle(handle, "account_release", at_exit=False)  # arrays of other libraries may still be there

    def allocate(self, nbytes, stream=None, alignment=256):
        """The address, for work on the stream; 0 of 0 bytes."""
        return result("account_allocate", self._handle, count(nbytes, "nbytes"), count(alignment, "alignment"),
                      raw_stream(stream)) or 0

    def free(self, address, stream=None):
        """Serves again on that stream at once; without one after all queued work."""
        check(library.triune_account_free(self._handle, count(address, "address"), raw_stream(stream)))

    @property
    def drawn_bytes(self):
        return result("account_drawn_bytes", self._handle, kind=ctypes.c_size_t)


class Stream:
    """A stream of the device, for programs without CuPy or PyTorch."""

    def __init__(self, manager):
        self._handle = Handle(result("stream_create", manager._handle), "stream_release")
        self.raw = result("stream_raw", self._handle) or 0

    def synchronize(self):
        check(library.triune_stream_synchronize(self._handle))

    def __cuda_stream__(self):
        return (0, self.raw)


class Scope:
    """Counts what happens with a manager's buffers inside a `with` block, by its thread or by all."""

    def __init__(self, manager, name, all_threads=False):
        self._asked = (manager._handle, text(name, "name"), int(all_threads))
        self._handle = None

    def __enter__(self):
        self._handle = Handle(result("scope_open", *self._asked), "scope_release")
        return self

    def __exit__(self, *_):
        check(library.triune_scope_close(self._handle))

    def figures(self):
        """So far, or of the whole block, as a dict."""
        told = _library.ScopeFigures()
        check(library.triune_scope_read(self._handle, ctypes.byref(told)))
        return _as_dict(told)

    def describe(self):
        return text_result("scope_describe", self._handle)
