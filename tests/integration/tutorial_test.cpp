// SPDX-License-Identifier: Apache-2.0
// The examples of docs/tutorial.md, docs/concepts.md, docs/troubleshooting.md and docs/migration-guide.md, as written.
#include <boost/test/unit_test.hpp>

#include <iostream>
#include <sstream>
#include <vector>

#include <triune/triune.hpp>

namespace {

// What the examples print goes here instead.
struct PrintedElsewhere {
    explicit PrintedElsewhere(std::ostream& stream) : stream_(stream), before_(stream.rdbuf(text.rdbuf())) {}
    PrintedElsewhere(const PrintedElsewhere&) = delete;
    PrintedElsewhere& operator=(const PrintedElsewhere&) = delete;
    ~PrintedElsewhere() { stream_.rdbuf(before_); }

    std::ostringstream text;

  private:
    std::ostream& stream_;
    std::streambuf* before_;
};

int give_up(const char*) { return 1; }
int retry(int cuda_error) { return cuda_error; }

int handled(bool untyped) {
    triune::GpuMemoryManager manager;
    triune::BufferConfig small;
    small.max_size_bytes = 16;
    try {
        if (untyped) {
            manager.get_or_create("bytes", small).reserve(1000);
        } else {
            manager.allocate<float>("floats", 1000, small);
        }
    } catch (const triune::Error& e) {
        if (e.untyped()) {
            return give_up(e.what());  // what the next handler does
        }
        return retry(e.cuda_error());
    } catch (const std::runtime_error& e) {
        return give_up(e.what());
    }
    return 0;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tutorial)

BOOST_AUTO_TEST_CASE(a_named_buffer_grows_and_keeps_its_contents) {
    triune::GpuMemoryManager manager;
    auto speeds = manager.allocate<float>("speeds", 3);
    speeds.upload(std::vector<float>{1.0F, 2.0F, 3.0F});
    speeds.ensure_capacity(5);
    const std::vector<float> now = speeds.download();  // 1, 2, 3, 0, 0

    BOOST_TEST(now == (std::vector<float>{1.0F, 2.0F, 3.0F, 0.0F, 0.0F}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_owner_frees_at_the_end_of_its_scope) {
    const PrintedElsewhere printed(std::cout);
    triune::GpuMemoryManager manager;
    {
        const triune::Buffer<int> scratch = manager.make_buffer<int>("scratch", 1000);
        std::cout << manager.total_allocated_bytes() << '\n';  // 4000
    }
    BOOST_TEST(printed.text.str() == "4000\n");
    BOOST_TEST(manager.total_allocated_bytes() == 0U);
}

BOOST_AUTO_TEST_CASE(a_leak_check_names_what_is_left) {
    const PrintedElsewhere printed(std::cout);
    triune::GpuMemoryManager manager;
    manager.allocate<float>("forgotten", 1000);
    for (const triune::AllocationRecord& record : manager.check_leaks()) {
        std::cout << record.describe() << '\n';
    }
    BOOST_TEST(printed.text.str().find("forgotten") != std::string::npos);
    BOOST_TEST(printed.text.str().find("4000") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_refused_request_says_what_was_asked_and_changes_nothing) {
    const PrintedElsewhere printed(std::cerr);
    auto manager = triune::GpuMemoryManager::with_limit(1000);
    try {
        manager.allocate<float>("too much", 1000);
    } catch (const triune::limit_exceeded& error) {
        std::cerr << error.what() << '\n';
    }
    BOOST_TEST(printed.text.str().find("4000") != std::string::npos);
    BOOST_TEST(printed.text.str().find("1000") != std::string::npos);
    BOOST_TEST(manager.total_allocated_bytes() == 0U);
}

BOOST_AUTO_TEST_CASE(each_kind_of_error_has_a_class_of_its_own) {
    const PrintedElsewhere printed(std::cerr);
    triune::GpuMemoryManager manager;
    manager.allocate<float>("positions", 1000);
    try {
        auto positions = manager.get_buffer<float>("position");
        positions.start_async_download();
        std::cout << positions.wait_for_download().size() << '\n';
    } catch (const triune::buffer_not_found& error) {
        // no buffer is called 'position'; did you mean 'positions'? (called at main.cpp:12)
        std::cerr << error.what() << '\n';
    } catch (const triune::type_mismatch&) {        // a buffer of another type
    } catch (const triune::stale_handle&) {         // freed meanwhile
    } catch (const triune::async_not_enabled&) {    // BufferConfig::enable_async was false
    } catch (const triune::download_in_flight&) {   // two are on their way, or a view is held
    } catch (const triune::no_pending_download&) {  // another thread took it
    } catch (const triune::max_size_exceeded&) {    // of growths
    } catch (const triune::out_of_memory&) {        // the device is full, or pinned memory
    } catch (const triune::invalid_argument&) {     // a stream of another device
    } catch (const triune::device_error& error) {
        std::cerr << "CUDA error " << error.cuda_error() << '\n';
    }
    BOOST_TEST(printed.text.str().find("did you mean 'positions'? (called at ") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_failure_hook_may_free_and_try_again) {
    auto manager = triune::GpuMemoryManager::with_limit(8000);
    manager.allocate<float>("cache", 1500);
    manager.set_failure_hook([&manager](std::size_t) {
        if (!manager.contains("cache")) return false;  // nothing left to give: let it throw
        manager.free("cache");
        return true;  // try again
    });
    manager.allocate<float>("wanted", 1500);
    BOOST_TEST(manager.contains("wanted"));
    BOOST_TEST(!manager.contains("cache"));
}

BOOST_AUTO_TEST_CASE(three_arrays_grow_and_download_as_one) {
    triune::GpuMemoryManager manager;
    const triune::Stream stream;
    triune::BufferConfig config;
    config.enable_async = true;
    triune::BufferGroup<float> nodes(manager, "nodes", {"x", "y", "z"}, 1000, config);
    nodes.ensure_capacity(2000);
    nodes.start_async_download(stream.handle());
    const triune::GroupView<float> now = nodes.wait_for_download();  // x, y and z of one moment

    BOOST_TEST(now.size() == 2000U);
}

BOOST_AUTO_TEST_CASE(a_download_delivers_what_the_buffer_held_at_its_place_in_the_stream) {
    triune::GpuMemoryManager manager;
    const triune::Stream stream;
    triune::BufferConfig config;
    config.enable_async = true;
    auto buffer = manager.allocate<int>("numbers", 4, config);
    buffer.fill(1, stream.handle());
    buffer.start_async_download(stream.handle());
    buffer.fill(2, stream.handle());  // queued behind the download: does not reach it
    const triune::HostView<int> then = buffer.wait_for_download();  // all 1

    BOOST_TEST(then[0] == 1);
    BOOST_TEST(then[3] == 1);
}

BOOST_AUTO_TEST_CASE(a_handler_asks_whether_the_buffer_was_untyped) {
    BOOST_TEST(handled(true) == 1);
    BOOST_TEST(handled(false) != 0);
}

BOOST_AUTO_TEST_SUITE_END()
