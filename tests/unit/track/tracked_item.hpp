// SPDX-License-Identifier: Apache-2.0
// An allocation without memory behind it, for tests of the books.
#pragma once

#include <algorithm>
#include <atomic>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include <triune/detail/track/registry.hpp>

namespace triune {

class TrackedItem final : public TrackedAllocation {
  public:
    TrackedItem(Registry& books, std::optional<std::string> name, const AllocationOrigin& origin)
        : TrackedAllocation(origin, std::move(name)), books_(&books) {
        books.add(*this);
    }
    ~TrackedItem() override { ++deleted; }

    std::size_t capacity() const noexcept { return capacity_; }
    void use(std::size_t bytes) noexcept {
        size_ = bytes;
        touch();
    }

    static inline std::atomic<int> disposed{0};  // of all items
    static inline std::atomic<int> deleted{0};

  private:
    void dispose() noexcept override {
        ++disposed;
        books_->remove(*this);
    }

    Registry* books_;
};

using Item = boost::intrusive_ptr<TrackedItem>;

const AllocationOrigin& origin_of(OwnerKind kind);

inline Item item(Registry& books, std::optional<std::string> name, std::size_t bytes,
                 OwnerKind kind = OwnerKind::typed) {
    Item made(new TrackedItem(books, std::move(name), origin_of(kind)));
    if (bytes > 0) books.resized(*made, bytes);
    return made;
}

inline bool biggest_come_first_and_of_equals_the_oldest(const AllocationList& records) {
    return std::is_sorted(records.begin(), records.end(), [](const AllocationRecord& a, const AllocationRecord& b) {
        return a.bytes != b.bytes ? a.bytes > b.bytes : a.id() < b.id();
    });
}

}  // namespace triune
