// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <triune/base/biased_mutex.hpp>

#include "scenarios.hpp"

namespace schedule {
namespace {

struct Guarded {
    explicit Guarded(bool biased) : mutex(biased) {}

    void visit() {
        require(!inside, "two are inside");
        inside = true;
        ++visits;
        inside = false;
    }

    triune::BiasedMutex mutex;
    bool inside = false;
    int visits = 0;
};

}  // namespace

Scenario owner_and_revokers(bool biased, int owner_rounds, int revokers, int revoker_rounds) {
    return [=] {
        const auto guarded = std::make_shared<Guarded>(biased);
        Program program;
        program.threads.push_back([=] {
            for (int round = 0; round < owner_rounds; ++round) {
                const triune::OwnerLock lock(guarded->mutex);
                guarded->visit();
            }
        });
        for (int revoker = 0; revoker < revokers; ++revoker) {
            program.threads.push_back([=] {
                for (int round = 0; round < revoker_rounds; ++round) {
                    const triune::RevokerLock lock(guarded->mutex);
                    guarded->visit();
                }
            });
        }
        program.at_end = [=] {
            require(guarded->visits == owner_rounds + revokers * revoker_rounds, "a visit is lost");
        };
        return program;
    };
}

}  // namespace schedule
