// SPDX-License-Identifier: Apache-2.0
// What tests of the C interface stand on: a handle to a manager on a device that must be left as it was.
#pragma once

#include <triune.h>

#include <memory>
#include <string>

#include "../../c/call.hpp"
#include "../../c/objects.hpp"
#include "../unit/manage/on_manager.hpp"

namespace triune {

inline std::string last_error() { return triune_last_error(); }

// Of a call that must fail: whether it has this status and these words.
inline bool refused(triune_status got, triune_status wanted, const std::string& words) {
    BOOST_TEST(got == wanted, "status " << got << ": " << last_error());
    BOOST_TEST(mentions(last_error(), words), last_error());
    return got == wanted;
}

struct OnC : BalancedSim {
    explicit OnC(std::size_t limit_bytes = GpuMemoryManager::default_limit_bytes, sim::SimOptions options = small())
        : BalancedSim(options), cxx(std::make_shared<GpuMemoryManager>(sim, limit_bytes)) {
        c::open_handle(&manager, std::make_unique<c::ManagerObject>(c::ManagerObject{cxx}));
    }
    ~OnC() { triune_manager_release(manager); }

    triune_buffer* created(const char* name, std::size_t count, const triune_buffer_config& config) {
        triune_buffer* made = nullptr;
        BOOST_REQUIRE_MESSAGE(triune_buffer_create(manager, name, count, &config, nullptr, &made) == TRIUNE_OK,
                              last_error());
        return made;
    }
    triune_buffer* created(const char* name, std::size_t count) {
        return created(name, count, TRIUNE_BUFFER_CONFIG_INIT);
    }

    std::shared_ptr<GpuMemoryManager> cxx;
    triune_manager* manager = nullptr;
};

}  // namespace triune
