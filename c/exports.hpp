// SPDX-License-Identifier: Apache-2.0
// Which buffers other libraries have the address of.
#pragma once

#include <cstddef>

namespace triune {
class BufferState;
}

namespace triune::c {

// Note [Exported memory]
// A tensor of another library has the buffer's address for good. A growth that moves the contents, a shrinking and a
// free would take the memory from under it, and nobody would notice before other data stood there. So as long as such
// tensors are there, these are refused. Python does the same with exported memoryviews.
// Counted by buffer, since several handles may stand for the same one. Thread-safe.
void note_export(const BufferState& buffer);  // throws std::bad_alloc
void note_export_gone(const BufferState& buffer) noexcept;
std::size_t export_count(const BufferState& buffer);

}  // namespace triune::c
