// SPDX-License-Identifier: Apache-2.0
#include "shards.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <exception>
#include <optional>
#include <vector>

#include <malloc.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shrinking.hpp"

namespace triune::sequences {
namespace {

constexpr std::size_t max_letters = 64;
constexpr std::size_t max_faults = 5;  // of one share
constexpr unsigned hang_seconds = 60;
constexpr std::size_t sequences_an_alarm = 100;

// What a child and its parent both see.
struct Progress {
    std::array<std::size_t, max_letters> letters;
    std::size_t depth;
    Tally tally;

    Sequence sequence() const { return {letters.begin(), letters.begin() + static_cast<std::ptrdiff_t>(depth)}; }
};

void tell(const Alphabet& alphabet, const Sequence& sequence, const char* what) {
    const Sequence least = fails(alphabet, sequence) ? shrink(alphabet, sequence) : sequence;
    std::printf("FAULT after %zu calls, %zu are enough: %s\n  --alphabet %s --run \"%s\"\n", sequence.size(),
                least.size(), what, alphabet.name.c_str(), text_of(alphabet, least).c_str());
    std::fflush(stdout);
}

[[noreturn]] void run_share(const Alphabet& alphabet, Source& source, Progress& progress,
                            const Afterwards& afterwards) {
    const auto entered = [&](std::span<const std::size_t> sequence) {
        std::copy(sequence.begin(), sequence.end(), progress.letters.begin());
        progress.depth = sequence.size();
    };
    // Every sequence asks for the same memory: the system need not take it back and clear it in between.
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    bool more = true;
    std::size_t begun = 0;
    while (more && progress.tally.faults < max_faults) {
        if (begun++ % sequences_an_alarm == 0) alarm(hang_seconds);
        try {
            more = source.run_next(entered);
            if (more && afterwards) progress.tally.more_runs += afterwards(progress.sequence());
            progress.tally.sequences += more ? 1 : 0;
        } catch (const std::exception& fault) {
            begun = 0;
            alarm(0);  // finding the least sequence may take longer than one
            ++progress.tally.faults;
            tell(alphabet, progress.sequence(), fault.what());
            source.pass(progress.sequence(), progress.tally.sequences + progress.tally.faults);
        }
    }
    std::_Exit(0);
}

// A share and the child that runs it now.
class Shard {
  public:
    Shard(const Alphabet& alphabet, Share share, const MakeSource& make, const Afterwards& afterwards)
        : alphabet_(alphabet), share_(share), make_(make), afterwards_(afterwards) {
        void* const shared = mmap(nullptr, sizeof(Progress), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        require(shared != MAP_FAILED, "no memory is left to share with a child");
        progress_ = static_cast<Progress*>(shared);
        start();
    }
    Shard(const Shard&) = delete;
    Shard& operator=(const Shard&) = delete;
    ~Shard() { munmap(progress_, sizeof(Progress)); }

    Tally wait() {
        for (int status = 0;;) {
            require(waitpid(child_, &status, 0) == child_, "a child cannot be waited for");
            if (!WIFSIGNALED(status)) break;
            ++progress_->tally.faults;
            tell(alphabet_, progress_->sequence(), strsignal(WTERMSIG(status)));
            if (progress_->tally.faults >= max_faults) break;
            start();
        }
        return progress_->tally;
    }

  private:
    void start() {
        const auto source = make_(share_);
        if (progress_->depth > 0)
            source->pass(progress_->sequence(), progress_->tally.sequences + progress_->tally.faults);
        std::fflush(stdout);
        child_ = fork();
        require(child_ >= 0, "no child can be started");
        if (child_ == 0) run_share(alphabet_, *source, *progress_, afterwards_);
    }

    const Alphabet& alphabet_;
    const Share share_;
    const MakeSource& make_;
    const Afterwards& afterwards_;
    Progress* progress_ = nullptr;
    pid_t child_ = -1;
};

}  // namespace

Tally run_all(const Alphabet& alphabet, std::size_t jobs, const MakeSource& make, const Afterwards& afterwards) {
    std::vector<std::optional<Shard>> shards(jobs);
    for (std::size_t part = 0; part < jobs; ++part) shards[part].emplace(alphabet, Share{part, jobs}, make, afterwards);
    Tally all;
    for (auto& shard : shards) {
        const Tally one = shard->wait();
        all.sequences += one.sequences;
        all.more_runs += one.more_runs;
        all.faults += one.faults;
    }
    return all;
}

}  // namespace triune::sequences
