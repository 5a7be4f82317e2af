// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/device/sim/sim_misuse.hpp>

#include <cstdio>
#include <exception>

#include <triune/base/log.hpp>

namespace triune::sim {

std::string address_text(const void* address) {
    char text[32];
    std::snprintf(text, sizeof text, "%p", address);
    return text;
}

void SimMisuse::add(const std::string& sentence) noexcept {
    log::error(sentence);
    try {
        const std::lock_guard lock(mutex_);
        if (sentences_.size() < most_) sentences_.push_back(sentence);
    } catch (const std::exception&) {
        // Out of host memory: the log line above is all that can be kept.
    }
}

std::vector<std::string> SimMisuse::list() const {
    const std::lock_guard lock(mutex_);
    return sentences_;
}

}  // namespace triune::sim
