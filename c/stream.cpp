// SPDX-License-Identifier: Apache-2.0
// Streams, and their order.
#include <triune/base/error.hpp>
#include <triune/device/event.hpp>

#include "call.hpp"
#include "objects.hpp"

using namespace triune::c;

triune::StreamHandle triune::c::raw_stream(void* stream) noexcept {
    const auto found = HandleTable::instance().find(std::bit_cast<std::uintptr_t>(stream), HandleKind::stream);
    if (found.answer != HandleTable::Answer::found) return stream;
    return static_cast<const StreamObject*>(found.object)->stream.handle();
}

triune_status triune_stream_create(triune_manager* manager, triune_stream** stream) {
    return guarded(__func__, [&] {
        require(stream, "stream");
        triune::Device& device = object<ManagerObject>(manager, "manager").manager->device();
        open_handle(stream, std::make_unique<StreamObject>(StreamObject{triune::Stream(device)}));
    });
}

triune_status triune_stream_raw(const triune_stream* stream, void** raw) {
    return guarded(__func__, [&] {
        require(raw, "raw");
        *raw = object<StreamObject>(stream, "stream").stream.handle();
    });
}

triune_status triune_stream_synchronize(const triune_stream* stream) {
    return guarded(__func__, [&] { object<StreamObject>(stream, "stream").stream.synchronize(); });
}

triune_status triune_stream_release(triune_stream* stream) {
    return guarded(__func__, [&] { closed<StreamObject>(stream, "stream"); });
}

triune_status triune_manager_order_streams(triune_manager* manager, void* first, void* waiting) {
    return guarded(__func__, [&] {
        triune::Device& device = object<ManagerObject>(manager, "manager").manager->device();
        if (first == TRIUNE_NO_STREAM) refuse("'first' names no stream");
        if (waiting == TRIUNE_NO_STREAM) refuse("'waiting' names no stream");
        triune::Event done(device, triune::EventUse::between_streams);
        done.record(raw_stream(first));
        triune::check(device.stream_wait(raw_stream(waiting), done.handle()), "ordering a stream behind another one");
    });
}
