// SPDX-License-Identifier: Apache-2.0
#include <triune/alloc/pool.hpp>
#include <triune/device/devices.hpp>

#include "contestant.hpp"
#include "contestant_list.hpp"

namespace bench {
namespace {

class TriunePool final : public Contestant {
  public:
    Piece allocate(std::size_t bytes, Stream stream) override {
        const triune::Block block = pool_.allocate(bytes, stream);
        return {block.data, block.span};
    }
    void deallocate(Piece piece, std::size_t bytes, Stream stream) override {
        pool_.deallocate({piece.data, bytes, static_cast<triune::Span*>(piece.token)}, triune::StreamOrder::on(stream));
    }
    std::size_t reserved_bytes() override { return pool_.statistics().reserved_bytes + chunks_.spare_bytes(); }

  private:
    triune::ChunkPool chunks_{triune::current_device()};
    triune::Pool pool_{chunks_};
};

}  // namespace

Entry triune_entry() {
    return {"triune", [] { return std::make_unique<TriunePool>(); }};
}

}  // namespace bench
