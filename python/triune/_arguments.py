# SPDX-License-Identifier: Apache-2.0
"""What Python code passes, as the C interface takes it."""

import ctypes
import sys
import weakref
from pathlib import Path

from ._library import NO_STREAM, Place, library
from .errors import InvalidArgumentError, check

_OWN_FOLDER = str(Path(__file__).parent)


def text(value, what):
    """A name: any string without a zero byte."""
    if not isinstance(value, str):
        raise TypeError(f"{what} is a {type(value).__name__}, not a str")
    if "\0" in value:
        raise InvalidArgumentError(f"{what} {value!r} has a zero byte in it")
    return value.encode("utf-8", "surrogateescape")


def count(value, what):
    """A number of elements or bytes. ctypes would take a negative one for a huge one."""
    number = value.__index__() if hasattr(value, "__index__") else None
    if number is None:
        raise TypeError(f"{what} is a {type(value).__name__}, not an int")
    if not 0 <= number < 1 << 64:
        raise InvalidArgumentError(f"{what} is {number}")
    return number


def raw_stream(stream):
    """Of None (no stream: wait for all), a raw handle, or a stream of this package, CuPy, PyTorch or Numba."""
    if stream is None:
        return NO_STREAM
    if hasattr(stream, "__cuda_stream__"):
        return stream.__cuda_stream__()[1]
    for name in ("raw", "ptr", "cuda_stream", "handle"):
        value = getattr(stream, name, None)
        if value is not None:
            return int(getattr(value, "value", value) or 0)
    if isinstance(stream, int):
        return stream
    raise TypeError(f"a {type(stream).__name__} is no stream: pass a raw handle, None, or a stream of CuPy or PyTorch")


def here():
    """The nearest caller outside this package, for leak lists."""
    frame = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename.startswith(_OWN_FOLDER):
        frame = frame.f_back
    if frame is None:
        return None
    return Place(frame.f_code.co_filename.encode("utf-8", "replace"),
                 frame.f_code.co_name.encode("utf-8", "replace"), frame.f_lineno)


def result(function, *arguments, kind=ctypes.c_void_p):
    """Calls a function whose last argument is the place of its result; answers that."""
    place = kind()
    check(getattr(library, f"triune_{function}")(*arguments, ctypes.byref(place)))
    return place.value


def text_result(function, *arguments):
    """The same of a text that is the caller's."""
    address = result(function, *arguments)
    try:
        return ctypes.string_at(address).decode("utf-8", "replace")
    finally:
        library.triune_text_release(address)


class Handle:
    """Releases a handle of the C interface when the last reference to it goes, and unless said otherwise at exit."""

    def __init__(self, value, release, at_exit=True):
        self._as_parameter_ = ctypes.c_void_p(value)
        weakref.finalize(self, getattr(library, f"triune_{release}"), value).atexit = at_exit
