# SPDX-License-Identifier: Apache-2.0
"""DLPack's capsules."""

import ctypes

from ._arguments import result
from ._library import TensorShape

_api = ctypes.pythonapi
_api.PyCapsule_New.restype = ctypes.py_object
_api.PyCapsule_New.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
_api.PyCapsule_IsValid.argtypes = [ctypes.c_void_p, ctypes.c_char_p]
_api.PyCapsule_GetPointer.restype = ctypes.c_void_p
_api.PyCapsule_GetPointer.argtypes = [ctypes.c_void_p, ctypes.c_char_p]

# Name of a capsule that nobody has taken yet, and where its struct has the deleter.
_PLAIN, _VERSIONED = (b"dltensor", 56), (b"dltensor_versioned", 16)
_Deleter = ctypes.CFUNCTYPE(None, ctypes.c_void_p)


@ctypes.PYFUNCTYPE(None, ctypes.c_void_p)
def _drop(capsule_address):
    """Of a capsule that goes: who takes a tensor renames its capsule, and deletes the tensor."""
    for name, deleter_at in (_PLAIN, _VERSIONED):
        if _api.PyCapsule_IsValid(capsule_address, name):
            tensor = _api.PyCapsule_GetPointer(capsule_address, name)
            _Deleter(ctypes.c_void_p.from_address(tensor + deleter_at).value)(tensor)


_drop_address = ctypes.cast(_drop, ctypes.c_void_p)


def capsule(buffer, element, shape, versioned):
    """A capsule with the buffer's memory, of the protocol's version 1 or of the one before versions."""
    lengths = (ctypes.c_int64 * len(shape))(*shape)
    asked = TensorShape(type_code=element.code, type_bits=element.size * 8, dimensions=len(shape), shape=lengths)
    function = "buffer_to_dlpack_versioned" if versioned else "buffer_to_dlpack"
    tensor = result(function, buffer, ctypes.byref(asked))
    return _api.PyCapsule_New(tensor, (_VERSIONED if versioned else _PLAIN)[0], _drop_address)
