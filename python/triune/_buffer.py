# SPDX-License-Identifier: Apache-2.0
"""Buffers on the device, and views of their downloads."""

import ctypes

from ._arguments import Handle, count, raw_stream, result
from ._dlpack import capsule
from ._library import NO_STREAM, library
from .errors import InvalidArgumentError, check


class Buffer:
    """A named array of rows on a device. It grows along its first axis.

    CuPy, PyTorch, Numba and JAX see its memory without a copy, by `__cuda_array_interface__` and DLPack. Both keep the
    memory while they use it. With stable_address, as buffers of this package have it at first, growth never moves it.
    Without, growth is refused while a tensor made by DLPack is there; `__cuda_array_interface__` tells an address of
    this moment, and nobody tells when it is used no more.

    Calls with `stream=None` run after all work queued on the device by then and have finished when they return; with a
    stream they are queued there. Thread-safe: one call at a time runs on a buffer.
    """

    def __init__(self, manager, handle, element, row):
        self._manager, self._handle, self._element, self._row = manager, Handle(handle, "buffer_release"), element, row
        self._last_stream = None  # of work that may be under way
        self._sources = []        # host memory that such work may still read or write

    def _ordered(self, stream):
        """The raw stream; notes what may be under way after the call."""
        raw = raw_stream(stream)
        if raw == NO_STREAM:
            self._last_stream, self._sources = None, []
        else:
            self._last_stream = stream
        return raw

    def _keep_for(self, raw, host):
        if raw != NO_STREAM:
            self._sources.append(host)

    def _number(self, what):
        return result(f"buffer_{what}", self._handle, kind=ctypes.c_size_t)

    @property
    def name(self):
        return result("buffer_name", self._handle, kind=ctypes.c_char_p).decode("utf-8", "surrogateescape")

    @property
    def dtype(self):
        """The element type's name, as "float32"."""
        return self._element.name

    @property
    def data(self):
        """The address on the device, as an int; 0 where there is no memory yet."""
        return result("buffer_data", self._handle) or 0

    @property
    def size(self):
        """Rows in use."""
        return self._number("size")

    @property
    def capacity(self):
        """Rows there."""
        return self._number("capacity")

    @property
    def row_bytes(self):
        return self._number("element_size")

    @property
    def shape(self):
        return (self.size, *self._row)

    @property
    def nbytes(self):
        return self.size * self.row_bytes

    def __enter__(self):
        return self

    def __exit__(self, *_):
        """Frees the memory at the end of a `with` block."""
        self.free()

    def __len__(self):
        return self.size

    def __repr__(self):
        return f"<triune.Buffer {self.name!r}: {self.dtype} {self.shape}, capacity {self.capacity}>"

    def reserve(self, rows, stream=None):
        """Raises the capacity to at least so many rows; contents are kept, new ones zero."""
        check(library.triune_buffer_reserve(self._handle, count(rows, "rows"), self._ordered(stream)))

    def ensure_capacity(self, rows, stream=None):
        """The same, and the size to at least so many rows."""
        check(library.triune_buffer_ensure_capacity(self._handle, count(rows, "rows"), self._ordered(stream)))

    def resize(self, rows, stream=None):
        """The size becomes so many rows; memory grows where it has to."""
        check(library.triune_buffer_resize(self._handle, count(rows, "rows"), self._ordered(stream)))

    def shrink_to_fit(self, stream=None):
        """The capacity becomes the size."""
        check(library.triune_buffer_shrink_to_fit(self._handle, self._ordered(stream)))

    def free(self, stream=None):
        """Frees the memory now; every later call raises StaleHandleError."""
        check(library.triune_buffer_free(self._handle, self._ordered(stream)))

    def upload(self, values, first=0, stream=None):
        """Copies anything with the buffer protocol to the rows from `first` on.

        With a stream, `values` must not change until that has run; they are kept until the next call without one.
        """
        source = memoryview(values)
        if not source.c_contiguous:
            raise InvalidArgumentError(f"{self.name!r}: the values to upload do not lie in one piece")
        if source.nbytes % self.row_bytes != 0:
            raise InvalidArgumentError(f"{self.name!r}: {source.nbytes} bytes are no whole rows of {self.row_bytes}")
        host = _address_of(source)
        raw = self._ordered(stream)
        offset = count(first, "first") * self.row_bytes
        check(library.triune_buffer_upload(self._handle, offset, host.address, source.nbytes, raw))
        self._keep_for(raw, host)

    def download(self, first=0, rows=None):
        """A copy of the rows, as a memoryview of the element's format and shape; of bytes for float16 and complex."""
        held = self.size
        rows = max(held - count(first, "first"), 0) if rows is None else count(rows, "rows")
        copy = bytearray(rows * self.row_bytes)
        host = _address_of(memoryview(copy))
        check(library.triune_buffer_download(self._handle, first * self.row_bytes, host.address, len(copy),
                                             self._ordered(None)))
        return _shaped(memoryview(copy), self._element, (rows, *self._row))

    def fill(self, value, stream=None):
        """Every element becomes `value`: a number, or the bytes of a whole row."""
        if isinstance(value, (bytes, bytearray, memoryview)):
            row = bytes(value)
        else:
            row = self._element.packed(value) * (self.row_bytes // self._element.size)
        if len(row) != self.row_bytes:
            raise InvalidArgumentError(f"{self.name!r}: {len(row)} bytes are no row of {self.row_bytes}")
        raw = self._ordered(stream)
        check(library.triune_buffer_fill(self._handle, row, raw))
        self._keep_for(raw, row)

    def copy_from(self, source, stream=None):
        """Copies all of another buffer of the same device and size, perhaps of another manager."""
        if source.nbytes != self.nbytes:
            raise InvalidArgumentError(f"{self.name!r} has {self.nbytes} bytes and {source.name!r} {source.nbytes}")
        check(library.triune_buffer_copy(self._handle, 0, source._handle, 0, source.nbytes, self._ordered(stream)))

    def start_download(self, stream=None, direct=False):
        """Starts a download of what the buffer holds at this place of the stream, or after all work queued by now.

        Never waits. Needs downloads=True. With `direct` the caller leaves the buffer alone until it is complete.
        """
        check(library.triune_download_start(self._handle, raw_stream(stream), 1 if direct else 0))

    def poll_download(self):
        """Whether wait_for_download() would return at once."""
        return result("download_poll", self._handle, kind=ctypes.c_int) != 0

    def wait_for_download(self):
        """The download started last, as a HostView."""
        return HostView(result("download_wait", self._handle), self._element, self._row)

    def latest(self):
        """The newest complete one, at once; an empty view before the first."""
        return HostView(result("download_latest", self._handle), self._element, self._row)

    @property
    def __cuda_array_interface__(self):
        if self._manager.simulated:
            raise AttributeError("the simulated device has no CUDA memory: use DLPack, which shows it as the host's")
        raw = raw_stream(self._last_stream)
        return {
            "shape": self.shape, "typestr": self._element.typestr, "data": (self.data, False), "version": 3,
            "strides": None, "stream": None if raw == NO_STREAM else (raw or 1),
        }

    def __dlpack_device__(self):
        return (1, 0) if self._manager.simulated else (2, self._manager.ordinal)

    def __dlpack__(self, *, stream=None, max_version=None, dl_device=None, copy=None):
        if copy:
            raise BufferError("Triune's buffers are exported without a copy")
        if dl_device is not None and tuple(dl_device) != self.__dlpack_device__():
            raise BufferError(f"the buffer is on the device {self.__dlpack_device__()}, not on {tuple(dl_device)}")
        if self._last_stream is not None and stream != -1:
            self._order_before(stream)
        return capsule(self._handle, self._element, self.shape, versioned=max_version is not None and max_version[0] >= 1)

    def _order_before(self, stream):
        """What is under way comes before what the consumer does on its stream; None is the default one, or the host."""
        if self._manager.simulated:
            if self.nbytes > 0:
                self.download(rows=1)  # waits for all queued work
            return
        first = raw_stream(self._last_stream)
        check(library.triune_manager_order_streams(self._manager._handle, first, 1 if stream is None else stream))


class HostView:
    """A completed download in pinned memory, without a copy. While it lives, a start that would write there is refused.

    Read `memory`, a memoryview, or `tolist()`, or numpy.asarray(view): all of them keep the view. It may outlive its
    buffer and its manager.
    """

    def __init__(self, handle, element, row):
        self._handle, self._element, self._row = Handle(handle, "view_release"), element, row
        address, nbytes = ctypes.c_void_p(), ctypes.c_size_t()
        check(library.triune_view_data(self._handle, ctypes.byref(address), ctypes.byref(nbytes)))
        self._address, self.nbytes = address.value or 0, nbytes.value

    @property
    def sequence(self):
        """Counts the starts of its buffer from 1; 0 before the first."""
        return result("view_sequence", self._handle, kind=ctypes.c_uint64)

    @property
    def shape(self):
        row_bytes = self._element.size
        for length in self._row:
            row_bytes *= length
        return (self.nbytes // row_bytes, *self._row)

    @property
    def memory(self):
        """A read-only memoryview, which keeps this view."""
        if self.nbytes == 0:
            return _shaped(memoryview(bytearray()), self._element, self.shape)
        memory = (ctypes.c_char * self.nbytes).from_address(self._address)
        memory.keeps = self
        return _shaped(memoryview(memory).toreadonly(), self._element, self.shape)

    def tolist(self):
        return self.memory.tolist()

    @property
    def __array_interface__(self):
        return {"shape": self.shape, "typestr": self._element.typestr, "data": (self._address, True), "version": 3}


class _address_of:
    """The address of an object with the buffer protocol, read-only ones too, which it keeps."""

    def __init__(self, memory):
        self._memory = memory
        self.address = None
        if memory.nbytes > 0:
            view = _PyBuffer()
            ctypes.pythonapi.PyObject_GetBuffer(ctypes.py_object(memory), ctypes.byref(view), 0)
            self.address = view.buf
            ctypes.pythonapi.PyBuffer_Release(ctypes.byref(view))


class _PyBuffer(ctypes.Structure):
    """Py_buffer of CPython."""

    _fields_ = [("buf", ctypes.c_void_p), ("obj", ctypes.py_object), ("len", ctypes.c_ssize_t),
                ("itemsize", ctypes.c_ssize_t), ("readonly", ctypes.c_int), ("ndim", ctypes.c_int),
                ("format", ctypes.c_char_p), ("shape", ctypes.c_void_p), ("strides", ctypes.c_void_p),
                ("suboffsets", ctypes.c_void_p), ("internal", ctypes.c_void_p)]


def _shaped(memory, element, shape):
    """A memoryview in the element's format; bytes where Python has none. One of nothing has one dimension."""
    flat = memory.cast("B")
    if not element.format:
        return flat
    return flat.cast(element.format) if 0 in shape or len(shape) == 1 else flat.cast(element.format, shape)
