# SPDX-License-Identifier: Apache-2.0
"""Element types: their names, and how array interface, DLPack and memoryview call them."""

import struct
from typing import NamedTuple

from .errors import InvalidArgumentError

_INT, _UINT, _FLOAT, _COMPLEX, _BOOL = 0, 1, 2, 5, 6


class ElementType(NamedTuple):
    name: str
    typestr: str  # array interface
    code: int     # DLPack
    size: int     # bytes
    layout: str   # the struct module; of a complex number for each of its halves

    @property
    def format(self):
        """Of a memoryview; empty where not every Python has one."""
        return "" if self.code == _COMPLEX or self.layout == "e" else self.layout

    def packed(self, value):
        """The bytes of one element. Raises InvalidArgumentError for a value that the type does not have."""
        parts = (complex(value).real, complex(value).imag) if self.code == _COMPLEX else (value,)
        try:
            return struct.pack(f"<{len(parts)}{self.layout}", *parts)
        except (struct.error, OverflowError) as failure:
            raise InvalidArgumentError(f"{value!r} is no {self.name}: {failure}") from None


_ALL = [
    ElementType("bool", "|b1", _BOOL, 1, "?"),
    ElementType("int8", "|i1", _INT, 1, "b"), ElementType("int16", "<i2", _INT, 2, "h"),
    ElementType("int32", "<i4", _INT, 4, "i"), ElementType("int64", "<i8", _INT, 8, "q"),
    ElementType("uint8", "|u1", _UINT, 1, "B"), ElementType("uint16", "<u2", _UINT, 2, "H"),
    ElementType("uint32", "<u4", _UINT, 4, "I"), ElementType("uint64", "<u8", _UINT, 8, "Q"),
    ElementType("float16", "<f2", _FLOAT, 2, "e"), ElementType("float32", "<f4", _FLOAT, 4, "f"),
    ElementType("float64", "<f8", _FLOAT, 8, "d"),
    ElementType("complex64", "<c8", _COMPLEX, 8, "f"), ElementType("complex128", "<c16", _COMPLEX, 16, "d"),
]
_BY_NAME = {each.name: each for each in _ALL}
_BY_NAME |= {each.typestr: each for each in _ALL}
_BY_NAME |= {each.typestr[1:]: each for each in _ALL}
_BY_NAME |= {"bool_": _BY_NAME["bool"], "int": _BY_NAME["int64"], "float": _BY_NAME["float64"],
             "complex": _BY_NAME["complex128"]}


def element_type(dtype):
    """Of a name or typestr ("float32", "<f4"), or a type of Python, NumPy, CuPy or PyTorch."""
    name = dtype if isinstance(dtype, str) else getattr(dtype, "name", None) or getattr(dtype, "__name__", str(dtype))
    known = _BY_NAME.get(name.rpartition(".")[2])
    if known is None:
        raise InvalidArgumentError(f"the dtype {name!r} is none of {', '.join(each.name for each in _ALL)}")
    return known
