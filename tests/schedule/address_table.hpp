// SPDX-License-Identifier: Apache-2.0
// A table by address that is emptied at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <vector>

namespace schedule {

template <typename Value>
class AddressTable {
  public:
    AddressTable() : slots_(std::size_t{1} << 14) {}

    void clear() noexcept {
        ++generation_;
        used_ = 0;
    }
    Value& at(std::uintptr_t key) {
        Slot& slot = slots_[slot_of(key)];
        if (slot.generation != generation_) {
            if (++used_ > slots_.size() / 2) throw std::length_error("the program touches too much memory");
            slot = {key, generation_, {}};
        }
        return slot.value;
    }
    Value* find(std::uintptr_t key) noexcept {
        Slot& slot = slots_[slot_of(key)];
        return slot.generation == generation_ ? &slot.value : nullptr;
    }

  private:
    struct Slot {
        std::uintptr_t key = 0;
        std::uint64_t generation = 0;
        Value value{};
    };
    std::size_t slot_of(std::uintptr_t key) const noexcept {
        std::size_t at = (key * 0x9E3779B97F4A7C15U) >> 50;
        while (slots_[at].generation == generation_ && slots_[at].key != key) at = (at + 1) % slots_.size();
        return at;
    }

    std::vector<Slot> slots_;
    std::uint64_t generation_ = 1;
    std::size_t used_ = 0;
};

}  // namespace schedule
