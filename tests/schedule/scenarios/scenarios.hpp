// SPDX-License-Identifier: Apache-2.0
// Small programs of several threads over the library's own classes.
#pragma once

#include "../explorer.hpp"

namespace schedule {

// Each thread's rounds: the owner's, and one revoker's or two.
Scenario owner_and_revokers(bool biased, int owner_rounds, int revokers, int revoker_rounds);
Scenario two_owners_and_one_who_revokes_both();

Scenario threads_hold_a_spin_lock(int threads, int rounds);
Scenario threads_hold_an_accounting_lock(int threads, int rounds);
Scenario threads_hold_a_call_mutex(int threads, int rounds);
Scenario one_tries_a_call_mutex();

// Threads put batches and take them: each is where it should be, once.
Scenario batches_pass_through_a_transfer_cache();
Scenario a_full_place_evicts_while_others_take();
Scenario a_transfer_cache_is_emptied_while_others_put();

Scenario a_cache_is_emptied_while_its_owner_works();
Scenario a_cache_is_emptied_by_two_while_its_owner_works();
Scenario a_cache_is_counted_while_its_owner_works();

}  // namespace schedule
