// SPDX-License-Identifier: Apache-2.0
#include "contract.hpp"

#include <cstdlib>
#include <iostream>
#include <map>
#include <utility>

#include <triune/detail/device/cuda/cuda_device.hpp>
#include <triune/device/sim/sim_device.hpp>

namespace triune::contract {

namespace {

using boost::test_tools::assertion_result;
using boost::unit_test::test_suite;

assertion_result refused(const std::string& reason) {
    assertion_result result(false);
    result.message() << reason;
    return result;
}

// A fresh simulated device a case: at its end nothing may be alive and nothing misused.
class SimInstance : public Instance {
  public:
    SimInstance(const char* name, sim::SimOptions options) : name_(name), options_(options) {}
    const char* name() const override { return name_; }
    Device* open() override {
        if (!device_) device_ = std::make_unique<sim::SimDevice>(options_);
        return device_.get();
    }
    void check_and_close() override {
        const std::unique_ptr<sim::SimDevice> closed = std::move(device_);
        const sim::SimLedger ledger = closed->ledger();
        BOOST_TEST(ledger.balanced(), ledger.describe());
        for (const std::string& sentence : closed->misuse()) BOOST_ERROR("misuse: " + sentence);
    }

  private:
    const char* name_;
    sim::SimOptions options_;
    std::unique_ptr<sim::SimDevice> device_;
};

class CudaInstance : public Instance {
  public:
    const char* name() const override { return "cuda"; }
    Device* open() override {
        if (tried_) return device_.get();
        tried_ = true;
        Status status{cuda_error::not_supported, "device_count: no GPU"};
        if (cuda::device_count() > 0) device_ = cuda::open_device(0, status);
        if (!device_) {
            std::cerr << "contract: the cuda cases are skipped: " << status.verb << " (" << status.cuda_error << ")\n";
        }
        return device_.get();
    }
    void check_and_close() override {
        // A failure that stayed behind in the driver or on a stream comes out here.
        BOOST_TEST(ok(device_->synchronize()));
    }

  private:
    bool tried_ = false;
    std::unique_ptr<Device> device_;
};

sim::SimOptions without_newer_verbs() {
    sim::SimOptions options;
    options.virtual_memory = false;
    options.device_events = false;
    return options;
}

const std::vector<Instance*>& instances() {
    static SimInstance sim("sim", {});
    // A device or driver from before the address verbs: what is left must work without them.
    static SimInstance old_sim("sim_without_newer_verbs", without_newer_verbs());
    static CudaInstance cuda;
    static const std::vector<Instance*> all{&sim, &old_sim, &cuda};
    return all;
}

test_suite& suite_in(test_suite& parent, const std::string& name, const char* file, std::size_t line) {
    static std::map<std::pair<const test_suite*, std::string>, test_suite*> made;
    test_suite*& suite = made[{&parent, name}];
    if (!suite) {
        suite = new test_suite(name, file, line);  // the parent owns it
        parent.add(suite);
    }
    return *suite;
}

void run_case(Instance& instance, Registration::Make make) {
    {
        const std::unique_ptr<Case> test = make(*instance.open());
        test->run();
        test->give_back();
    }
    instance.check_and_close();
}

}  // namespace

bool Need::is_there(const DeviceProperties& properties) const {
    if (capability != nullptr) return properties.*capability;
    return properties.kind == DeviceKind::simulated || std::getenv("TRIUNE_TEST_INSTRUMENTED") == nullptr;
}

Registration::Registration(const char* suite, const char* name, const char* file, std::size_t line,
                           std::initializer_list<Need> needs, Make make) {
    for (Instance* const instance : instances()) {
        test_suite& top = suite_in(boost::unit_test::framework::master_test_suite(), instance->name(), file, line);
        const auto possible = [instance, needs = std::vector<Need>(needs)](boost::unit_test::test_unit_id) {
            const Device* const device = instance->open();
            if (!device) return refused("there is no such device");
            for (const Need& need : needs) {
                if (!need.is_there(device->properties())) return refused(need.reason);
            }
            return assertion_result(true);
        };
        auto* const test =
            boost::unit_test::make_test_case([instance, make] { run_case(*instance, make); }, name, file, line);
        test->add_precondition(possible);
        suite_in(top, suite, file, line).add(test);
    }
}

assertion_result ok(Status status) {
    if (status.ok()) return true;
    return refused(std::string(status.verb) + " failed with " + std::to_string(status.cuda_error));
}

assertion_result fails_with(Status status, int cuda_error) {
    if (status.cuda_error == cuda_error) return true;
    return refused("error " + std::to_string(status.cuda_error) + " in place of " + std::to_string(cuda_error));
}

void Case::give_back() {
    if (give_back_.empty()) return;
    BOOST_TEST(ok(device.synchronize()));
    while (!give_back_.empty()) {
        give_back_.back()();
        give_back_.pop_back();
    }
}

StreamHandle Case::make_stream() {
    StreamHandle stream = nullptr;
    BOOST_TEST_REQUIRE(ok(device.stream_create(stream)));
    give_back_.push_back([this, stream] { BOOST_TEST(ok(device.stream_destroy(stream))); });
    return stream;
}

EventHandle Case::make_event(EventUse use) {
    EventHandle event = nullptr;
    BOOST_TEST_REQUIRE(ok(device.event_create(event, use)));
    give_back_.push_back([this, event] { BOOST_TEST(ok(device.event_destroy(event))); });
    return event;
}

void* Case::make_memory(std::size_t bytes) {
    void* address = nullptr;
    BOOST_TEST_REQUIRE(ok(device.memory_allocate(address, bytes)));
    give_back_.push_back([this, address] { BOOST_TEST(ok(device.memory_release(address))); });
    return address;
}

void* Case::make_pinned_bytes(std::size_t bytes) {
    void* address = nullptr;
    BOOST_TEST_REQUIRE(ok(device.pinned_allocate(address, bytes)));
    give_back_.push_back([this, address] { BOOST_TEST(ok(device.pinned_release(address))); });
    return address;
}

void* Case::make_reservation(std::size_t bytes) {
    void* address = nullptr;
    BOOST_TEST_REQUIRE(ok(device.address_reserve(address, bytes)));
    give_back_.push_back([this, address, bytes] { BOOST_TEST(ok(device.address_release(address, bytes))); });
    return address;
}

ChunkHandle Case::make_chunk(std::size_t bytes) {
    ChunkHandle chunk = 0;
    BOOST_TEST_REQUIRE(ok(device.chunk_create(chunk, bytes)));
    give_back_.push_back([this, chunk] { BOOST_TEST(ok(device.chunk_release(chunk))); });
    return chunk;
}

void Case::map_chunk(void* address, ChunkHandle chunk, std::size_t bytes) {
    BOOST_TEST_REQUIRE(ok(device.map(address, chunk, bytes)));
    give_back_.push_back([this, address, bytes] { BOOST_TEST(ok(device.unmap(address, bytes))); });
    BOOST_TEST_REQUIRE(ok(device.set_access(address, bytes)));
}

void Case::write(void* to, const void* from, std::size_t bytes) {
    BOOST_TEST_REQUIRE(ok(device.copy(to, from, bytes, nullptr)));
    BOOST_TEST_REQUIRE(ok(device.stream_synchronize(nullptr)));
}

void Case::read(void* to, const void* from, std::size_t bytes) { write(to, from, bytes); }

}  // namespace triune::contract
