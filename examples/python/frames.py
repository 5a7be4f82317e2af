# SPDX-License-Identifier: Apache-2.0
"""Python: a computation and its downloads, with the standard library alone; a GPU is used where there is one."""

import triune

manager = triune.Manager(limit_bytes=64 << 20)
positions = manager.make_buffer("positions", (1000, 3), "float32", downloads=True)
stream = manager.stream()

with manager.scope("frames") as frames:
    for frame in range(10):
        positions.ensure_capacity(1000 + 100 * frame, stream=stream)  # in place
        positions.fill(float(frame), stream=stream)                   # stands for kernels on positions.data
        positions.start_download(stream)                              # this frame, whatever is written later
        newest = positions.wait_for_download()                        # a view of pinned memory, not a copy

print(newest.shape, "of frame", newest.memory[1899, 2])
print(frames.describe())
try:
    manager.make_buffer("too big", 1 << 30)
except MemoryError as error:
    print(str(error).splitlines()[0])
for leak in manager.leaks():
    print(leak.name, leak.bytes, "bytes, line", leak.line)
assert newest.memory[1899, 2] == 9.0 and newest.shape == (1900, 3)
