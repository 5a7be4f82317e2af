// SPDX-License-Identifier: Apache-2.0
// Every door by which memory comes and goes is told to a recording, while one is on.
#include <boost/test/unit_test.hpp>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

#include <triune/resource/bad_allocation.hpp>
#include <triune/resource/pool_account.hpp>
#include <triune/track/recorder.hpp>

#include "../not_instrumented.hpp"
#include "../unit/manage/on_manager.hpp"
#include "lines.hpp"

using namespace triune;

namespace {

struct OnRecording : OnManager {
    OnRecording() { recorder::start(); }
    ~OnRecording() { recorder::stop(); }
};

struct OnFile : OnManager {
    OnFile()
        : path(std::filesystem::temp_directory_path() / ("triune_recording_" + std::to_string(getpid()) + ".jsonl")) {}
    ~OnFile() {
        recorder::stop();
        std::filesystem::remove(path);
    }
    std::string content() const {
        std::ifstream file(path);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    recorder::Options to_file() const {
        recorder::Options options;
        options.file = path.string();
        return options;
    }

    const std::filesystem::path path;
};

std::size_t count_of(const std::string& text, std::string_view what) { return lines_of(text, what).size(); }

}  // namespace

BOOST_AUTO_TEST_SUITE(recordings)

BOOST_FIXTURE_TEST_CASE(a_buffers_life_is_recorded_with_name_place_address_and_bytes, OnRecording) {
    const auto made = manager.allocate<float>("x", 100, with_downloads(), stream.handle());
    const void* const first = made.data();
    made.ensure_capacity(100'000, stream.handle());
    const void* const second = made.data();
    made.start_async_download(stream.handle());
    static_cast<void>(made.wait_for_download());
    made.set_size(10);
    made.shrink_to_fit();
    manager.free("x", stream.handle());
    const std::string text = recorder::text();
    const auto address = [](const void* of) {
        char hex[32];
        std::snprintf(hex, sizeof hex, "\"0x%zx\"", reinterpret_cast<std::uintptr_t>(of));
        return std::string(hex);
    };

    const auto allocated = lines_of(text, "allocate");
    BOOST_REQUIRE(allocated.size() == 1U);
    BOOST_TEST(value_of(allocated[0], "name") == "\"x\"");
    BOOST_TEST(value_of(allocated[0], "bytes") == "400");
    BOOST_TEST(value_of(allocated[0], "at") == address(first));
    BOOST_TEST(value_of(allocated[0], "stream") == address(stream.handle()));
    BOOST_TEST(value_of(allocated[0], "manager") == std::to_string(manager.core()->registry.number()));
    const std::string place = "{\"place\":" + value_of(allocated[0], "place") + ",\"file\":";
    BOOST_TEST(mentions(text, place));
    BOOST_TEST(mentions(text.substr(text.find(place)), "recordings_test.cpp"));

    const auto grown = lines_of(text, "grow");
    BOOST_REQUIRE(grown.size() == 1U);
    BOOST_TEST(value_of(grown[0], "before") == "400");
    BOOST_TEST(value_of(grown[0], "bytes") == "400000");
    BOOST_TEST(value_of(grown[0], "from") == address(first));
    BOOST_TEST(value_of(grown[0], "at") == address(second));
    BOOST_TEST(value_of(grown[0], "id") == value_of(allocated[0], "id"));

    const auto downloaded = lines_of(text, "download");
    BOOST_REQUIRE(downloaded.size() == 1U);
    BOOST_TEST(value_of(downloaded[0], "bytes") == "400000");
    const auto shrunk = lines_of(text, "shrink");
    BOOST_REQUIRE(shrunk.size() == 1U);
    BOOST_TEST(value_of(shrunk[0], "bytes") == "40");
    const auto freed = lines_of(text, "free");
    BOOST_REQUIRE(freed.size() == 1U);
    BOOST_TEST(value_of(freed[0], "bytes") == "40");
    BOOST_TEST(value_of(freed[0], "at") == value_of(shrunk[0], "at"));
}

BOOST_FIXTURE_TEST_CASE(owners_groups_and_untyped_buffers_are_recorded_when_they_get_memory, OnRecording) {
    {
        auto nameless = manager.make_buffer<float>(10);
        auto nothing = manager.make_buffer<float>("nothing", 0);
        auto untyped = manager.make_untyped("untyped", BufferConfig{});
        untyped.ensure_capacity(100);
        BufferGroup<float> group(manager, "group", {"x", "y"}, 0);
        group.reserve(100);
    }
    const std::string text = recorder::text();
    BOOST_TEST(count_of(text, "allocate") == 4U);
    BOOST_TEST(count_of(text, "free") == 4U);
    BOOST_TEST(count_of(text, "grow") == 0U);
    BOOST_TEST(!mentions(text, "nothing"));
    BOOST_TEST(value_of(lines_of(text, "allocate")[0], "name") == "");
}

BOOST_FIXTURE_TEST_CASE(an_accounts_pieces_are_recorded_each_and_those_that_it_gives_back_at_its_end, OnRecording) {
    {
        const PoolAccount account(manager, "solver");
        void* const piece = account.allocate(1000, 256, StreamOrder::on(stream.handle()));
        static_cast<void>(account.allocate(2000, 256, StreamOrder::on(stream.handle())));
        account.deallocate(piece, StreamOrder::on(stream.handle()));
        const Quiet quiet;
        static_cast<void>(account);
    }
    const std::string text = recorder::text();
    const auto allocated = lines_of(text, "allocate");
    const auto freed = lines_of(text, "free");
    BOOST_REQUIRE(allocated.size() == 2U);
    BOOST_REQUIRE(freed.size() == 2U);
    for (std::size_t i = 0; i < 2; ++i) {
        BOOST_TEST(value_of(freed[i], "at") == value_of(allocated[i], "at"));
        BOOST_TEST(value_of(freed[i], "bytes") == value_of(allocated[i], "bytes"));
        BOOST_TEST(value_of(freed[i], "name") == "\"solver\"");
    }
}

BOOST_AUTO_TEST_CASE(a_failure_says_what_was_wanted_and_why_it_failed, *boost::unit_test::tolerance(0.0)) {
    const OnManager on(1000);
    auto& manager = const_cast<GpuMemoryManager&>(on.manager);
    recorder::start();
    BOOST_CHECK_THROW(static_cast<void>(manager.make_buffer<float>("too much", 1000)), limit_exceeded);
    const PoolAccount account(manager, "solver");
    BOOST_CHECK_THROW(static_cast<void>(account.allocate(5000, 256, StreamOrder::after_all())), std::bad_alloc);
    const std::string text = recorder::text();
    recorder::stop();
    const auto failed = lines_of(text, "failure");
    BOOST_REQUIRE(failed.size() == 2U);
    BOOST_TEST(value_of(failed[0], "name") == "\"too much\"");
    BOOST_TEST(value_of(failed[0], "bytes") == "4000");
    BOOST_TEST(value_of(failed[0], "reason") == "\"" + make_error_code(Errc::limit_exceeded).message() + "\"");
    BOOST_TEST(value_of(failed[1], "bytes") == "5000");
    BOOST_TEST(count_of(text, "allocate") + count_of(text, "free") == 0U);
}

BOOST_FIXTURE_TEST_CASE(a_trim_says_what_the_device_got_back, OnRecording) {
    { auto made = manager.make_buffer<std::byte>("x", 20 * MiB); }
    manager.trim();
    const auto trimmed = lines_of(recorder::text(), "trim");
    BOOST_REQUIRE(trimmed.size() == 1U);
    BOOST_TEST(std::stoull(value_of(trimmed[0], "bytes")) >= 20 * MiB);
}

BOOST_FIXTURE_TEST_CASE(while_it_is_off_nothing_is_recorded, OnManager) {
    recorder::start();
    recorder::stop();
    { auto made = manager.make_buffer<float>("x", 10); }
    BOOST_TEST(count_of(recorder::text(), "allocate") == 0U);
    recorder::stop();  // again is nothing
}

BOOST_FIXTURE_TEST_CASE(a_new_recording_begins_empty, OnManager) {
    recorder::start();
    { auto made = manager.make_buffer<float>("x", 10); }
    recorder::stop();
    BOOST_TEST(count_of(recorder::text(), "free") == 1U);
    recorder::start();
    BOOST_TEST(count_of(recorder::text(), "free") == 0U);
    BOOST_CHECK_THROW(recorder::start(), invalid_argument);
    recorder::stop();
}

BOOST_FIXTURE_TEST_CASE(a_ring_keeps_the_newest_and_says_how_many_it_lost, OnManager) {
    recorder::Options options;
    options.bytes_per_thread = 128 * KiB;
    recorder::start(options);
    const PoolAccount account(manager, "solver");
    for (std::size_t i = 1; i <= 5000; ++i)
        account.deallocate(account.allocate(i, 256, StreamOrder::on(stream.handle())),
                           StreamOrder::on(stream.handle()));
    const std::string text = recorder::text();
    recorder::stop();
    const auto allocated = lines_of(text, "allocate");
    const std::size_t kept = allocated.size() + count_of(text, "free");
    BOOST_TEST(kept < 2500U);
    BOOST_TEST(kept > 500U);
    BOOST_TEST(value_of(allocated.back(), "bytes") == "5000");
    BOOST_TEST(kept + recorder::lost_count() == 10'000U);
    BOOST_TEST(mentions(text, "\"lost\":" + std::to_string(10'000 - kept)));
}

BOOST_FIXTURE_TEST_CASE(a_file_has_every_event_of_every_thread_in_the_order_of_time, OnFile) {
    recorder::start(to_file());
    const auto work = [&] {
        const PoolAccount account(manager, "solver");
        const Stream own(sim);
        for (std::size_t i = 1; i <= 2000; ++i)
            account.deallocate(account.allocate(i, 256, StreamOrder::on(own.handle())), StreamOrder::on(own.handle()));
    };
    std::thread other(work);
    work();
    other.join();
    recorder::stop();
    const std::string text = content();
    BOOST_TEST(count_of(text, "allocate") == 4000U);
    BOOST_TEST(count_of(text, "free") == 4000U);
    BOOST_TEST(mentions(text, "\"lost\":0}"));
    BOOST_TEST(text.starts_with("{\"schema\":\"triune.recording\",\"version\":1,"));
    unsigned long long before = 0;
    std::size_t late = 0;
    for (const std::string& line : lines_of(text, "free")) {
        const unsigned long long time = std::stoull(value_of(line, "t"));
        late += value_of(line, "thread") == value_of(lines_of(text, "free")[0], "thread") && time < before ? 1 : 0;
        break;
    }
    BOOST_TEST(late == 0U);
}

BOOST_FIXTURE_TEST_CASE(a_file_that_cannot_be_written_is_named_and_nothing_is_on, OnManager) {
    recorder::Options options;
    options.file = "/no/such/folder/recording";
    BOOST_TEST(mentions(message_of<invalid_argument>([&] { recorder::start(options); }), "/no/such/folder/recording"));
    BOOST_TEST(!recorder::is_on());
    recorder::start();
    BOOST_TEST(mentions(message_of<invalid_argument>([&] { recorder::write(options.file); }), "No such file"));
    recorder::stop();
}

BOOST_FIXTURE_TEST_CASE(a_manager_that_goes_leaves_its_snapshot_in_the_file, OnFile) {
    recorder::start(to_file());
    {
        GpuMemoryManager gone(sim);
        static_cast<void>(gone.allocate<float>("left\nover", 10));
    }
    recorder::stop();
    const std::string text = content();
    BOOST_TEST(mentions(text, ",\"snapshot\":{  \"schema\": \"triune.memory-snapshot\""));
    BOOST_TEST(mentions(text, "\"name\": \"left\\u000aover\""));
}

BOOST_FIXTURE_TEST_CASE(stacks_are_recorded_where_they_are_asked_for, OnManager) {
    recorder::Options options;
    options.stacks = true;
    recorder::start(options);
    { auto made = manager.make_buffer<float>("x", 10); }
    recorder::stop();
    const std::string text = recorder::text();
    BOOST_TEST(value_of(lines_of(text, "allocate")[0], "stack") == "1");
    BOOST_TEST(mentions(text, "{\"stack\":1,\"frames\":[\""));
}

BOOST_FIXTURE_TEST_CASE(long_names_are_cut_and_others_come_through, OnRecording) {
    const std::string strange("a\"b\\\n\0\xff", 7);
    { auto made = manager.make_buffer<float>(strange, 10); }
    { auto made = manager.make_buffer<float>(std::string(100'000, 'y'), 10); }
    const auto allocated = lines_of(recorder::text(), "allocate");
    BOOST_REQUIRE(allocated.size() == 2U);
    BOOST_TEST(mentions(allocated[0], "\"name\":\"a\\\"b\\\\\\u000a\\u0000\\ufffd\""));
    BOOST_TEST(value_of(allocated[1], "name") == "\"" + std::string(1024, 'y') + "\"");
}

BOOST_FIXTURE_TEST_CASE(a_child_of_a_fork_records_nothing_to_its_parents_file, OnFile,
                        *not_instrumented("the tool follows no fork")) {
    recorder::start(to_file());
    { auto made = manager.make_buffer<float>("x", 10); }
    const pid_t process = fork();
    BOOST_REQUIRE(process >= 0);
    if (process == 0) {
        alarm(10);
        recorder::stop();
        _exit(recorder::is_on() ? 1 : 0);
    }
    int status = 0;
    waitpid(process, &status, 0);
    BOOST_TEST(status == 0);
    { auto made = manager.make_buffer<float>("y", 10); }
    recorder::stop();
    BOOST_TEST(count_of(content(), "free") == 2U);
}

BOOST_AUTO_TEST_CASE(the_documented_lines_work_as_written) {
    const auto before = std::filesystem::current_path();
    const auto folder = std::filesystem::temp_directory_path() / ("triune_examples_" + std::to_string(getpid()));
    std::filesystem::create_directory(folder);
    std::filesystem::current_path(folder);
    {
        triune::GpuMemoryManager manager;
        std::ofstream("now.json") << manager.snapshot(triune::SnapshotDetail::layout).to_json();
    }
    triune::recorder::start(triune::recorder::Options{.file = "run.jsonl"});
    // ... what is to be looked at ...
    triune::recorder::stop();
    BOOST_TEST(std::filesystem::file_size("now.json") > 100U);
    BOOST_TEST(std::filesystem::file_size("run.jsonl") > 100U);
    std::filesystem::current_path(before);
    std::filesystem::remove_all(folder);
}

BOOST_AUTO_TEST_SUITE_END()
