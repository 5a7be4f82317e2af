// SPDX-License-Identifier: Apache-2.0
// Triune's ways of growing.
#include <optional>
#include <utility>

#include <triune/detail/manage/storage.hpp>
#include <triune/manage/device_resources.hpp>
#include <triune/triune.hpp>

#include "grower.hpp"

namespace bench {
namespace {

constexpr std::size_t max_bytes = std::size_t{64} << 30;

// What users call.
class ThroughManager final : public Grower {
  public:
    explicit ThroughManager(bool zeroed) : zeroed_(zeroed) {}

    // Nothing tells the buffer how far it will grow: users seldom know.
    void begin(std::size_t bytes, std::size_t, triune::StreamHandle stream) override {
        triune::BufferConfig config = triune::GpuMemoryManager::unbounded();
        config.growth_factor = 1.0F;
        config.zeroed = zeroed_;
        if (buffer_) buffer_->reset(stream);
        buffer_.emplace(manager_.make_buffer<unsigned char>("grown", bytes, config, stream));
    }
    void grow(std::size_t bytes, triune::StreamHandle stream, const std::function<void()>& at_peak) override {
        buffer_->ensure_capacity(bytes, stream);
        if (at_peak) at_peak();  // what was held meanwhile is kept for reuse
    }
    void* data() override { return buffer_->data(); }
    std::size_t bytes() override { return buffer_->capacity_bytes(); }
    void end(triune::StreamHandle stream) override {
        if (buffer_) buffer_->reset(stream);
        buffer_.reset();
        manager_.trim();
    }

  private:
    const bool zeroed_;
    triune::GpuMemoryManager manager_ = triune::GpuMemoryManager::with_limit(max_bytes);
    std::optional<triune::Buffer<unsigned char>> buffer_;
};

// The steps of a growth as core/triune/detail/manage/growth.cpp takes them, by the tier asked for: what no user calls,
// and the least that either tier takes. Here the policy's threshold comes from.
class ByTier final : public Grower {
  public:
    explicit ByTier(bool mapped) : mapped_(mapped) {}
    ~ByTier() override { storage_.release(*resources_, triune::StreamOrder::after_all()); }

    void begin(std::size_t bytes, std::size_t most, triune::StreamHandle stream) override {
        storage_.release(*resources_, triune::StreamOrder::on(stream));
        storage_ = mapped_ ? triune::Storage::mapped(*resources_, bytes, most)
                           : triune::Storage::pooled(*resources_, bytes, stream);
        bytes_ = bytes;
    }
    void grow(std::size_t bytes, triune::StreamHandle stream, const std::function<void()>& at_peak) override {
        triune::Device& device = resources_->device;
        if (mapped_) {
            storage_.commit(bytes);
        } else {
            auto larger = triune::Storage::pooled(*resources_, bytes, stream);
            triune::check(device.copy(larger.data(), storage_.data(), bytes_, stream), "copying");
            std::swap(storage_, larger);
            larger.release(*resources_, triune::StreamOrder::on(stream));
        }
        triune::check(device.fill(storage_.data() + bytes_, 0, 1, bytes - bytes_, stream), "zeroing");
        bytes_ = bytes;
        if (at_peak) at_peak();
    }
    void* data() override { return storage_.data(); }
    std::size_t bytes() override { return bytes_; }
    void end(triune::StreamHandle stream) override {
        storage_.release(*resources_, triune::StreamOrder::on(stream));
        resources_->trim();
    }

  private:
    bool mapped_;
    std::shared_ptr<triune::DeviceResources> resources_ = triune::DeviceResources::of(triune::current_device());
    triune::Storage storage_;
    std::size_t bytes_ = 0;
};

}  // namespace

std::vector<GrowerEntry> triune_growers() {
    return {{"triune", [] { return std::make_unique<ThroughManager>(true); }},
            {"triune, not zeroed", [] { return std::make_unique<ThroughManager>(false); }},
            {"internal copying (bound)", [] { return std::make_unique<ByTier>(false); }},
            {"internal mapping (bound)", [] { return std::make_unique<ByTier>(true); }}};
}

}  // namespace bench
