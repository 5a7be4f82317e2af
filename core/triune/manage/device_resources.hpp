// SPDX-License-Identifier: Apache-2.0
// What all managers of one device share: its memory pools and its own streams. A bound that benchmarks measure; no
// promise.
#pragma once

#include <memory>

#include <triune/alloc/pool.hpp>
#include <triune/detail/alloc/device_memory/growable_mapping_pool.hpp>
#include <triune/detail/alloc/device_memory/pinned_pool.hpp>
#include <triune/detail/alloc/span/address_table.hpp>
#include <triune/detail/manage/download_streams.hpp>
#include <triune/detail/manage/link_speed.hpp>
#include <triune/detail/manage/manager_core.hpp>  // whose `resources` these are
#include <triune/detail/manage/service_stream.hpp>

namespace triune {

// One a device while anybody holds it; the last holder's going gives all memory back. Thread-safe.
class DeviceResources {
  public:
    // The device's, made at the first call. Throws device_error.
    static std::shared_ptr<DeviceResources> of(Device& device);

    explicit DeviceResources(Device& owner)
        : device(owner),
          chunks(owner),
          pool(chunks),
          pinned(owner),
          mappings(chunks),
          service(owner),
          download_streams(owner),
          workless(owner) {}

    // Gives the device what no buffer holds: free pool memory, released mappings, spare pinned memory. Waits for the
    // work that freed memory waits for, so long at most as Pool::max_wait() says.
    void trim() noexcept;

    Device& device;
    ChunkPool chunks;
    Pool pool;
    AddressTable drawn;  // blocks that are freed by address
    PinnedPool pinned;
    GrowableMappingPool mappings;
    ServiceStream service;
    DownloadStreams download_streams;
    LinkSpeed link;
    // No work is given to it, and no memory freed on it that work still uses: what the pool hands out for it waits for
    // no work at all, and so may be used on any stream.
    Stream workless;
};

}  // namespace triune
