// SPDX-License-Identifier: Apache-2.0
// Makes a program use its core before it loads anything.
#include <triune/triune.hpp>

namespace {

const auto used = [] {
    auto& manager = triune::default_manager();
    auto* const account = new triune::PoolAccount(manager);
    account->deallocate(account->allocate(1000, 256, triune::StreamOrder::after_all()),
                        triune::StreamOrder::after_all());
    return manager.stats().buffer_count;
}();

}  // namespace
