// SPDX-License-Identifier: Apache-2.0
// The public door: a manager and its buffers on a device on paper.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <triune/manage/manager.hpp>

#include "letter.hpp"
#include "paper_device.hpp"
#include "pool_world.hpp"
#include "world.hpp"

namespace triune::sequences {

class BufferWorld final : public World {
  public:
    using Letters = std::vector<Letter<BufferWorld>>;
    // `letters` outlive the world.
    BufferWorld(const Letters& letters, std::size_t capacity_bytes, Work work);
    ~BufferWorld() override;

    bool enabled(std::size_t letter) const override { return !ended_ && letters_[letter].enabled(*this); }
    void step(std::size_t letter) override { run(letters_[letter]); }
    void run(const Letter<BufferWorld>& letter);
    void check() const override;
    void end() override;
    sim::SimFailures& failures() override { return device_.failures; }

    static Letters letter_make(const std::string& name, std::size_t bytes, Who who, bool stable = false);
    // A block of stream t, and the end of the sequence.
    static Letters letter_last(const std::string& name, std::size_t bytes);
    // Of the buffers that are alive the oldest for 0, the newest for -1.
    static Letters letter_drop(int index, Order order);
    // To twice the size, and to half of it.
    static Letters letter_grow(int index, Who who);
    static Letters letter_shrink(Who who);
    static Letters letter_download();
    static Letters letter_start();
    static Letters letter_wait();
    static Letters letter_trim();
    static Letters letter_finish();

  private:
    struct Live {
        Buffer<std::uint8_t> buffer;
        Runs contents;  // of its capacity: what set_size() hides is shown again by a later growth
        Who last = Who::nobody;
        Runs flight;  // what the download on its way should bring
    };

    StreamHandle handle(Who who) const { return streams_[static_cast<std::size_t>(who)]; }
    Live& at(int index) { return index >= 0 ? live_[static_cast<std::size_t>(index)] : live_.back(); }
    bool has(int index) const { return index >= 0 ? live_.size() > static_cast<std::size_t>(index) : live_.size() > 1; }
    // Orders `who` behind the buffer's last work, as its user must.
    void hand_over(Live& buffer, Who who);
    // Whether `call` worked. What it may throw is that memory has run out, or a failure that was asked for.
    template <typename Call>
    bool works(Call&& call);
    void make(std::size_t bytes, Who who, bool stable);
    void drop(int index, Order order);
    void fill(Live& buffer, Who who);
    void grow(Live& buffer, Who who);
    void shrink(Live& buffer, Who who);
    void download(Live& buffer);
    static Runs contents_of(const Live& buffer);  // of its size
    void check_places() const;

    const Letters& letters_;
    const Work work_;
    std::deque<std::array<std::uint8_t, 2>> downloaded_;  // a download that failed may still write there
    PaperDevice device_;
    std::array<StreamHandle, 2> streams_{};
    std::optional<GpuMemoryManager> manager_;
    std::vector<Live> live_;
    std::uint8_t last_tag_ = 0;
    bool used_s_ = false;
    bool ended_ = false;
    bool trimmed_ = true;
};

}  // namespace triune::sequences
