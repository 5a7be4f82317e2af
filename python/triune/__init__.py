# SPDX-License-Identifier: Apache-2.0
"""GPU memory of one manager: named buffers that grow in place, downloads that block nobody, one limit, one list.

    import triune
    manager = triune.Manager(limit_bytes=2 << 30)
    positions = manager.make_buffer("positions", (1000, 3), "float32", downloads=True)
    array = cupy.asarray(positions)       # or torch.from_dlpack(positions): the same memory
    positions.ensure_capacity(5000)       # in place: `array` stays valid

`triune.cupy` and `triune.torch` let CuPy and PyTorch draw from the same pool and limit. Without a GPU the simulated
device serves.
"""

from ._buffer import Buffer, HostView
from ._manager import Account, Leak, Manager, Scope, Stream
from .errors import *  # noqa: F401,F403
from .errors import Error

__version__ = "0.1.0"


def default_manager():
    """The manager of the current device that is never destroyed."""
    return Manager.default()


def scope(name, all_threads=False):
    """`with triune.scope("frame") as frame:` counts what happens with the default manager's buffers."""
    return Scope(default_manager(), name, all_threads)


__all__ = ["Account", "Buffer", "Error", "HostView", "Leak", "Manager", "Scope", "Stream", "default_manager", "scope"]
