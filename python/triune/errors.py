# SPDX-License-Identifier: Apache-2.0
"""The library's errors, with its own sentences."""

from ._library import library


class Error(RuntimeError):
    """Base of all. `status` is the number of the C interface, `cuda_error` that of CUDA."""

    status = 0
    cuda_error = 0


class BufferNotFoundError(Error):
    """No buffer of that name."""


class TypeMismatchError(Error):
    """The name is a typed buffer's, which C++ code made."""


class LimitExceededError(Error, MemoryError):
    """Past the manager's limit."""


class MaxSizeExceededError(Error):
    """Past the buffer's max_size_bytes."""


class OutOfMemoryError(Error, MemoryError):
    """The device, or the host's pinned memory, has none left."""


class AsyncNotEnabledError(Error):
    """A download of a buffer that was made without downloads=True."""


class NoPendingDownloadError(Error):
    """A wait without a start since the last one."""


class DownloadInFlightError(Error):
    """A start over a view that is held, or a third download in flight."""


class StaleHandleError(Error):
    """The buffer was freed."""


class InvalidArgumentError(Error, ValueError):
    """Lengths, ranges, overflowing counts, unknown streams and types."""


class DeviceError(Error):
    """The device reported something else: see cuda_error."""


class OutOfHostMemoryError(Error, MemoryError):
    """The host has no memory left."""


class BufferExportedError(Error, BufferError):
    """The memory would move or go while another library has its address."""


class UnexpectedError(Error):
    """An exception that the library did not expect."""


BY_STATUS = {
    1: BufferNotFoundError, 2: TypeMismatchError, 3: LimitExceededError, 4: MaxSizeExceededError, 5: OutOfMemoryError,
    6: AsyncNotEnabledError, 7: NoPendingDownloadError, 8: DownloadInFlightError, 9: StaleHandleError,
    10: InvalidArgumentError, 11: DeviceError, 100: OutOfHostMemoryError, 101: BufferExportedError, 102: UnexpectedError,
}

__all__ = ["Error", *sorted(each.__name__ for each in BY_STATUS.values())]


def check(status):
    """Raises what a call of the C interface answered, where that is a failure."""
    if status == 0:
        return
    error = BY_STATUS.get(status, UnexpectedError)(library.triune_last_error().decode("utf-8", "replace"))
    error.status, error.cuda_error = status, library.triune_last_cuda_error()
    raise error
