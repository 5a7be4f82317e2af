# SPDX-License-Identifier: Apache-2.0
"""What the benchmarks are held against: targets, and the figures of the peers that they were drawn from.

The peers' figures were measured on an NVIDIA H200 (16 cores, driver 580.159, CUDA 13.0) on 2026-11-23, by programs outside this
project. Machines of one kind differ by up to 1.9 times, so a target is a ratio within one run wherever there is something to divide
by, and the figures only show its size.
"""
import dataclasses

NAN = float("nan")
KI, MI, GI = 1 << 10, 1 << 20, 1 << 30


@dataclasses.dataclass(frozen=True)
class Target:
    """One promise about one row of one table.

    `times`: how many times better than the best of `against` (of all peers where empty) `contestant` has to be; below 1, how
    much worse it may be. `most`, `least`: bounds of its figure itself, in the row's unit. Just one of the three is given.
    `measured` quotes the peers, in the row's unit.
    """
    table: str
    case: str
    x: float = 0
    times: float = NAN
    most: float = NAN
    least: float = NAN
    against: tuple = ()
    contestant: str = "triune"
    host_only: bool = False  # also says something on the simulated device
    measured: dict = dataclasses.field(default_factory=dict)


# What no user calls, and so no more than a bound.
BOUNDS = ("internal pool (bound)", "internal copying (bound)", "internal mapping (bound)", "kernel alone", "limit")
# Never a peer: Triune's own ways and the bounds.
OWN = ("triune", "triune direct", "triune graph", "triune, not zeroed", "triune, by address", "triune, PoolResource",
       "triune, an owner", "triune, an owner, zeroed", "triune, by name", "triune, by name, zeroed", *BOUNDS)

_PAIRS = {  # bytes: cudaMalloc, cudaMallocAsync, CUB, PyTorch, PyTorch expandable, rmm pool, rmm arena; microseconds
    256: (57, 0.65, 0.47, 0.42, 0.33, 0.24, 0.18),
    4 * KI: (60, 0.64, 0.46, 0.43, 0.34, 0.24, 0.18),
    MI: (57, 0.65, 0.46, 0.50, 0.34, 0.24, 0.16),
    16 * MI: (60, 0.66, 0.47, 0.40, 0.34, 0.24, 1.74),
}
_RANDOM = (5.5, 0.67, 0.42, 0.45, 0.35, 0.37, 0.39)
_PAIR_PEERS = ("cudaMalloc", "cudaMallocAsync", "cub", "torch", "torch expandable", "rmm pool", "rmm arena")
_THREADS = {  # threads: the figures, how many times the best peer; million pairs a second
    1: ((1.4, 1.5, 2.8, 3.6, 4.0), 4),
    4: ((0.35, 0.28, 0.53, 0.89, 2.2), 30),
    16: ((0.29, 0.23, 0.33, 0.52, 2.4), 40),
}
_CROSSED = (0.11, 0.15, 0.32, 0.38, 2.2)
_THREAD_PEERS = ("cudaMallocAsync", "cub", "torch", "rmm pool", "rmm arena")

ALLOCATION = [
    *(Target("allocation", "pair", size, times=4, measured=dict(zip(_PAIR_PEERS, (1e3 * us for us in figures))))
      for size, figures in _PAIRS.items()),
    Target("allocation", "random sizes, an operation", times=5,
           measured=dict(zip(_PAIR_PEERS, (1e3 * us for us in _RANDOM)))),
    *(Target("allocation", "threads", count, times=times, measured=dict(zip(_THREAD_PEERS, figures)))
      for count, (figures, times) in _THREADS.items()),
    Target("allocation", "threads, share of linear", 16, least=0.6),
    Target("allocation", "threads, freed by another", 16, times=10, measured=dict(zip(_THREAD_PEERS, _CROSSED))),
]

# What each door may take with one thread, over the pool inside it.
_OVER_INTERNAL = {"triune, by address": 1.4, "triune, PoolResource": 1.4, "triune, an owner": 2.5, "triune, by name": 4}

DOORS = [
    *(Target("doors", "pair, one thread", times=1 / most, against=("internal pool (bound)",), contestant=door)
      for door, most in _OVER_INTERNAL.items()),
    # Zeroed, which is a call to the device, and as memory comes from the pool.
    *(Target("doors", "pair, one thread", most=250, contestant=door) for door in ("triune, by name", "triune, by name, zeroed")),
    # Million a second.
    *(Target("doors", "pairs", 16, times=40, against=("rmm arena",), contestant=door, measured={"rmm arena": 2.4})
      for door in ("triune, by address", "triune, PoolResource")),
    Target("doors", "pairs", 16, least=20, contestant="triune, an owner"),
    Target("doors", "pairs", 16, least=10, contestant="triune, by name"),
    *(Target("doors", question, 16, least=100) for question in ("get_buffer", "total_allocated_bytes")),
]

_GROWTH = {  # bytes: legacy, rmm, driver calls, each idle and busy; microseconds
    4 * MI: ((75, 16, 25), (11800, 13, 26)),
    64 * MI: ((142, 42, 24), (12100, 44, 28)),
    GI: ((971, 513, 59), (12100, 515, 69)),
}
_GROWTH_PEERS = ("cudaMalloc", "rmm device_buffer", "driver calls")


def _growth():
    # No peer zeroes what is new. Of the call all is compared, zeroes and all; of the whole, with what the stream does after it,
    # the way that leaves them out. A call of rmm's returns before its copy.
    for size, by_state in _GROWTH.items():
        for state, figures in zip(("idle", "busy"), by_state):
            measured = dict(zip(_GROWTH_PEERS, figures))
            for case, contestant in ((f"{state}: call", "triune"), (f"{state}: whole", "triune, not zeroed")):
                if size == 4 * MI:  # at most the best of both
                    yield Target("growth", case, size, times=1, against=("rmm device_buffer", "driver calls"),
                                 contestant=contestant, measured=measured)
                else:
                    yield Target("growth", case, size, times=1 / 1.15, against=("driver calls",), contestant=contestant,
                                 measured=measured)
            if size == GI:
                for contestant in ("triune", "triune, not zeroed"):
                    yield Target("growth", f"{state}: whole", size, times=7, against=("rmm device_buffer", "rmm pool"),
                                 contestant=contestant, measured=measured)
    for size in (64 * MI, GI):
        yield Target("growth", "extra memory at the peak", size, most=0, host_only=True,
                     measured={"cudaMalloc": size / MI, "rmm device_buffer": size / MI})
        yield Target("growth", "bytes copied", size, most=0, host_only=True, measured={"cudaMalloc": size / MI})


_DOWNLOADS = {  # nodes: pageable and raw pinned, whole; starting the raw copies; microseconds
    10_000: (39, 12, 3.9),
    100_000: (131, 31, 4.0),
    1_000_000: (831, 226, 4.3),
    10_000_000: (6869, 2179, 5.0),
}
_LOOP = "kernel of twice the copy's time"


_MAX_BESIDE = 1.02  # of a kernel of another stream


def _downloads():
    raw = ("raw pinned",)
    group, direct, graph = ways = ("triune", "triune direct", "triune graph")
    for nodes, (pageable, pinned, start) in _DOWNLOADS.items():
        for way in ways:
            yield Target("downloads", "start", nodes, times=1 / 1.3, against=raw, contestant=way, measured={"raw pinned": start})
            yield Target("downloads", "bandwidth", nodes, times=0.97, against=raw, contestant=way,
                         measured={"raw pinned": 12e-3 * nodes / pinned, "raw pageable": 12e-3 * nodes / pageable})
        yield Target("downloads", f"{_LOOP}: frame", nodes, times=1 / 1.03, against=("kernel alone",))
    # Smaller ones are over before a kernel fills the device.
    for nodes in (1_000_000, 10_000_000):
        for kernel in ("another stream's kernel", "another stream's kernel, one wave"):
            for way in ways:
                yield Target("downloads", f"{kernel}: frame over kernel", nodes, most=_MAX_BESIDE, contestant=way)
    million = 1_000_000
    for way in (direct, graph):
        yield Target("downloads", f"{_LOOP}: frame", million, times=1 / 1.03, against=("kernel alone",), contestant=way)
    yield Target("downloads", f"{_LOOP}: host time a frame", million, times=50, against=("legacy",), contestant=group,
                 measured={"legacy": 1347, "raw pinned": 6.8})
    yield Target("downloads", "no kernel to wait for: frame", million, times=4.4, against=("legacy",), contestant=group)


BOOKKEEPING = [
    *(Target("bookkeeping", "lookup by name", count, most=0.04, host_only=True) for count in (1000, 1_000_000)),
    *(Target("bookkeeping", f"leak check, {sizes} sizes", count, most=count / 100, host_only=True)
      for sizes in ("equal", "different") for count in (1000, 1_000_000)),
    *(Target("bookkeeping", "host bytes a buffer, its name included", count, most=200, host_only=True) for count in (1000, 1_000_000)),
]

_REPLAY_PEERS = ("cudaMalloc", "cudaMallocAsync", "rmm pool", "torch", "torch expandable")
_REPLAY = {  # trace: the most held over live; peers' held over live; peers' nanoseconds an operation
    "resnet50_train": (1.02, (1.029, 1.022, 1.241, 1.457, 1.016), (23380, 762, 199, 315, 253)),
    "gnn_growing_graph": (1.04, (1.007, 1.499, 1.949, 7.428, 1.063), (32970, 804, 187, 266, 220)),
}
REPLAY = [target for trace, (held, helds, times) in _REPLAY.items() for target in (
    Target("replay", f"{trace}: held over live", most=held, host_only=True, measured=dict(zip(_REPLAY_PEERS, helds))),
    # A first pass maps what it needs, as PyTorch's expandable segments do.
    Target("replay", f"{trace}: first pass, an operation", times=1, against=("torch expandable",)),
    Target("replay", f"{trace}: later passes, an operation", times=2, measured=dict(zip(_REPLAY_PEERS, times))),
)]

_REWRITING = ("census (--status)", "rewriting (--no-verify)")
REWRITER = [
    Target("migration", "a unit that cannot have a legacy name", most=1, host_only=True),
    # At most 0.7 of a parse.
    *(Target("migration", case, times=1 / 0.7, against=("clang -fsyntax-only",), host_only=True) for case in _REWRITING),
    *(Target("migration", f"{case}: own share", most=0.01, host_only=True) for case in _REWRITING),
]

# What a process pays once, behind CUDA's own start.
FIRST_USE = [
    Target("first_use", "first allocation", times=0.5, against=("rmm pool",)),
    *(Target("first_use", case, times=1, against=("legacy", "legacy blocking"), contestant=way)
      for case in ("first arrays", "first download") for way in ("triune", "triune graph")),
]

TARGETS = [*ALLOCATION, *DOORS, *_growth(), *_downloads(), *FIRST_USE, *BOOKKEEPING, *REPLAY, *REWRITER]

# What the machine of the figures could do at most; a run measures its own.
LIMITS = {"link, device to host": 55.1, "link, host to device": 55.4, "copy on the device": 2116}
