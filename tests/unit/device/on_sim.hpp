// SPDX-License-Identifier: Apache-2.0
// What tests of the simulated device stand on: a device, and a shorthand for its verbs' answers.
#pragma once

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <string>

#include <triune/device/sim/sim_device.hpp>

namespace triune::sim {

struct OnSim {
    SimDevice device;

    // The newest misuse mentions `words`.
    bool reported(const std::string& words) const {
        const auto sentences = device.misuse();
        return !sentences.empty() && sentences.back().find(words) != std::string::npos;
    }

    void* allocate(std::size_t bytes) {
        void* address = nullptr;
        BOOST_TEST_REQUIRE(device.memory_allocate(address, bytes).ok());
        return address;
    }
    void* reserve(std::size_t bytes) {
        void* address = nullptr;
        BOOST_TEST_REQUIRE(device.address_reserve(address, bytes).ok());
        return address;
    }
    ChunkHandle chunk(std::size_t bytes) {
        ChunkHandle made = 0;
        BOOST_TEST_REQUIRE(device.chunk_create(made, bytes).ok());
        return made;
    }
    // A fresh chunk, mapped with access.
    ChunkHandle map_fresh(void* address, std::size_t bytes) {
        const ChunkHandle made = chunk(bytes);
        BOOST_TEST_REQUIRE(device.map(address, made, bytes).ok());
        BOOST_TEST_REQUIRE(device.set_access(address, bytes).ok());
        return made;
    }
    StreamHandle stream() {
        StreamHandle made = nullptr;
        BOOST_TEST_REQUIRE(device.stream_create(made).ok());
        return made;
    }
};

}  // namespace triune::sim
