// SPDX-License-Identifier: Apache-2.0
// What every error that a user can get says, word by word: error_texts.md beside this is the table. Where a text is
// changed on purpose, the program leaves the new table where it runs, to be copied here.
#include <boost/core/demangle.hpp>
#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <fstream>
#include <functional>
#include <limits>
#include <regex>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <triune/graph/cell_buffers.hpp>
#include <triune/graph/graph_arrays.hpp>
#include <triune/manage/buffer_group.hpp>
#include <triune/manage/growth_set.hpp>
#include <triune/resource/pool_account.hpp>
#include <triune/track/recorder.hpp>

#include "on_manager.hpp"

using namespace triune;

namespace {

constexpr std::size_t most = std::numeric_limits<std::size_t>::max();

template <typename Failure>
std::string readable_name() {
    return boost::core::demangle(typeid(Failure).name());
}

// What differs from run to run: places and addresses.
std::string settled(const std::string& text) {
    static const std::regex place(R"(\(called at [^)]*error_texts_test\.cpp:\d+\))");
    static const std::regex line(R"(error_texts_test\.cpp:\d+)");
    return std::regex_replace(std::regex_replace(text, place, "(called at FILE:LINE)"), line, "FILE:LINE");
}

struct Texts : OnManager {
    Texts() : OnManager(64 * MiB) {
        with_downloads.enable_async = true;
        positions = manager.allocate<float>("positions", 1000, with_downloads);
    }

    void section(const std::string& title) { table << "\n## " << title << "\n"; }
    // Of what `call` throws.
    void row(const std::string& doing, const std::function<void()>& call) {
        table << "\n" << doing << ":\n";
        try {
            call();
            table << "nothing is thrown\n";
        } catch (const std::exception& failure) {
            table << "\n    " << boost::core::demangle(typeid(failure).name()) << "\n";
            std::istringstream lines(settled(failure.what()));
            for (std::string line; std::getline(lines, line);) table << "    " << line << "\n";
        }
    }

    BufferConfig with_downloads;
    BufferHandle<float> positions;
    std::ostringstream table;
};

void names(Texts& texts) {
    GpuMemoryManager& manager = texts.manager;
    texts.section("Names and types");
    texts.row("`get_buffer` of a name with a mistake", [&] { manager.get_buffer<float>("position"); });
    texts.row("`get_buffer` of a name like no other", [&] { manager.get_buffer<float>("colours"); });
    texts.row("`free` of a name with two characters swapped", [&] { manager.free("postiions"); });
    texts.row("`start_async_download` by a name in capitals", [&] { manager.start_async_download<float>("POSITION"); });
    texts.row("`get_buffer` as another type", [&] { manager.get_buffer<int>("positions"); });
    texts.row("`allocate` of a live name as another type", [&] { manager.allocate<double>("positions", 1); });
    texts.row("`get_untyped` of a typed buffer", [&] { manager.get_untyped("positions"); });
    texts.row("a name with a line end", [&] { manager.get_buffer<float>("posi\ntions "); });
}

void handles(Texts& texts) {
    GpuMemoryManager& manager = texts.manager;
    texts.section("Handles");
    const auto freed = manager.allocate<float>("freed", 10);
    manager.free("freed");
    texts.row("`fill` of a buffer that is freed", [&] { freed.fill(0.0F); });
    texts.row("`size()` of it", [&] { static_cast<void>(freed.size()); });
    texts.row("`upload` by a handle to no buffer", [] { BufferHandle<float>().upload({}); });
    texts.row("a group that was moved away", [&] {
        BufferGroup<float> group(manager, "points", {"x", "y"}, 1);
        const BufferGroup<float> other = std::move(group);
        group.ensure_capacity(2);
    });
    texts.row("a group without arrays", [&] { BufferGroup<float> group(manager, "points", {}, 1); });
}

void sizes(Texts& texts) {
    GpuMemoryManager& manager = texts.manager;
    const auto& positions = texts.positions;
    texts.section("Counts and sizes");
    const std::size_t minus_one = most;
    texts.row("`allocate` of -1 elements", [&] { manager.allocate<float>("x", minus_one); });
    texts.row("`ensure_capacity` to -1000", [&] { positions.ensure_capacity(minus_one - 999); });
    texts.row("a group of -1", [&] { BufferGroup<float>(manager, "points", {"x"}, 1).reserve(minus_one); });
    texts.row("untyped -1", [&] { manager.make_untyped("raw", {}).ensure_capacity(minus_one); });
    texts.row("`allocate` beyond `max_size_bytes`", [&] { manager.allocate<float>("x", 300 * MiB); });
    texts.row("growth beyond `max_size_bytes`", [&] { positions.ensure_capacity(300 * MiB); });
    texts.row("`upload` of another length", [&] { positions.upload(std::vector<float>(999)); });
    texts.row("`download` of another length", [&] {
        std::vector<float> values(1001);
        positions.download(std::span<float>(values));
    });
    texts.row("`upload_at` past the end", [&] { positions.upload_at(999, std::vector<float>(2)); });
    texts.row("`fill_at` past the end", [&] { positions.fill_at(1000, 1, 0.0F); });
    texts.row("`copy_from` a buffer of another size", [&] {
        const auto other = manager.make_buffer<float>("other", 10);
        positions.copy_from(other);
    });
    texts.row("`copy_at` within a buffer, onto itself", [&] { positions.copy_at(0, positions, 1, 2); });
    texts.row("`upload` of too few arrays to a group", [&] {
        BufferGroup<float> group(manager, "points", {"x", "y"}, 1);
        group.upload({std::vector<float>(1)});
    });
    texts.row("a view past its end", [&] {
        positions.start_async_download(texts.stream.handle());
        static_cast<void>(positions.wait_for_download().at(1000));
    });
}

void memory(Texts& texts) {
    GpuMemoryManager& manager = texts.manager;
    texts.section("Memory");
    const auto big = manager.make_buffer<float>("big", 4 * MiB);
    texts.row("`allocate` beyond the limit", [&] { manager.allocate<float>("x", 13 * MiB); });
    texts.row("growth beyond the limit", [&] { big.ensure_capacity(20 * MiB); });
    GpuMemoryManager wide(texts.sim, 1000 * GiB);
    const auto wanted = [&](std::size_t count) { static_cast<void>(wide.make_buffer<float>("x", count)); };
    texts.row("`make_buffer` of more than the device has", [&] { wanted(100 * MiB); });
    const auto held = wide.make_buffer<float>("held", 50 * MiB);
    texts.row("the same beside a holder", [&] { wanted(20 * MiB); });
    texts.row("its growth", [&] { held.ensure_capacity(80 * MiB); });
    texts.row("an account of another library", [&] {
        static_cast<void>(PoolAccount(wide, "another library").allocate(100 * GiB, 256, StreamOrder::after_all()));
    });
    texts.row("an alignment that is no power of two", [&] {
        static_cast<void>(PoolAccount(wide, "another library").allocate(8, 24, StreamOrder::after_all()));
    });
}

void downloads(Texts& texts) {
    GpuMemoryManager& manager = texts.manager;
    const auto& positions = texts.positions;
    texts.section("Downloads");
    const auto plain = manager.make_buffer<float>("plain", 10);
    texts.row("`start_async_download` without `enable_async`", [&] { plain.start_async_download(); });
    const auto fresh = manager.make_buffer<float>("fresh", 10, texts.with_downloads);
    texts.row("`wait_for_download` before a start", [&] { fresh.wait_for_download(); });
    texts.row("a third start", [&] {
        const HeldLink held(texts.sim);
        for (int i = 0; i < 3; ++i) fresh.start_async_download(texts.stream.handle());
    });
    while (fresh.download_pending()) static_cast<void>(fresh.wait_for_download());
    texts.sim.begin_capture(texts.stream.handle());
    texts.row("a start on a stream that captures a graph", [&] { fresh.start_async_download(texts.stream.handle()); });
    BOOST_TEST(texts.sim.end_capture(texts.stream.handle()));
    texts.row("a start over a view that is held", [&] {
        positions.start_async_download(texts.stream.handle());
        const auto view = positions.wait_for_download();
        for (int i = 0; i < 2; ++i) {
            positions.start_async_download(texts.stream.handle());
            static_cast<void>(positions.wait_for_download());
        }
    });
}

void graphs(Texts& texts) {
    texts.section("Graphs");
    GraphArrays graph(texts.manager, 100, 200);
    const std::vector<float> few(99);
    texts.row("`upload_positions` of another length", [&] { graph.upload_positions(few, few, few); });
    texts.row("`upload_edges` of more than are allocated", [&] {
        graph.upload_edges(std::vector<std::int32_t>(101), std::vector<std::int32_t>(999), std::vector<float>(999));
    });
    texts.row("a graph of -1 nodes", [&] { GraphArrays(texts.manager, most, 1); });
    texts.row("`resize` beyond the limit", [&] { graph.resize(2'000'000, 1); });
    texts.row("a download of an array that was made shorter", [&] {
        graph.pos_in_y.set_size(10);
        graph.latest_positions();
    });
}

void rest(Texts& texts) {
    texts.section("The rest");
    texts.row("a recording that cannot be written", [] { recorder::start({.file = "/nowhere/at/all.jsonl"}); });
    texts.row("a device that fails", [&] {
        texts.sim.fail(Verb::copy, 1, 700);
        texts.positions.upload(std::vector<float>(1000));
    });
    texts.sim.clear_failures();
    texts.row("a stream that was moved from", [&] {
        Stream stream(texts.sim);
        const Stream other = std::move(stream);
        stream.synchronize();
    });
}

std::vector<std::string> lines_of(std::istream& text) {
    std::vector<std::string> lines;
    for (std::string line; std::getline(text, line);) lines.push_back(line);
    return lines;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(error_texts, Texts)

BOOST_AUTO_TEST_CASE(every_error_says_what_the_table_says) {
    const Quiet quiet;
    table << "<!-- SPDX-License-Identifier: Apache-2.0 -->\n# What errors say\n\n"
             "Checked word by word by error_texts_test.cpp. The simulated device has 256 MiB, the manager 64.\n";
    names(*this);
    handles(*this);
    sizes(*this);
    memory(*this);
    downloads(*this);
    graphs(*this);
    rest(*this);

    std::ifstream kept(TRIUNE_ERROR_TEXTS);
    BOOST_REQUIRE(kept.is_open());
    std::istringstream made(table.str());
    const std::vector<std::string> expected = lines_of(kept);
    const std::vector<std::string> actual = lines_of(made);
    if (actual != expected) std::ofstream("error_texts.md") << table.str();
    BOOST_TEST(actual == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_place_is_that_of_the_programs_call_however_deep_it_throws) {
    const auto line_of = [](auto&& call) {
        try {
            call();
        } catch (const Error& failure) {
            BOOST_TEST(std::string(failure.where().file_name()).ends_with("error_texts_test.cpp"));
            return failure.where().line();
        }
        return std::uint_least32_t{0};
    };
    // clang-format off
    const auto here = CallSite::current().line();
    BOOST_TEST(line_of([&] { manager.ensure_capacity<float>("none", 1); }) == here + 1);
    BOOST_TEST(line_of([&] { manager.ensure_capacity<float>("positions", 1 * GiB); }) == here + 2);
    BOOST_TEST(line_of([&] { static_cast<void>(manager.make_buffer_from("x", std::vector<float>(20 * MiB))); }) == here + 3);
    BOOST_TEST(line_of([&] { GraphArrays(manager, 100 * MiB, 1); }) == here + 4);
    BOOST_TEST(line_of([&] { resize_cell_buffers(manager, 1 * GiB); }) == here + 5);
    // clang-format on
}

BOOST_AUTO_TEST_SUITE_END()
