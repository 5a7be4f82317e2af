// SPDX-License-Identifier: Apache-2.0
#include "rules/rule.hpp"

namespace migrate {

std::span<const Rule> all_rules() {
    static const std::vector<Rule> rules = [] {
        std::vector<Rule> all;
        for (const auto* module : {&gpu_memory_rules(), &dynamic_buffer_manager_rules(), &unified_gpu_compute_rules(),
                                   &device_buffer_rules(), &error_handler_rules(), &transition_rules()}) {
            all.insert(all.end(), module->begin(), module->end());
        }
        return all;
    }();
    return rules;
}

}  // namespace migrate
