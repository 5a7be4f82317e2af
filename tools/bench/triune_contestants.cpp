// SPDX-License-Identifier: Apache-2.0
// Memory by address, as PoolResource and the Thrust adaptor draw it; and the pool below it, as a bound.
#include <triune/manage/manager.hpp>
#include <triune/resource/pool_account.hpp>

#include "contestant_list.hpp"
#include "internal_pool.hpp"

namespace bench {
namespace {

constexpr std::size_t no_limit = std::size_t{1} << 50;

class ByAddress final : public Contestant {
  public:
    Piece allocate(std::size_t bytes, Stream stream) override {
        return {account_.allocate(bytes, alignment, triune::StreamOrder::on(stream)), nullptr};
    }
    void deallocate(Piece piece, std::size_t, Stream stream) override {
        account_.deallocate(piece.data, triune::StreamOrder::on(stream));
    }
    std::size_t reserved_bytes() override {
        const triune::PoolFigures pool = manager_.stats().pool;
        return pool.reserved_bytes + pool.retired_bytes + pool.spare_chunk_bytes;
    }

  private:
    static constexpr std::size_t alignment = alignof(std::max_align_t);  // what a resource asks for, unless told

    triune::GpuMemoryManager manager_ = triune::GpuMemoryManager::with_limit(no_limit);
    triune::PoolAccount account_{manager_};
};

}  // namespace

std::vector<Entry> triune_entries() {
    return {{"triune", [] { return std::make_unique<ByAddress>(); }},
            {InternalPool::name, [] { return std::make_unique<InternalPool>(); }}};
}

}  // namespace bench
