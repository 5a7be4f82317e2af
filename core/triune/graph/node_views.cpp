// SPDX-License-Identifier: Apache-2.0
#include <triune/graph/node_views.hpp>

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <future>
#include <system_error>
#include <thread>
#include <utility>

#include <triune/base/units.hpp>

namespace triune {
namespace {

// Note [Threads of one call]
// Filling a fresh vector costs more for the kernel's first touch of its pages than for the copy, and none but the
// thread that makes a vector may write to it. So the arrays are what is shared out. Beside taking turns at the pages,
// the threads bring allocation arenas of their own, which keep the memory of last frame's vectors where the calling
// thread's gives it back. They live as long as the call: starting two costs 30 to 50 us, and threads that stay would
// have to be told of exit and fork.

// malloc gives blocks from here on mappings of their own, whatever it has learnt (mallopt(3), M_MMAP_THRESHOLD).
constexpr std::size_t always_mapped_bytes = 32 * MiB;
constexpr std::uintptr_t page = 4096;

// Such a block is touched for the first time, page by page: with huge pages in about a third of the time. The advice
// ends with the mapping, when the vector goes.
void ask_for_huge_pages(const void* data, std::size_t bytes) noexcept {
    const std::uintptr_t first = round_up(reinterpret_cast<std::uintptr_t>(data), page);
    const std::uintptr_t last = (reinterpret_cast<std::uintptr_t>(data) + bytes) / page * page;
    static_cast<void>(madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE));
}

std::vector<float> copy_of(const HostView<float>& view) {
    std::vector<float> values;
    values.reserve(view.size());
    const std::size_t bytes = view.size() * sizeof(float);
    if (bytes >= always_mapped_bytes) ask_for_huge_pages(values.data(), bytes);
    values.assign(view.begin(), view.end());
    return values;
}

}  // namespace

NodeVectors NodeViews::to_vectors() const { return to_vectors(std::function<void()>()); }

// A third thread that must wait for a core makes the call wait for it: some milliseconds, until the scheduler's next
// look.
NodeVectors NodeViews::to_vectors(const std::function<void()>& meanwhile) const {
    static const bool cores_for_all = std::thread::hardware_concurrency() >= 3;
    return to_vectors(cores_for_all && size() >= nodes_worth_threads, meanwhile);
}

NodeVectors NodeViews::to_vectors(bool with_threads, const std::function<void()>& meanwhile) const {
    const auto begin = [with_threads](const HostView<float>& view) {
        const auto copy = [&view] { return copy_of(view); };
        try {
            if (with_threads) return std::async(std::launch::async, copy);
        } catch (const std::system_error&) {  // no thread to be had
        }
        return std::async(std::launch::deferred, copy);
    };
    auto of_x = begin(x);
    auto of_y = begin(y);
    if (meanwhile) meanwhile();
    std::vector<float> of_z = copy_of(z);
    return {of_x.get(), of_y.get(), std::move(of_z)};
}

}  // namespace triune
