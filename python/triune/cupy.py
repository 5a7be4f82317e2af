# SPDX-License-Identifier: Apache-2.0
"""CuPy draws from Triune's pool.

    account = manager.account("cupy")
    cupy.cuda.set_allocator(triune.cupy.allocator(account))
"""

import weakref


class _Piece:
    """Memory that goes back on the stream that it was drawn for when CuPy's last reference to it goes."""

    def __init__(self, account, nbytes, stream):
        self.address = account.allocate(nbytes, stream)
        weakref.finalize(self, account.free, self.address, stream).atexit = False


def allocator(account):
    """For cupy.cuda.set_allocator. Memory is for CuPy's current stream, as that of its own pool is."""
    import cupy

    def allocate(nbytes):
        piece = _Piece(account, nbytes, cupy.cuda.get_current_stream().ptr)
        memory = cupy.cuda.UnownedMemory(piece.address, nbytes, piece, account.manager.ordinal)
        return cupy.cuda.MemoryPointer(memory, 0)

    return allocate


def function_allocator(account):
    """The same as a cupy.cuda.PythonFunctionAllocator. It gives back after all queued work: CuPy names no stream."""
    import cupy

    def malloc(nbytes, device):
        return account.allocate(nbytes, cupy.cuda.get_current_stream().ptr)

    def free(address, device):
        account.free(address)

    return cupy.cuda.PythonFunctionAllocator(malloc, free)
