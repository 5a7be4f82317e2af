// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <utility>

#include <triune/device/event.hpp>

#include "legacy_error.hpp"
#include "utils/gpu_memory.hpp"

namespace utils {

namespace compat = triune::compat;

// Three streams of the legacy class, because callers get references to them.
struct MultiStreamManager::Impl {
    std::array<Stream, 3> streams;  // compute, memory, analysis
    std::size_t turn = 0;
};

MultiStreamManager::MultiStreamManager() : impl_(compat::with_cuda_exceptions([] { return new Impl; })) {}
MultiStreamManager::~MultiStreamManager() { delete impl_; }
MultiStreamManager::MultiStreamManager(MultiStreamManager&& other) noexcept
    : impl_(std::exchange(other.impl_, nullptr)) {}
MultiStreamManager& MultiStreamManager::operator=(MultiStreamManager&& other) noexcept {
    if (this != &other) delete std::exchange(impl_, std::exchange(other.impl_, nullptr));
    return *this;
}

const Stream& MultiStreamManager::get_compute_stream() const noexcept { return impl_->streams[0]; }
const Stream& MultiStreamManager::get_memory_stream() const noexcept { return impl_->streams[1]; }
const Stream& MultiStreamManager::get_analysis_stream() const noexcept { return impl_->streams[2]; }

const Stream& MultiStreamManager::get_next_stream() {
    const Stream& next = impl_->streams[impl_->turn];
    impl_->turn = (impl_->turn + 1) % impl_->streams.size();
    return next;
}

void MultiStreamManager::synchronize_all() const {
    for (const Stream& stream : impl_->streams) stream.synchronize();
}

// The waiting thread sleeps in the device's wait for an event; it owns the events, so this object may go before it.
std::future<void> MultiStreamManager::synchronize_async() const {
    return compat::with_cuda_exceptions([&] {
        std::array<triune::Event, 3> queued;
        for (std::size_t i = 0; i < queued.size(); ++i) queued[i].record(impl_->streams[i].handle());
        return std::async(std::launch::async, [queued = std::move(queued)] {
            compat::with_cuda_exceptions([&] {
                for (const triune::Event& event : queued) event.synchronize();
            });
        });
    });
}

}  // namespace utils
