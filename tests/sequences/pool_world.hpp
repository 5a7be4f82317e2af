// SPDX-License-Identifier: Apache-2.0
// The pool on a device on paper: blocks on two streams and without one.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include <triune/alloc/pool.hpp>
#include <triune/detail/alloc/device_memory/chunk_pool.hpp>

#include "letter.hpp"
#include "paper_device.hpp"
#include "world.hpp"

namespace triune::sequences {

// Who asks for a block, or in whose order it is freed.
enum class Who : std::size_t { s, t, nobody };
enum class Order { own, other, all };
// Whether what is queued is done after each step, or only when somebody waits.
enum class Work { queued, done };

class PoolWorld final : public World {
  public:
    using Letters = std::vector<Letter<PoolWorld>>;
    // `letters` outlive the world.
    PoolWorld(const Letters& letters, std::size_t capacity_bytes, Work work);
    ~PoolWorld() override;

    bool enabled(std::size_t letter) const override { return !ended_ && letters_[letter].enabled(*this); }
    void step(std::size_t letter) override { run(letters_[letter]); }
    void run(const Letter<PoolWorld>& letter);
    void check() const override;
    void end() override;
    sim::SimFailures& failures() override { return device_.failures; }

    static Letters letter_allocate(const std::string& name, std::size_t bytes, Who who);
    // So many blocks of stream s, as long as the device has them.
    static Letters letter_row(const std::string& name, int count, std::size_t bytes);
    // The first block of stream t, and the end of the sequence.
    static Letters letter_last(const std::string& name, std::size_t bytes);
    // Of the blocks that are alive the `index`th oldest, or the newest for -1.
    static Letters letter_free(int index, Order order);
    static Letters letter_free_every_other();
    static Letters letter_fill_up(std::size_t bytes);
    static Letters letter_trim();
    static Letters letter_finish();

  private:
    struct Live {
        Block block;
        std::size_t asked = 0;
        Who who = Who::nobody;
        std::uint8_t tag = 0;
    };

    StreamHandle handle(Who who) const { return streams_[static_cast<std::size_t>(who)]; }
    bool allocate(std::size_t bytes, Who who);
    void free(std::size_t index, Order order);
    void check_places() const;
    void check_books() const;

    const Letters& letters_;
    const Work work_;
    PaperDevice device_;
    std::array<StreamHandle, 3> streams_{};
    std::optional<ChunkPool> chunks_;
    std::optional<Pool> pool_;
    std::vector<Live> live_;
    std::uint8_t last_tag_ = 0;
    bool used_s_ = false;
    bool ended_ = false;
    bool trimmed_ = true;  // nothing has happened since the last time
};

}  // namespace triune::sequences
