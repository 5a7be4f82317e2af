# SPDX-License-Identifier: Apache-2.0
"""Python: CuPy, PyTorch or NumPy over one buffer, without a copy. NumPy reads the simulated device's memory."""

import importlib.util
import sys

import triune

manager = triune.Manager()
positions = manager.make_buffer("positions", (1000, 3), "float32")
positions.fill(1.0)

seen = []
if manager.simulated:
    if importlib.util.find_spec("numpy"):
        import numpy
        seen.append(numpy.from_dlpack(positions))
else:
    if importlib.util.find_spec("cupy"):
        import cupy
        seen.append(cupy.asarray(positions))
    if importlib.util.find_spec("torch"):
        import torch
        seen.append(torch.from_dlpack(positions))
if not seen:
    print("skipped: neither NumPy, CuPy nor PyTorch is here for this device")
    sys.exit(77)

positions.ensure_capacity(100_000)  # in place: the arrays stay valid
positions.fill(2.0)
for array in seen:
    print(type(array).__module__, tuple(array.shape), float(array.sum()))
    assert float(array.sum()) == 6000.0
