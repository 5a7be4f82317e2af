#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""CuPy and PyTorch on Triune's memory, on a GPU.

    TRIUNE_C_LIBRARY=/path/of/libtriune_c.so python3 python/tests/on_gpu.py [CHECK...]

Each check is a process of its own, since an allocator is chosen once a process. Prints a table; exit status 1 where a
check failed, 77 where there is no GPU, or neither CuPy nor PyTorch.
"""

import gc
import importlib.util
import os
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
MIB = 1 << 20
CHECKS = {}


def check(*needs):
    def add(function):
        CHECKS[function.__name__] = (needs, function)
        return function
    return add


def equal(got, expected, what):
    assert got == expected, f"{what}: {got!r}, not {expected!r}"


def refused(call, kind, words):
    try:
        call()
    except kind as failure:
        assert words in str(failure), f"{words!r} is not in: {failure}"
        return str(failure)
    raise AssertionError(f"it was not refused: {words}")


def new_manager(limit_bytes=2 << 30):
    import triune
    return triune, triune.Manager(limit_bytes)


@check("cupy")
def cupy_sees_buffers(triune, manager):
    import cupy
    buffer = manager.make_buffer("positions", (1000, 3), "float32")
    array = cupy.asarray(buffer)
    equal(array.data.ptr, buffer.data, "address")
    equal((array.shape, str(array.dtype)), ((1000, 3), "float32"), "shape and type")
    array[:] = 4
    cupy.cuda.get_current_stream().synchronize()
    equal(buffer.download(first=999).tolist(), [[4.0] * 3], "what CuPy wrote")
    buffer.ensure_capacity(5 * MIB)
    equal((buffer.data, float(array.sum())), (array.data.ptr, 12000.0), "address and contents after growth in place")
    by_dlpack = cupy.from_dlpack(buffer)
    equal((by_dlpack.data.ptr, by_dlpack.shape), (buffer.data, (5 * MIB, 3)), "by DLPack")
    grown = cupy.asarray(buffer)
    equal(float(grown.sum()), 12000.0, "new rows are zero")
    del buffer
    gc.collect()
    equal(float(array.sum()), 12000.0, "arrays keep the memory")
    return "asarray, from_dlpack, growth to 60 MiB under a live array, 0 copies"


@check("torch")
def torch_sees_buffers(triune, manager):
    import torch
    buffer = manager.make_buffer("weights", (256, 128), "float32")
    tensor = torch.from_dlpack(buffer)
    equal((tensor.data_ptr(), tuple(tensor.shape), str(tensor.dtype)), (buffer.data, (256, 128), "torch.float32"), "tensor")
    equal(torch.as_tensor(buffer, device="cuda").data_ptr(), buffer.data, "by __cuda_array_interface__")
    tensor.fill_(2)
    torch.cuda.synchronize()
    equal(buffer.download(first=255).tolist(), [[2.0] * 128], "what PyTorch wrote")
    equal(float((tensor @ tensor.T).sum()), 256 * 256 * 128 * 4.0, "a product of the buffer with itself")
    buffer.ensure_capacity(100_000)
    equal((tensor.data_ptr(), float(tensor.sum())), (buffer.data, 65536.0), "after growth in place")
    for name in ("int64", "uint8", "bool", "float16", "float64", "complex64"):
        equal(str(torch.from_dlpack(manager.make_buffer(name, 4, name)).dtype), f"torch.{name}", name)
    del buffer
    gc.collect()
    equal(float(tensor.sum()), 65536.0, "tensors keep the memory")
    return "from_dlpack, as_tensor, matmul, growth under a live tensor, 7 types"


@check("torch")
def exported_memory_stays(triune, manager):
    import torch
    buffer = manager.make_buffer("moving", 1000, "float32", stable_address=False)
    tensor = torch.from_dlpack(buffer)
    told = refused(lambda: buffer.ensure_capacity(100_000), BufferError, "'moving' cannot grow")
    refused(buffer.free, BufferError, "'moving' cannot be freed")
    del tensor
    buffer.ensure_capacity(100_000)
    buffer.free()
    return told


@check("torch")
def streams_are_in_order(triune, manager):
    import torch
    first, second = torch.cuda.Stream(), torch.cuda.Stream()
    buffer = manager.make_buffer("x", 64 * MIB, "uint8")
    for value in range(1, 21):
        buffer.fill(value, stream=first)
        with torch.cuda.stream(second):
            seen = torch.from_dlpack(buffer)
            low, high = seen.min(), seen.max()
        second.synchronize()  # int() waits for the current stream, which is another one again
        equal((int(low), int(high)), (value, value), "what the second stream sees")
    return "20 fills of 64 MiB on one stream, read on another by DLPack"


@check("torch")
def downloads_take_the_moment(triune, manager):
    import torch
    stream = torch.cuda.Stream()
    buffer = manager.make_buffer("forces", 4 * MIB, "int32", downloads=True)
    tensor = torch.from_dlpack(buffer)
    spent = 0.0
    for value in range(1, 21):
        with torch.cuda.stream(stream):
            tensor.fill_(value)
        begin = time.perf_counter()
        buffer.start_download(stream)
        spent += time.perf_counter() - begin
        with torch.cuda.stream(stream):
            tensor.fill_(-value)
        view = buffer.wait_for_download()
        equal((view.memory[0], view.memory[4 * MIB - 1], view.sequence), (value, value, value), "the snapshot")
        del view
    return f"20 downloads of 16 MiB, later writes do not reach them; {spent / 20 * 1e6:.0f} us a start"


@check("cupy")
def cupy_draws_from_the_pool(triune, manager):
    import cupy
    account = manager.account("cupy")
    cupy.cuda.set_allocator(triune.cupy.allocator(account))
    array = cupy.arange(MIB, dtype=cupy.float32)
    equal(account.drawn_bytes, 4 * MIB, "drawn")
    equal(manager.leaks()[0].name, "cupy", "the record")
    equal(float(cupy.sort(-array)[0]), float(1 - MIB), "a sort in our memory")
    stream = cupy.cuda.Stream(non_blocking=True)
    with stream:
        for _ in range(100):
            product = (array * 0 + 1).sum()
        equal(float(product), float(MIB), "sums on another stream")
    told = refused(lambda: cupy.zeros(1 << 40, dtype=cupy.uint8), MemoryError, "'cupy'")
    reserved = manager.statistics()["pool_reserved_bytes"]
    for _ in range(200):
        temporary = array + 1
        del temporary
    equal(manager.statistics()["pool_reserved_bytes"], reserved, "a program that repeats itself asks for nothing more")
    del array, product
    stream.synchronize()
    gc.collect()
    equal(account.drawn_bytes, 0, "all is given back")
    cupy.cuda.set_allocator(triune.cupy.function_allocator(account).malloc)
    array = cupy.ones(1000, dtype=cupy.float64)
    equal((account.drawn_bytes, float(array.sum())), (8000, 1000.0), "by PythonFunctionAllocator")
    cupy.cuda.set_allocator(None)
    return told.splitlines()[0][:90]


@check("torch")
def torch_draws_from_the_pool(triune, manager):
    import torch
    account = manager.account("torch")
    triune.torch.install(account)
    torch.manual_seed(1)
    model = torch.nn.Sequential(torch.nn.Linear(512, 512), torch.nn.ReLU(), torch.nn.Linear(512, 1)).cuda()
    step = torch.optim.Adam(model.parameters(), lr=1e-3)
    x = torch.randn(4096, 512, device="cuda")
    y = x.sum(dim=1, keepdim=True)
    losses, reserved = [], 0
    for round_number in range(50):
        loss = torch.nn.functional.mse_loss(model(x), y)
        step.zero_grad()
        loss.backward()
        step.step()
        losses.append(float(loss))
        if round_number == 30:
            reserved = manager.statistics()["pool_reserved_bytes"]
    assert losses[-1] < losses[0] / 2, losses
    assert account.drawn_bytes > 8 * MIB, account.drawn_bytes
    equal(manager.statistics()["pool_reserved_bytes"], reserved, "steady training asks the device for nothing more")
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    for value in range(200):  # memory that a side stream still reads is not handed out again
        tensor = torch.full((MIB,), value, dtype=torch.int32, device="cuda")
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            total = tensor.sum()
        tensor.record_stream(side)
        del tensor
        again = torch.full((MIB,), -1, dtype=torch.int32, device="cuda")
        equal(int(total), value * MIB, "a sum on a side stream")
        del again
    told = refused(lambda: torch.empty(1 << 40, dtype=torch.uint8, device="cuda"), Exception, "'torch'")
    return f"loss {losses[0]:.1f} to {losses[-1]:.2f}; {told.splitlines()[0][:60]}"


@check("torch")
def a_part_of_torch_draws_from_the_pool(triune, manager):
    import torch
    account = manager.account("torch pool")
    allocator = triune.torch.allocator(account)
    pool = torch.cuda.MemPool(allocator.allocator())
    outside = torch.ones(MIB, device="cuda")
    equal(account.drawn_bytes, 0, "drawn outside")
    with torch.cuda.use_mem_pool(pool):
        inside = torch.ones(4 * MIB, device="cuda")
    assert account.drawn_bytes >= 16 * MIB, account.drawn_bytes
    equal(float(inside.sum() + outside.sum()), 5.0 * MIB, "the sum of both")
    told = f"torch.cuda.MemPool: {account.drawn_bytes / MIB:.0f} MiB of ours inside, 0 outside"
    del inside, pool
    return told


@check("cupy", "torch")
def all_share_one_limit(triune, manager):
    import cupy
    import torch
    cupy_account, torch_account = manager.account("cupy"), manager.account("torch")
    cupy.cuda.set_allocator(triune.cupy.allocator(cupy_account))
    triune.torch.install(torch_account)
    buffer = manager.make_buffer("own", 32 * MIB, "uint8")
    array = cupy.zeros(16 * MIB, dtype=cupy.uint8)
    tensor = torch.zeros(8 * MIB, dtype=torch.uint8, device="cuda")
    equal(manager.statistics()["total_allocated_bytes"], 56 * MIB, "total")
    equal([each.name for each in manager.leaks()], ["own", "cupy", "torch"], "holders, most bytes first")
    equal([each.bytes for each in manager.leaks()], [32 * MIB, 16 * MIB, 8 * MIB], "their bytes")
    made = Path(manager.leaks()[0].file).name
    equal(made, Path(__file__).name, "where the biggest was made")
    with manager.scope("frame") as frame:
        torch.empty(MIB, dtype=torch.uint8, device="cuda")
    equal(torch.from_dlpack(cupy.asarray(buffer)).data_ptr(), buffer.data, "through CuPy to PyTorch")
    del array, tensor
    return f"56 MiB of three libraries in one total; {frame.describe()[:60]}"


def pair_times(draw, synchronize):
    for _ in range(100):
        draw()
    synchronize()
    begin = time.perf_counter()
    for _ in range(20_000):
        draw()
    spent = time.perf_counter() - begin
    synchronize()
    return spent / 20_000 * 1e6


@check("torch")
def torch_pair(triune, manager):
    import torch
    if not os.environ.get("ON_GPU_NATIVE"):
        triune.torch.install(manager.account("torch"))
    return f"{pair_times(lambda: torch.empty(MIB, dtype=torch.uint8, device='cuda'), torch.cuda.synchronize):.2f} us"


@check("cupy")
def cupy_pair(triune, manager):
    import cupy
    if not os.environ.get("ON_GPU_NATIVE"):
        cupy.cuda.set_allocator(triune.cupy.allocator(manager.account("cupy")))
    return f"{pair_times(lambda: cupy.cuda.alloc(MIB), cupy.cuda.get_current_stream().synchronize):.2f} us"


def run_alone(name, **environment):
    done = subprocess.run([sys.executable, "-B", __file__, "--alone", name], capture_output=True, text=True,
                          env={**os.environ, "TRIUNE_DEVICE": "cuda", **environment})
    lines = done.stdout.strip().splitlines()
    if done.returncode == 0 and lines:
        return True, lines[-1]
    return False, f"exit {done.returncode}: " + " / ".join((done.stderr or done.stdout).strip().splitlines()[-3:])


def main(arguments):
    if arguments[:1] == ["--alone"]:
        triune, manager = new_manager()
        import triune.cupy
        import triune.torch
        print(CHECKS[arguments[1]][1](triune, manager))
        return 0
    os.environ["TRIUNE_DEVICE"] = "cuda"
    try:
        triune, manager = new_manager()
    except Exception as failure:
        print(f"skipped: {failure}")
        return 77
    there = {name for name in ("cupy", "torch") if importlib.util.find_spec(name)}
    if not there:
        print("skipped: neither CuPy nor PyTorch is here")
        return 77
    print(f"{manager.device['name']}, Python {sys.version.split()[0]}")
    for name in sorted(there):
        probe = subprocess.run([sys.executable, "-c", f"import {name}; print({name}.__version__)"], capture_output=True, text=True)
        print(f"{name} {probe.stdout.strip() or 'does not import: ' + probe.stderr.strip().splitlines()[-1]}")
    failed = 0
    for name, (needs, _) in CHECKS.items():
        if arguments and name not in arguments:
            continue
        if not there.issuperset(needs):
            print(f"{'skipped':8} {name:36} {' or '.join(set(needs) - there)} is not here")
            continue
        passed, told = run_alone(name)
        if passed and name.endswith("_pair"):
            told = f"1 MiB drawn and given back: {told}; its own pool {run_alone(name, ON_GPU_NATIVE='1')[1]}"
        failed += not passed
        print(f"{'passed' if passed else 'FAILED':8} {name:36} {told}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
