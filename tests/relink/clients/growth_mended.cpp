// SPDX-License-Identifier: Apache-2.0
// Module 2 where the facades do the right thing instead.
#include "client.hpp"
#include "gpu/dynamic_buffer_manager.hpp"

#include <cstring>
#include <limits>
#include <stdexcept>

namespace {

constexpr std::size_t mebibyte = std::size_t{1} << 20;

void overflowing_sizes(std::ostream& out) {
    gpu::DynamicGpuBuffer buffer("wrapped", {8, 1.5F, mebibyte, 64}, nullptr);
    std::string said = "nothing";
    try {
        buffer.ensure_capacity(std::numeric_limits<std::size_t>::max() / 8 + 2);  // 8 bytes, once wrapped round
    } catch (const std::runtime_error& error) {
        said = std::string(error.what()).find("wrapped") != std::string::npos ? "an error that names the buffer"
                                                                              : "an error";
    }
    mended(out, "a size that overflows", said, "nothing", "an error that names the buffer");
    mended(out, "the capacity then", buffer.capacity_bytes(), 64, 0);
}

// Above the threshold of 64 MiB the pointer stays; all the contents survive, whatever size was declared.
void big_buffers(std::ostream& out) {
    gpu::DynamicGpuBuffer buffer("big", {1, 1.0F, std::size_t{1} << 40, 0}, nullptr);
    buffer.ensure_capacity(64 * mebibyte);
    auto* const there = static_cast<char*>(buffer.as_ptr());
    if (memory_is_the_hosts()) std::memcpy(there + mebibyte, "contents", 9);
    buffer.ensure_capacity(65 * mebibyte);
    mended(out, "the pointer of a big buffer that grew", buffer.as_ptr() == there ? "kept" : "another", "another",
           "kept");
    out << buffer.capacity_bytes() << ' ' << buffer.size_bytes() << '\n';
    if (!memory_is_the_hosts()) return;
    const bool kept = std::strcmp(static_cast<const char*>(buffer.as_ptr()) + mebibyte, "contents") == 0;
    mended(out, "contents beyond the declared size", kept ? "kept" : "lost", "lost", "kept");
}

void totals(std::ostream& out) {
    gpu::DynamicBufferManager manager(nullptr);
    gpu::DynamicGpuBuffer& buffer = manager.get_or_create_buffer("counted", {1, 1.5F, mebibyte, 100});
    buffer.ensure_capacity(1);
    mended(out, "the total after a plain growth", manager.get_total_allocation(), 0, 100);
    mended(out, "room for all but what it holds", manager.can_allocate((std::size_t{6} << 30) - 99), 1, 0);
    manager.resize_cell_buffers(10);
    const std::size_t total = manager.get_total_allocation();
    out << "refreshed " << total << '\n';
    buffer.ensure_capacity(1000);
    mended(out, "the total after one more", manager.get_total_allocation(), total, total + 900);
    buffer.set_size(1);
    manager.cleanup_unused_buffers();
    out << "cleaned up " << manager.get_total_allocation() << '\n';
}

void failing_cells(std::ostream& out) {
    gpu::DynamicBufferManager manager(nullptr);
    manager.get_or_create_buffer("vel_y", {12, 1.3F, 1000, 16});
    try {
        manager.resize_cell_buffers(1000);
    } catch (const std::runtime_error& error) {
        out << error.what() << '\n';
    }
    mended(out, "buffers after cells that failed", manager.get_all_stats().size(), 5, 1);
}

}  // namespace

void growth_mended(std::ostream& out) {
    overflowing_sizes(out);
    big_buffers(out);
    totals(out);
    failing_cells(out);
}
