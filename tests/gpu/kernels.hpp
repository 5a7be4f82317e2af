// SPDX-License-Identifier: Apache-2.0
// The kernels that the tests launch. Each has an end: who waits for a gate waits a bounded number of clock cycles.
#pragma once

#include <cstddef>

#include <triune/device/device.hpp>

namespace triune::gpu {

using Word = unsigned int;

// A word of pinned memory that kernels watch.
enum GateState : Word { gate_shut = 0, gate_open = 1, gate_overdue = 2 };

// Loads every kernel: the first launch of one may wait for kernels that run already.
void load_kernels();

// All of these queue on `stream` and throw device_error where the launch fails.

// Waits in front of `*gate`; one that waits too long sets it to gate_overdue and goes on.
void launch_gate(StreamHandle stream, volatile Word* gate);
// The same, and then each of `count` words becomes `value`, in one kernel.
void launch_gated_fill(StreamHandle stream, volatile Word* gate, Word* data, std::size_t count, Word value);
void launch_fill(StreamHandle stream, Word* data, std::size_t count, Word value);
// data[i] = i.
void launch_number(StreamHandle stream, Word* data, std::size_t count);
// Adds 1 to each of `count` words again and again while the gate is shut, once at least; `*passes` says how often.
void launch_increment_while_shut(StreamHandle stream, volatile Word* gate, Word* data, std::size_t count, Word* passes);
// Writes `value` to each of `count` words, in `passes` passes with a pause behind each.
void launch_slow_fill(StreamHandle stream, Word* data, std::size_t count, Word value, unsigned passes);

// What a kernel found where another value should be. In pinned memory; begins as zeroes.
struct Finding {
    Word differing;  // words, of all checks so far
    Word expected;   // of the first of them
    Word found;
    Word index;
};
// Looks at `count` words and notes which are not `value`.
void launch_expect(StreamHandle stream, const Word* data, std::size_t count, Word value, Finding* finding);
// `*differing` words of `data` are not `value`; `differing` may be pinned memory.
void launch_count_differing(StreamHandle stream, const Word* data, std::size_t count, Word value, Word* differing);

}  // namespace triune::gpu
