// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <memory>

#include <triune/detail/base/biased_mutex.hpp>

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

Scenario two_owners_and_one_who_revokes_both() {
    return [] {
        struct Both : std::array<Guarded, 2> {};
        const std::shared_ptr<Both> both(new Both{{Guarded(true), Guarded(true)}});
        Program program;
        for (Guarded& own : *both) {
            program.threads.push_back([both, &own] {
                const triune::OwnerLock lock(own.mutex);
                own.visit();
            });
        }
        program.threads.push_back([both] {
            triune::BiasedMutex::lock_all_as_revoker(true, [&](auto&& visit) {
                for (Guarded& each : *both) visit(each.mutex);
            });
            for (Guarded& each : *both) each.visit();
            for (Guarded& each : *both) each.mutex.unlock_as_revoker();
        });
        program.at_end = [both] {
            for (const Guarded& each : *both) require(each.visits == 2, "a visit is lost");
        };
        return program;
    };
}

}  // namespace schedule
