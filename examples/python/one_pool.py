# SPDX-License-Identifier: Apache-2.0
"""Python: CuPy and PyTorch draw from one pool, under one limit. Needs a GPU and both of them."""

import importlib.util
import sys

import triune

manager = triune.Manager(limit_bytes=1 << 30)
if manager.simulated or not all(importlib.util.find_spec(name) for name in ("cupy", "torch")):
    print("skipped: this needs a GPU, CuPy and PyTorch")
    sys.exit(77)

import cupy  # noqa: E402
import torch  # noqa: E402
import triune.cupy  # noqa: E402
import triune.torch  # noqa: E402

cupy.cuda.set_allocator(triune.cupy.allocator(manager.account("cupy")))
triune.torch.install(manager.account("torch"))  # before PyTorch's first memory on a GPU

field = cupy.ones(1 << 20, dtype=cupy.float32)
weights = torch.ones(1 << 20, device="cuda")
for leak in manager.leaks():
    print(leak.name, leak.bytes)
assert manager.statistics()["total_allocated_bytes"] == 8 << 20
