// SPDX-License-Identifier: Apache-2.0
// The benchmarks replay the recorder's own files as they replay rmm's.
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

#include <unistd.h>

#include "../../tools/bench/trace.hpp"

namespace {

using Step = std::tuple<std::uint32_t, bool, std::size_t, std::uint32_t>;

bench::Trace read(const std::string& content) {
    const auto path = std::filesystem::temp_directory_path() / ("triune_trace_" + std::to_string(getpid()));
    std::ofstream(path) << content;
    struct Gone {
        const std::filesystem::path& path;
        ~Gone() { std::filesystem::remove(path); }
    } gone{path};
    return bench::read_trace(path.string());
}

std::vector<Step> steps(const bench::Trace& trace) {
    std::vector<Step> found;
    for (const auto& each : trace.operations) found.emplace_back(each.place, each.frees, each.bytes, each.stream);
    return found;
}

const std::string head = R"({"schema":"triune.recording","version":1,"written":"","process":1})"
                         "\n";

}  // namespace

BOOST_AUTO_TEST_SUITE(trace)

BOOST_AUTO_TEST_CASE(a_recording_gives_the_operations_of_the_csv_that_it_is_converted_to) {
    const bench::Trace recorded = read(head + R"({"place":1,"file":"a","line":1,"function":"f"}
{"t":1,"do":"allocate","thread":1,"name":"a \",\"at\":\"0x9","at":"0x1","bytes":10,"stream":"0x55","place":1}
{"t":2,"do":"grow","thread":1,"at":"0x2","bytes":20,"before":10,"from":"0x1","stream":"0x56"}
{"t":3,"do":"grow","thread":1,"at":"0x2","bytes":30,"before":20,"from":"0x2","stream":"0x56"}
{"t":4,"do":"download","thread":1,"name":"a","bytes":30}
{"t":5,"do":"free","thread":1,"at":"0x2","bytes":30,"stream":"0x55"}
{"end":6,"lost":0}
)");
    const bench::Trace csv = read(R"(Thread,Time,Action,Pointer,Size,Stream
1,1,allocate,0x1,10,0x55
1,2,allocate,0x2,20,0x56
1,2,free,0x1,10,0x56
1,3,free,0x2,20,0x56
1,3,allocate,0x2,30,0x56
1,5,free,0x2,30,0x55
)");
    BOOST_TEST((steps(recorded) == steps(csv)));
    BOOST_TEST(recorded.operations.size() == 6U);
    BOOST_TEST(recorded.peak_live_bytes == 30U);
    BOOST_TEST(recorded.streams == 2U);
}

BOOST_AUTO_TEST_CASE(a_line_that_is_none_is_named_with_its_number) {
    for (const char* wrong : {"nothing", R"({"t":1,"do":"free","thread":1,"bytes":3})"}) {
        try {
            static_cast<void>(read(head + wrong));
            BOOST_ERROR("was read: " << wrong);
        } catch (const std::runtime_error& failure) {
            BOOST_TEST(std::string(failure.what()).find(":2: not a line") != std::string::npos);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
