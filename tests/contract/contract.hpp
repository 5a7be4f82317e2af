// SPDX-License-Identifier: Apache-2.0
// The contract suite: cases that every device must pass, and what a case needs of its device.
//
//     CONTRACT_SUITE(streams)
//     CONTRACT_TEST(work_on_one_stream_runs_in_order) { ... }
//     CONTRACT_TEST(a_device_event_waits_for_all, device_events) { ... }
//
// Each case is registered once an instance, as <instance>/<suite>/<case>.
#pragma once

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstring>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include <triune/device/device.hpp>

namespace triune::contract {

// What a case stands on, and why some devices lack it: a capability, or what is_there() finds out.
struct Need {
    bool DeviceProperties::* capability;
    const char* reason;
    bool is_there(const DeviceProperties& properties) const;
};
inline constexpr Need virtual_memory{&DeviceProperties::virtual_memory, "the device has no address and chunk verbs"};
inline constexpr Need device_events{&DeviceProperties::device_events, "the driver cannot record an event on a device"};
// TRIUNE_TEST_INSTRUMENTED=1 says that a tool watches the GPU and has work of its own queued there: behind a gate on
// the default stream that work, and so the whole program, would wait for ever.
inline constexpr Need default_stream_alone{nullptr,
                                           "a tool shares the default stream: work behind a gate would stop it"};
// Such a tool also waits for a stream that is destroyed.
inline constexpr Need unwatched_destruction{nullptr,
                                            "a tool waits for a destroyed stream: work behind a gate would stop it"};

// One device, or one kind of it, that the suite runs over.
class Instance {
  public:
    virtual ~Instance() = default;
    virtual const char* name() const = 0;
    // Null where the device is not there; said on stderr once.
    virtual Device* open() = 0;
    // After a case that has given everything back.
    virtual void check_and_close() = 0;
};

// What a case works with. Everything made through it is given back when the case ends, newest first.
class Case {
  public:
    explicit Case(Device& under_test) : device(under_test) {}
    virtual ~Case() { give_back(); }
    Case(const Case&) = delete;
    Case& operator=(const Case&) = delete;
    virtual void run() = 0;
    void give_back();

  protected:
    StreamHandle make_stream();
    EventHandle make_event(EventUse use = EventUse::waited_for);
    void* make_memory(std::size_t bytes);
    void* make_pinned_bytes(std::size_t bytes);
    template <class Element>
    Element* make_pinned(std::size_t count) {
        return static_cast<Element*>(make_pinned_bytes(count * sizeof(Element)));
    }
    void* make_reservation(std::size_t bytes);
    ChunkHandle make_chunk(std::size_t bytes);
    // Maps with access; unmapped at the end.
    void map_chunk(void* address, ChunkHandle chunk, std::size_t bytes);

    // Over the default stream, waiting for it.
    void write(void* to, const void* from, std::size_t bytes);
    void read(void* to, const void* from, std::size_t bytes);

    Device& device;

  private:
    std::vector<std::function<void()>> give_back_;
};

// A BOOST_TEST argument that says which verb failed how.
boost::test_tools::assertion_result ok(Status status);
boost::test_tools::assertion_result fails_with(Status status, int cuda_error);

struct Registration {
    using Make = std::unique_ptr<Case> (*)(Device& device);
    Registration(const char* suite, const char* name, const char* file, std::size_t line,
                 std::initializer_list<Need> needs, Make make);
};

}  // namespace triune::contract

#define CONTRACT_SUITE(suite)                     \
    namespace {                                   \
    using namespace triune;                       \
    using namespace triune::contract;             \
    constexpr const char* suite_of_file = #suite; \
    }

#define CONTRACT_TEST(test, ...)                                                                \
    namespace {                                                                                 \
    struct test final : Case {                                                                  \
        using Case::Case;                                                                       \
        void run() override;                                                                    \
    };                                                                                          \
    const Registration register_##test(suite_of_file, #test, __FILE__, __LINE__, {__VA_ARGS__}, \
                                       [](Device& given) -> std::unique_ptr<Case> {             \
                                           return std::make_unique<test>(given);                \
                                       });                                                      \
    }                                                                                           \
    void test::run()
