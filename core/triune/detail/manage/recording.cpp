// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/manage/recording.hpp>

#include <unistd.h>

#include <exception>
#include <new>
#include <string>
#include <string_view>

#include <triune/base/error.hpp>
#include <triune/base/log.hpp>
#include <triune/detail/base/environment.hpp>
#include <triune/detail/manage/process_snapshot.hpp>

namespace triune::recording {
namespace {

MemoryEvent event_in(MemoryEventKind kind, StreamOrder order) noexcept {
    MemoryEvent made;
    made.kind = kind;
    made.on_stream = order.names_stream();
    if (made.on_stream) made.stream = order.stream();
    return made;
}

void start_as_environment_says() noexcept {
    const std::string_view asked = environment::text("TRIUNE_RECORD");
    if (asked.empty()) return;
    try {
        recorder::Options options;
        options.file = asked;
        const std::size_t number = options.file.find("%p");
        if (number != std::string::npos) options.file.replace(number, 2, std::to_string(getpid()));
        recorder::start(options);
    } catch (const std::exception& failure) {
        log::error([&] { return std::string("TRIUNE_RECORD: ") + failure.what(); });
    }
}

// What was made first goes last: this runs before the recorder ends a recording that was on when the first manager
// came.
void record_what_lives() noexcept {
    if (!recorder::is_on()) return;
    try {
        const ProcessSnapshot process = ProcessSnapshot::of_now(SnapshotDetail::layout);
        for (const auto& manager : process.managers) recorder::append_snapshot(manager.memory.to_json());
    } catch (const std::bad_alloc&) {  // the events are there
    }
}

}  // namespace

MemoryEvent event(MemoryEventKind kind, const ManagerCore& core, const TrackedAllocation& of,
                  StreamOrder order) noexcept {
    MemoryEvent made = event_in(kind, order);
    made.manager = core.registry.number();
    made.id = of.id();
    made.has_name = of.has_name();
    made.name = of.name();
    made.where = of.origin().where;
    return made;
}

void freed(const ManagerCore& core, const TrackedAllocation& of, StreamOrder order, const void* address,
           std::size_t bytes) noexcept {
    MemoryEvent made = event(MemoryEventKind::free, core, of, order);
    if (made.id == 0 || bytes == 0) return;  // nobody was told that it was there
    made.address = address;
    made.bytes = bytes;
    recorder::note(made);
}

void resized(const ManagerCore& core, const TrackedAllocation& of, StreamOrder order, const void* from,
             std::size_t before, const void* address, std::size_t bytes) noexcept {
    const MemoryEventKind grown = before == 0 ? MemoryEventKind::allocate : MemoryEventKind::grow;
    const MemoryEventKind shrunk = bytes == 0 ? MemoryEventKind::free : MemoryEventKind::shrink;
    MemoryEvent made = event(bytes > before ? grown : shrunk, core, of, order);
    made.address = bytes == 0 ? from : address;
    made.from = from;
    made.bytes = bytes == 0 ? before : bytes;
    made.bytes_before = before;
    recorder::note(made);
}

void download_started(std::string_view name, StreamOrder order, std::size_t bytes) noexcept {
    MemoryEvent made = event_in(MemoryEventKind::download, order);
    made.has_name = true;
    made.name = name;
    made.bytes = bytes;
    recorder::note(made);
}

void trimmed(std::size_t bytes) noexcept {
    MemoryEvent made = event_in(MemoryEventKind::trim, StreamOrder::after_all());
    made.bytes = bytes;
    recorder::note(made);
}

void failed(const ManagerCore& core, const TrackedAllocation& of, std::size_t bytes) noexcept {
    MemoryEvent made = event(MemoryEventKind::failure, core, of, StreamOrder::after_all());
    made.bytes = bytes;
    made.reason = static_cast<std::uint8_t>(Errc::out_of_memory);
    if (std::current_exception() != nullptr) {
        try {
            throw;
        } catch (const Error& error) {
            made.reason = static_cast<std::uint8_t>(error.code().value());
        } catch (...) {
        }
    }
    recorder::note(made);
}

void start_if_asked() noexcept {
    static const bool registered = [] {
        start_as_environment_says();
        return std::atexit(record_what_lives) == 0;
    }();
    static_cast<void>(registered);
}

}  // namespace triune::recording
