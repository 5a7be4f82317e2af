// SPDX-License-Identifier: Apache-2.0
// Descriptions that many buffers share.
#include <boost/test/unit_test.hpp>

#include <set>
#include <thread>
#include <vector>

#include <triune/detail/manage/buffer_description.hpp>
#include <triune/detail/manage/manager_core.hpp>

#include "on_manager.hpp"

using namespace triune;

BOOST_AUTO_TEST_SUITE(buffer_description)

BOOST_FIXTURE_TEST_CASE(the_buffers_of_one_call_share_theirs, OnManager) {
    std::set<const BufferDescription*> seen;
    for (const char* name : {"a", "b", "c"}) {
        static_cast<void>(manager.allocate<float>(name, 1));
        const auto found = manager.core()->registry.find(name);
        seen.insert(&static_cast<const BufferState&>(*found).description());
    }
    BOOST_TEST(seen.size() == 1U);
}

BOOST_AUTO_TEST_CASE(whatever_differs_is_told_apart) {
    BufferDescription description{{OwnerKind::typed, &typeid(float), std::source_location::current()}, 4, {}, true};
    const SharedDescription& first = SharedDescription::of(description);
    BOOST_TEST(&SharedDescription::of(description) == &first);
    description.config.enable_async = true;
    const SharedDescription& second = SharedDescription::of(description);
    BOOST_TEST(&second != &first);
    BOOST_TEST(second.config.enable_async);
    description.kind = OwnerKind::member;
    BOOST_TEST((SharedDescription::of(description).kind == OwnerKind::member));
    description.type = &typeid(int);
    BOOST_TEST((*SharedDescription::of(description).type == typeid(int)));
    description.where = std::source_location::current();
    BOOST_TEST(SharedDescription::of(description).where.line() == description.where.line());
    description.element_size = 8;
    BOOST_TEST(SharedDescription::of(description).element_size == 8U);
    description.refusable = false;
    BOOST_TEST(!SharedDescription::of(description).refusable);
    description.config.zeroed = false;
    BOOST_TEST(!SharedDescription::of(description).config.zeroed);
    BOOST_TEST(!first.config.enable_async);  // unchanged by all that
}

// More than are kept for good: the others are copies, and go when they are let go.
BOOST_AUTO_TEST_CASE(threads_share_descriptions_until_there_are_too_many) {
    std::vector<std::thread> threads;
    std::atomic<int> wrong{0};
    std::atomic<int> copies{0};
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (std::size_t turn = 0; turn < 20'000; ++turn) {
                BufferDescription description;
                description.config.max_size_bytes = turn * 64;
                const SharedDescription& shared = SharedDescription::of(description);
                if (shared.config != description.config) ++wrong;
                if (!shared.kept_for_good) ++copies;
                SharedDescription::let_go(shared);
            }
        });
    }
    for (auto& thread : threads) thread.join();
    BOOST_TEST(wrong == 0);
    BOOST_TEST(copies > 0);
}

BOOST_AUTO_TEST_SUITE_END()
