// SPDX-License-Identifier: Apache-2.0
// What bad input gets: each kind is decided, and leaves everything as it was or works.
#include <boost/test/unit_test.hpp>

#include <functional>
#include <limits>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <triune/detail/base/printable.hpp>
#include <triune/detail/manage/manager_core.hpp>
#include <triune/manage/growth_set.hpp>
#include <triune/manage/shortage.hpp>

#include "../../written_log.hpp"
#include "on_bad_input.hpp"

using namespace triune;

namespace {

constexpr std::size_t most = std::numeric_limits<std::size_t>::max();
constexpr float infinity = std::numeric_limits<float>::infinity();

struct alignas(256) Aligned256 {
    float value;
};
struct alignas(512) Aligned512 {
    float value;
};

template <typename T>
concept Allocatable = requires(GpuMemoryManager& manager) { manager.allocate<T>("x", 1); };
template <typename T>
concept Groupable = requires { typename BufferGroup<T>; };

static_assert(Allocatable<float> && Allocatable<Aligned256> && Groupable<float>);
static_assert(!Allocatable<Aligned512> && !Groupable<Aligned512>, "blocks are aligned to 256 bytes");
static_assert(!Allocatable<std::string>, "elements are copied as bytes");
static_assert(!Allocatable<const float> && !Allocatable<volatile float> && !Allocatable<float&>);
static_assert(!Allocatable<float[4]> && !Allocatable<void> && !Allocatable<void()>);

// Names as no terminal likes them, and how messages show them.
struct Name {
    std::string name, shown;
};
const std::vector<Name>& names() {
    static const std::vector<Name> all{
        {"", "''"},
        {std::string(10 * KiB, 'n'), "'" + std::string(10 * KiB, 'n') + "'"},
        {std::string("a\0b", 3), "'a\\x00b'"},
        {"line\nbreak", "'line\\x0abreak'"},
        {"\xff\xfe", "'\\xff\\xfe'"},
        {"{} %s", "'{} %s'"},
    };
    return all;
}

struct OnAnyLimit : OnBadInput {
    OnAnyLimit() : OnBadInput(most) {}
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(bad_input, OnBadInput)

BOOST_AUTO_TEST_CASE(a_zero_count_allocates_nothing_and_every_call_works_on_it) {
    const auto none = manager.allocate<float>("none", 0, with_downloads());
    none.reserve(0);
    none.ensure_capacity(0);
    none.set_size(0);
    none.set_size(5);
    none.shrink_to_fit();
    none.upload({});
    none.upload_at(0, {});
    none.fill(1.0F);
    none.fill_at(0, 0, 1.0F);
    none.copy_from(none);
    none.copy_at(0, none, 0, 0);
    BOOST_TEST(none.download().empty());
    none.start_async_download(stream.handle());
    BOOST_TEST(none.wait_for_download().empty());
    BOOST_TEST(none.latest().sequence() == 1U);
    BOOST_TEST(none.capacity() == 0U);
    BOOST_TEST(manager.stats().allocation_count == 0U);
    BOOST_TEST(manager.make_buffer_from("empty", std::vector<float>{}).empty());
    BufferGroup<float> group(manager, "g", {"x"}, 0);
    group.start_async_download(stream.handle());
    BOOST_TEST(group.wait_for_download().size() == 0U);
    group.upload({std::vector<float>{}});
    BOOST_TEST(group.download().front().empty());
}

BOOST_FIXTURE_TEST_CASE(byte_counts_that_overflow_are_refused_with_the_name_and_the_count, OnAnyLimit) {
    const auto made = manager.allocate<float>("x", 10);
    for (const std::size_t count : {most, most / 4 + 1, most / 2}) {
        refused<invalid_argument>(made, [&] { manager.allocate<float>("y", count); });
        refused<invalid_argument>(made, [&] { static_cast<void>(manager.make_buffer<float>("y", count)); });
        refused<invalid_argument>(made, [&] { static_cast<void>(manager.make_buffer<float>(count)); });
        refused<invalid_argument>(made, [&] { made.reserve(count); });
        refused<invalid_argument>(made, [&] { made.ensure_capacity(count); });
        refused<invalid_argument>(made, [&] { manager.ensure_capacity<float>("x", count); });
        refused<invalid_argument>(made, [&] { BufferGroup<float>(manager, "g", {"a", "b"}, count); });
        const std::string what = message_of<invalid_argument>([&] { made.reserve(count); });
        BOOST_TEST(mentions(what, "'x'"));
        BOOST_TEST(mentions(what, std::to_string(count)));
    }
    BOOST_TEST(!manager.contains("y"));
}

// The largest counts whose bytes fit in a size_t: no device has them.
BOOST_FIXTURE_TEST_CASE(byte_counts_beyond_every_device_are_refused, OnAnyLimit) {
    const Quiet quiet;
    const auto made = manager.make_buffer<float>("x", 10);
    for (const std::size_t count : {most / 4 - 10, most / 8, std::size_t{1} << 50}) {
        refused<out_of_memory>(made, [&] { static_cast<void>(manager.make_buffer<float>("y", count)); });
        refused<out_of_memory>(made, [&] { made.ensure_capacity(count); });
        BufferConfig stable = GpuMemoryManager::unbounded();
        stable.stable_address = true;
        refused<out_of_memory>(made, [&] { static_cast<void>(manager.make_buffer<float>("y", count, stable)); });
        refused<max_size_exceeded>(made, [&] { manager.allocate<float>("y", count); });
    }
}

BOOST_AUTO_TEST_CASE(any_name_works_and_is_shown_printable_in_errors) {
    const Quiet quiet;
    for (const auto& [name, shown] : names()) {
        BOOST_TEST(mentions(message_of<buffer_not_found>([&] { manager.free(name); }), shown));
        const auto made = manager.allocate<float>(name, 1);
        BOOST_TEST(made.name() == name);
        BOOST_TEST(manager.get_buffer<float>(name).data() == made.data());
        for (const std::string& what : {
                 message_of<type_mismatch>([&] { manager.get_buffer<int>(name); }),
                 message_of<max_size_exceeded>([&] { made.reserve(GiB); }),
                 message_of<async_not_enabled>([&] { made.latest(); }),
                 message_of<invalid_argument>([&] { made.upload(std::vector<float>(2)); }),
                 message_of<invalid_argument>([&] { made.fill_at(0, 2, 0.0F); }),
             }) {
            BOOST_TEST(mentions(what, shown.substr(1, shown.size() - 2)));
            std::istringstream lines(what);
            for (std::string line; std::getline(lines, line);) BOOST_TEST(is_printable(line));
            BOOST_TEST(!what.empty());
        }
        BOOST_TEST(manager.check_leaks().front().name() == name);
        manager.free(name);
        BOOST_TEST(mentions(message_of<stale_handle>([&] { made.size(); }), shown));
    }
}

BOOST_AUTO_TEST_CASE(any_name_is_one_printable_line_in_the_log) {
    const WrittenLog log;
    for (const auto& [name, shown] : names()) {
        manager.allocate<float>(name, 1);
        manager.allocate<float>(name, 1);  // warns
        BOOST_TEST(manager.report_leaks().size() == 1U);
        BufferGroup<float> group(manager, name, {name}, 1);
        group.start_async_download(stream.handle());
        BOOST_TEST(group.wait_for_download().size() == 1U);
        manager.free(name);
    }
    std::istringstream lines(log.text());
    std::size_t count = 0;
    for (std::string line; std::getline(lines, line); ++count) BOOST_TEST(is_printable(line));
    BOOST_TEST(count == 2 * names().size());
}

BOOST_AUTO_TEST_CASE(any_growth_factor_works_and_never_gives_less_than_is_required) {
    for (const float factor : {std::numeric_limits<float>::quiet_NaN(), 0.0F, 0.5F, 1.0F, -3.0F, -infinity, infinity}) {
        BufferConfig config;
        config.growth_factor = factor;
        config.max_size_bytes = 64 * KiB;
        const auto made = manager.make_buffer<float>("x", 100, config);
        made.fill(2.0F);
        made.ensure_capacity(101);
        BOOST_TEST(made.capacity() == (factor == infinity ? 16 * KiB : 101U));
        made.ensure_capacity(300);
        BOOST_TEST(made.download()[99] == 2.0F);
        BOOST_TEST(made.download()[299] == 0.0F);
        refused<max_size_exceeded>(made, [&] { made.ensure_capacity(16 * KiB + 1); });
    }
}

BOOST_AUTO_TEST_CASE(a_minimum_above_the_maximum_gives_the_maximum) {
    BufferConfig crossed;
    crossed.min_size_bytes = 10000;
    crossed.max_size_bytes = 4000;
    const auto made = manager.allocate<float>("x", 0, crossed);
    made.ensure_capacity(1);
    BOOST_TEST(made.capacity_bytes() == 4000U);
    refused<max_size_exceeded>(made, [&] { made.ensure_capacity(1001); });
    crossed.max_size_bytes = 0;
    BOOST_TEST(manager.allocate<float>("nothing", 0, crossed).empty());
    refused<max_size_exceeded>(made, [&] { manager.allocate<float>("one", 1, crossed); });
}

BOOST_AUTO_TEST_CASE(a_limit_of_0_refuses_every_byte) {
    GpuMemoryManager none(sim, 0);
    const auto made = none.allocate<float>("x", 0);
    BOOST_TEST(!none.can_allocate(1));
    BOOST_TEST(none.can_allocate(0));
    BOOST_CHECK_THROW(made.ensure_capacity(1), limit_exceeded);
    BOOST_CHECK_THROW(none.allocate<float>("y", 1), limit_exceeded);
    BOOST_TEST(!none.contains("y"));
    BOOST_TEST(none.stats().peak_allocated_bytes == 0U);
}

BOOST_AUTO_TEST_CASE(a_type_of_alignment_256_works) {
    const auto made = manager.make_buffer<Aligned256>("x", 3);
    BOOST_TEST(reinterpret_cast<std::uintptr_t>(made.data()) % 256 == 0U);
}

BOOST_AUTO_TEST_CASE(a_wrong_type_or_an_unknown_name_is_refused_by_every_call_by_name) {
    const auto made = manager.allocate<float>("x", 10, with_downloads());
    static_cast<void>(manager.get_or_create("bytes", {}));
    const auto owned = manager.make_buffer<float>("owned", 10);
    refused<type_mismatch>(made, [&] { manager.get_buffer<int>("x"); });
    refused<type_mismatch>(made, [&] { manager.allocate<double>("x", 5); });
    refused<type_mismatch>(made, [&] { manager.ensure_capacity<int>("x", 500); });
    refused<type_mismatch>(made, [&] { manager.start_async_download<int>("x", stream.handle()); });
    refused<type_mismatch>(made, [&] { manager.wait_for_download<int>("x"); });
    refused<type_mismatch>(made, [&] { manager.poll_download<int>("x"); });
    refused<type_mismatch>(made, [&] { manager.latest<int>("x"); });
    refused<type_mismatch>(made, [&] { manager.get_untyped("x"); });
    refused<type_mismatch>(made, [&] { manager.get_buffer<float>("bytes"); });
    for (const char* unknown : {"unknown", "owned"}) {  // what make_buffer made is not found by name
        refused<buffer_not_found>(made, [&] { manager.get_buffer<float>(unknown); });
        refused<buffer_not_found>(made, [&] { manager.ensure_capacity<float>(unknown, 500, stream.handle()); });
        refused<buffer_not_found>(made, [&] { manager.start_async_download<float>(unknown, stream.handle()); });
        refused<buffer_not_found>(made, [&] { manager.free(unknown); });
        refused<buffer_not_found>(made, [&] { manager.free(unknown, stream.handle()); });
    }
}

BOOST_AUTO_TEST_CASE(a_freed_handle_is_stale_for_every_call_and_for_good) {
    const auto made = manager.allocate<float>("x", 10, with_downloads());
    made.start_async_download(stream.handle());
    manager.free("x");
    const auto again = manager.allocate<float>("x", 10);
    std::vector<float> values(10);
    for (const auto& call : std::initializer_list<std::function<void()>>{
             [&] { static_cast<void>(made.data()); },
             [&] { static_cast<void>(made.size()); },
             [&] { static_cast<void>(made.capacity_bytes()); },
             [&] { static_cast<void>(made.stats()); },
             [&] { made.reserve(1); },
             [&] { made.ensure_capacity(20, stream.handle()); },
             [&] { made.set_size(1); },
             [&] { made.shrink_to_fit(); },
             [&] { made.shrink_to_fit(stream.handle()); },
             [&] { made.upload(values); },
             [&] { made.upload_at(0, values, stream.handle()); },
             [&] { made.download(values); },
             [&] { static_cast<void>(made.download()); },
             [&] { made.download_at(0, values); },
             [&] { made.fill(1.0F); },
             [&] { made.fill_at(0, 1, 1.0F); },
             [&] { made.copy_from(made); },
             [&] { made.copy_from(again); },
             [&] { again.copy_from(made); },
             [&] { made.copy_at(0, again, 0, 1); },
             [&] { again.copy_at(0, made, 0, 1); },
             [&] { made.start_async_download(stream.handle()); },
             [&] { static_cast<void>(made.download_pending()); },
             [&] { static_cast<void>(made.poll_download()); },
             [&] { static_cast<void>(made.wait_for_download()); },
             [&] { static_cast<void>(made.latest()); },
         }) {
        refused<stale_handle>(again, call);
    }
}

BOOST_AUTO_TEST_CASE(a_foreign_managers_handle_works_on_its_own_books) {
    GpuMemoryManager other(sim);
    const auto foreign = other.allocate<float>("x", 10);
    const auto own = manager.allocate<float>("x", 10);
    foreign.fill(3.0F);
    own.copy_from(foreign);  // of one device: managers may differ
    BOOST_TEST(own.download()[9] == 3.0F);
    foreign.ensure_capacity(1000);
    BOOST_TEST(manager.total_allocated_bytes() == 40U);
    BOOST_TEST(other.total_allocated_bytes() == 4000U);
    manager.free("x");  // by name: its own
    BOOST_TEST(foreign.valid());
    BOOST_TEST(!own.valid());
}

BOOST_AUTO_TEST_CASE(downloads_out_of_turn_are_refused) {
    const auto plain = manager.allocate<float>("plain", 10);
    refused<async_not_enabled>(plain, [&] { plain.start_async_download(stream.handle()); });
    refused<async_not_enabled>(plain, [&] { static_cast<void>(plain.wait_for_download()); });
    refused<async_not_enabled>(plain, [&] { static_cast<void>(plain.poll_download()); });
    const auto made = manager.allocate<float>("x", 10, with_downloads());
    refused<no_pending_download>(made, [&] { static_cast<void>(made.wait_for_download()); });
    made.start_async_download(stream.handle());
    const auto first = made.wait_for_download();
    refused<no_pending_download>(made, [&] { static_cast<void>(made.wait_for_download()); });
    made.start_async_download(stream.handle());
    refused<download_in_flight>(made, [&] { made.start_async_download(stream.handle()); });  // over the view `first`
    BOOST_TEST(made.wait_for_download().sequence() == 2U);
}

BOOST_AUTO_TEST_CASE(moved_from_owners_and_handles_to_nothing_refuse_work) {
    auto owner = manager.make_buffer<float>("x", 10);
    const auto kept = std::move(owner);
    refused<invalid_argument>(kept, [&] { owner.fill(1.0F); });
    refused<invalid_argument>(kept, [&] { owner.copy_at(0, kept, 0, 1); });
    refused<invalid_argument>(kept, [&] { kept.copy_at(0, owner, 0, 1); });
    refused<invalid_argument>(kept, [&] { kept.copy_from(BufferHandle<float>()); });
    refused<invalid_argument>(kept, [&] { owner.shrink_to_fit(stream.handle()); });
    refused<invalid_argument>(kept, [&] { static_cast<void>(owner.poll_download()); });
    owner.reset();
}

BOOST_AUTO_TEST_CASE(a_growth_prepared_twice_by_one_thread_is_refused_and_not_a_deadlock) {
    const auto made = manager.make_untyped("x", {});
    {
        Shortage shortage;
        GrowthSet growths(*manager.core()->resources, StreamOrder::after_all(), 1, shortage);
        made.reserve(100, growths);
        BOOST_CHECK_THROW(made.reserve(200, growths), invalid_argument);
        BOOST_CHECK_THROW(made.data(), invalid_argument);
        growths.finish();
        growths.commit();
    }
    BOOST_TEST(made.capacity_bytes() == 4 * KiB);
}

BOOST_AUTO_TEST_SUITE_END()
