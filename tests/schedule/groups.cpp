// SPDX-License-Identifier: Apache-2.0
#include "groups.hpp"

#include "scenarios/scenarios.hpp"

namespace schedule {
namespace {

Variant refused_after(int barriers) {
    Variant variant;
    variant.barriers_until_refusal = barriers;
    return variant;
}

}  // namespace

std::vector<Group> groups(bool further) {
    std::vector<Group> all{
        {"biased_mutex",
         {{"one revoker", owner_and_revokers(true, 2, 1, 2), {3, 1}, {}},
          {"two revokers", owner_and_revokers(true, 1, 2, 1), {2, 1}, {}},
          {"no bias", owner_and_revokers(false, 2, 1, 2), {3, 1}, {}},
          {"no bias, two revokers", owner_and_revokers(false, 1, 2, 1), {2, 1}, {}},
          {"no barrier is granted", owner_and_revokers(true, 2, 1, 2), {3, 2}, refused_after(0)},
          {"one barrier is granted, two revokers", owner_and_revokers(true, 2, 2, 1), {2, 1}, refused_after(1)},
          {"two at once", two_owners_and_one_who_revokes_both(), {2, 1}, {}},
          {"two at once, no barrier is granted", two_owners_and_one_who_revokes_both(), {2, 1}, refused_after(0)}}},
        {"spin_lock",
         {{"two threads", threads_hold_a_spin_lock(2, 2), {4, 2}, {}},
          {"three threads", threads_hold_a_spin_lock(3, 1), {4, 1}, {}}}},
        {"accounting_lock",
         {{"two threads", threads_hold_an_accounting_lock(2, 2), {4, 2}, {}},
          {"three threads", threads_hold_an_accounting_lock(3, 1), {3, 1}, {}}}},
        {"call_mutex",
         {{"two threads", threads_hold_a_call_mutex(2, 2), {3, 1}, {}},
          {"three threads", threads_hold_a_call_mutex(3, 1), {2, 1}, {}},
          {"one tries", one_tries_a_call_mutex(), {4, 2}, {}}}},
        {"transfer_cache",
         {{"one place", batches_pass_through_a_transfer_cache(), {2, 1}, {}},
          {"eviction", a_full_place_evicts_while_others_take(), {3, 1}, {}},
          {"emptied", a_transfer_cache_is_emptied_while_others_put(), {2, 1}, {}}}},
        {"thread_cache",
         {{"emptied", a_cache_is_emptied_while_its_owner_works(), {3, 2}, {}},
          {"emptied by two", a_cache_is_emptied_by_two_while_its_owner_works(), {2, 1}, {}},
          {"counted", a_cache_is_counted_while_its_owner_works(), {3, 2}, {}},
          {"emptied without barriers", a_cache_is_emptied_while_its_owner_works(), {3, 2}, refused_after(0)}}},
    };
    if (!further) return all;
    for (Group& group : all) {
        for (Run& run : group.runs) {
            ++run.bounds.preemptions;
            ++run.bounds.old_values;
            run.bounds.executions = 20'000'000;
        }
    }
    return all;
}

Outcome explore(const Group& group, Place weakened, int weakened_to) {
    Outcome sum;
    sum.complete = true;
    for (const Run& run : group.runs) {
        Variant variant = run.variant;
        variant.weakened = weakened;
        variant.weakened_to = weakened_to;
        Outcome outcome = explore(run.scenario, run.bounds, variant);
        sum.executions += outcome.executions;
        sum.complete = sum.complete && outcome.complete;
        sum.places.merge(outcome.places);
        if (outcome.fault.empty()) continue;
        sum.fault = group.name + ", " + run.name + ": " + outcome.fault;
        break;
    }
    return sum;
}

}  // namespace schedule
