# SPDX-License-Identifier: Apache-2.0
"""PyTorch draws from Triune's pool.

    triune.torch.install(manager.account("torch"))        # before PyTorch's first memory on a GPU
    allocator = triune.torch.allocator(account)           # or for a part of a program; it must outlive the pool
    pool = torch.cuda.MemPool(allocator.allocator())
"""

import ctypes

from ._library import library, library_path
from .errors import check


def allocator(account=None):
    """A torch.cuda.memory.CUDAPluggableAllocator. There is one account a device for all of them.

    Without an account PyTorch draws from one called "PyTorch" of the default manager. InvalidArgumentError while it has
    memory out of another account.
    """
    import torch

    if account is not None:
        check(library.triune_torch_draw_from(account._handle))
    made = torch.cuda.memory.CUDAPluggableAllocator(library_path(), "triune_torch_malloc", "triune_torch_free")
    told = getattr(made.allocator(), "set_record_stream_fn", None)
    if told is not None:  # for Tensor.record_stream
        told(ctypes.cast(library.triune_torch_record_stream, ctypes.c_void_p).value)
    return made


def install(account=None):
    """Makes it PyTorch's allocator. RuntimeError of PyTorch's where it has used another one already."""
    import torch

    torch.cuda.memory.change_current_allocator(allocator(account))
