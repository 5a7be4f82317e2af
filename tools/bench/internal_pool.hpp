// SPDX-License-Identifier: Apache-2.0
// The pool inside the library, which no user calls: a bound on what the doors to it can reach.
#pragma once

#include <triune/alloc/pool.hpp>
#include <triune/device/devices.hpp>

#include "contestant.hpp"

namespace bench {

// Defined here as a whole, so that who names the class calls the pool as directly as the library does.
class InternalPool final : public Contestant {
  public:
    static constexpr const char* name = "internal pool (bound)";

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

}  // namespace bench
