#include <array>
#include <cstddef>
#include <future>
#include <memory>
#include <thread>
#include <utility>

#include "device/handles.hpp"
#include "utils/gpu_memory.hpp"

namespace utils {

struct MultiStreamManager::Impl {
    std::array<Stream, 3> streams;  // compute, memory, analysis
    std::size_t next = 0;
};

MultiStreamManager::MultiStreamManager() : impl_(new Impl) {}
MultiStreamManager::~MultiStreamManager() { delete impl_; }
MultiStreamManager::MultiStreamManager(MultiStreamManager&& other) noexcept
    : impl_(std::exchange(other.impl_, nullptr)) {}
MultiStreamManager& MultiStreamManager::operator=(MultiStreamManager&& other) noexcept {
    if (this != &other) {
        delete std::exchange(impl_, std::exchange(other.impl_, nullptr));
    }
    return *this;
}

const Stream& MultiStreamManager::get_compute_stream() const noexcept { return impl_->streams[0]; }
const Stream& MultiStreamManager::get_memory_stream() const noexcept { return impl_->streams[1]; }
const Stream& MultiStreamManager::get_analysis_stream() const noexcept { return impl_->streams[2]; }

const Stream& MultiStreamManager::get_next_stream() {
    const Stream& stream = impl_->streams[impl_->next];
    impl_->next = (impl_->next + 1) % impl_->streams.size();
    return stream;
}

void MultiStreamManager::synchronize_all() const {
    for (const Stream& stream : impl_->streams) {
        stream.synchronize();
    }
}

std::future<void> MultiStreamManager::synchronize_async() const {
    auto events = std::make_shared<std::array<legacy::Event, 3>>();
    for (std::size_t i = 0; i < events->size(); ++i) {
        (*events)[i].record(impl_->streams[i].handle());
    }
    // The task shares the events and does not need the streams, so it may outlive this object.
    return std::async(std::launch::async, [events] {
        for (const legacy::Event& event : *events) {
            while (!event.is_complete()) {
                std::this_thread::yield();
            }
        }
    });
}

}  // namespace utils
