// A total and the highest that it was.
#include <boost/test/unit_test.hpp>

#include <thread>
#include <vector>

#include <triune/track/memory_total.hpp>

using triune::MemoryTotal;

BOOST_AUTO_TEST_SUITE(memory_total)

BOOST_AUTO_TEST_CASE(the_peak_is_the_highest_total_there_was) {
    MemoryTotal bytes;
    bytes.add(80);
    bytes.subtract(50);
    bytes.add(20);
    BOOST_TEST(bytes.total() == 50U);
    BOOST_TEST(bytes.peak() == 80U);
    bytes.add(31);
    BOOST_TEST(bytes.peak() == 81U);
}

BOOST_AUTO_TEST_CASE(threads_lose_no_byte_and_no_peak) {
    MemoryTotal bytes;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&bytes] {
            for (int turn = 0; turn < 2000; ++turn) {
                bytes.add(3);
                bytes.subtract(1);
            }
        });
    }
    for (auto& thread : threads) thread.join();
    BOOST_TEST(bytes.total() == 16000U);
    BOOST_TEST(bytes.peak() >= 16001U);
    BOOST_TEST(bytes.peak() <= 16004U);
}

BOOST_AUTO_TEST_SUITE_END()
