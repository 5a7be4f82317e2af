// SPDX-License-Identifier: Apache-2.0
// Allocate, copy, free: with each allocator that the allocation benchmark knows.
#include <triune/base/error.hpp>
#include <triune/device/devices.hpp>

#include "contestant.hpp"
#include "grower.hpp"

namespace bench {
namespace {

class Copying final : public Grower {
  public:
    explicit Copying(std::function<std::unique_ptr<Contestant>()> make) : make_(std::move(make)), from_(make_()) {}

    void begin(std::size_t bytes, std::size_t, triune::StreamHandle stream) override {
        free(stream);
        piece_ = from_->allocate(bytes, stream);
        bytes_ = bytes;
    }
    void grow(std::size_t bytes, triune::StreamHandle stream, const std::function<void()>& at_peak) override {
        const auto larger = from_->allocate(bytes, stream);
        triune::check(triune::current_device().copy(larger.data, piece_.data, bytes_, stream), "copying");
        if (at_peak) at_peak();
        from_->deallocate(piece_, bytes_, stream);
        piece_ = larger;
        bytes_ = bytes;
    }
    void* data() override { return piece_.data; }
    std::size_t bytes() override { return bytes_; }
    void end(triune::StreamHandle stream) override {
        free(stream);
        from_.reset();
        from_ = make_();
    }

  private:
    void free(triune::StreamHandle stream) {
        if (piece_.data != nullptr) from_->deallocate(piece_, bytes_, stream);
        piece_ = {};
    }

    std::function<std::unique_ptr<Contestant>()> make_;
    std::unique_ptr<Contestant> from_;
    Contestant::Piece piece_;
    std::size_t bytes_ = 0;
};

}  // namespace

std::vector<GrowerEntry> copying_growers() {
    std::vector<GrowerEntry> growers;
    for (const Entry& entry : contestants()) {
        // Their own growth is there.
        if (entry.name.starts_with("triune") || entry.name.starts_with("internal") || entry.name.starts_with("rmm"))
            continue;
        growers.push_back({entry.name, [make = entry.make] { return std::make_unique<Copying>(make); }});
    }
    return growers;
}

}  // namespace bench
