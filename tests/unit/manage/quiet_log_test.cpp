// SPDX-License-Identifier: Apache-2.0
// What is logged of a buffer's life, and that nothing is made of it where nobody reads it.
#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <memory>
#include <sstream>
#include <string>

#include "../../written_log.hpp"
#include "on_manager.hpp"
#include "replaced_new.hpp"

using namespace triune;

BOOST_AUTO_TEST_SUITE(quiet_log)

BOOST_FIXTURE_TEST_CASE(a_buffers_life_is_told_to_those_who_debug, OnManager) {
    const WrittenLog written;
    log::set_level(log::Level::debug);
    const auto made = manager.allocate<float>("positions", 100);
    const std::string where = "'positions' (made at quiet_log_test.cpp:" + std::to_string(__LINE__ - 1) + ")\n";
    made.ensure_capacity(1000);
    made.set_size(10);
    made.shrink_to_fit();
    manager.free("positions");
    manager.trim();
    const std::string text = written.text();
    const std::string begin = "[triune] [debug] ";
    for (const char* line :
         {"allocated 400 bytes", "grew from 400 to 4000 bytes", "shrank from 4000 to 40 bytes", "freed 40 bytes"}) {
        BOOST_TEST(mentions(text, begin + line + ": device 0, all streams, " + where), line << " is not in\n" << text);
    }
    BOOST_TEST(mentions(text, begin + "gave "), text);
}

BOOST_FIXTURE_TEST_CASE(a_call_on_a_stream_is_told_with_its_stream, OnManager) {
    const WrittenLog written;
    log::set_level(log::Level::debug);
    const StreamHandle handle = stream.handle();
    std::ostringstream address;
    address << ": device 0, stream 0x" << std::hex << reinterpret_cast<std::uintptr_t>(handle) << ", 'positions' (";
    const auto made = manager.allocate<float>("positions", 100, {}, handle);
    made.ensure_capacity(1000, handle);
    made.set_size(10);
    made.shrink_to_fit(handle);
    manager.free("positions", handle);
    stream.synchronize();
    const std::string text = written.text();
    for (const char* line :
         {"allocated 400 bytes", "grew from 400 to 4000 bytes", "shrank from 4000 to 40 bytes", "freed 40 bytes"}) {
        BOOST_TEST(mentions(text, line + address.str()), line << address.str() << " is not in\n" << text);
    }
}

BOOST_FIXTURE_TEST_CASE(a_first_growth_and_a_buffer_without_a_name_are_told_alike, OnManager) {
    const WrittenLog written;
    log::set_level(log::Level::debug);
    {
        auto made = manager.make_buffer<float>(0);
        made.ensure_capacity(100);
    }
    const std::string where = " bytes: device 0, all streams, '(unnamed)' (made at quiet_log_test.cpp:";
    BOOST_TEST(mentions(written.text(), "[debug] allocated 4096" + where), written.text());
    BOOST_TEST(mentions(written.text(), "[debug] freed 4096" + where), written.text());
}

BOOST_FIXTURE_TEST_CASE(a_second_allocation_of_a_name_is_a_warning_that_names_it, OnManager) {
    const WrittenLog written;
    static_cast<void>(manager.allocate<float>("positions", 1));
    static_cast<void>(manager.allocate<float>("positions", 1));
    BOOST_TEST(mentions(written.text(), "[triune] [warning] allocate: 'positions' exists already"));
}

// A warm pool, a name that no short string holds: where the level is off, what is left is the state of the buffer, its
// name, and the handle's argument.
BOOST_FIXTURE_TEST_CASE(below_its_level_a_line_is_not_even_made, OnManager) {
    const std::string name(100, 'n');
    const auto life = [&] {
        ReplacedNew::allocations = 0;
        ReplacedNew::counting = true;
        const auto made = manager.allocate<float>(name, 100, {}, stream.handle());
        made.ensure_capacity(110, stream.handle());
        manager.free(name, stream.handle());
        ReplacedNew::counting = false;
        return ReplacedNew::allocations.load();
    };
    stream.synchronize();
    for (int i = 0; i < 2; ++i) life();  // from now on there are blocks zeroed ahead
    const WrittenLog written;
    const std::size_t quiet = life();
    log::set_level(log::Level::debug);
    const std::size_t loud = life();
    BOOST_TEST(quiet + 3 <= loud);  // three lines at least
    BOOST_TEST(mentions(written.text(), name));
}

BOOST_AUTO_TEST_SUITE_END()
