// SPDX-License-Identifier: Apache-2.0
// The manager: named buffers of one device, under one limit, in one registry.
#pragma once

#include <concepts>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <typeinfo>
#include <unordered_map>
#include <utility>
#include <vector>

#include <triune/detail/track/name_key.hpp>
#include <triune/manage/buffer.hpp>
#include <triune/manage/download_mode.hpp>
#include <triune/manage/failure_hook.hpp>
#include <triune/manage/untyped_buffer.hpp>
#include <triune/track/memory_snapshot.hpp>
#include <triune/track/record_filter.hpp>

#if !defined(__cpp_rtti)
#error "Triune's manager asks what types buffers have: compile this unit with -frtti (docs/api.md, Compiler flags)"
#endif

namespace triune {

class ManagerCore;

// Thread-safe. Any string is a name, the empty one and ones with NUL too; messages show them as printable() does.
// Buffers made by allocate() or get_or_create() belong to the manager and go with it; those made by make_*() belong to
// what is returned and may outlive it. Calls without a stream have finished when they return; calls with one order
// their work there.
class GpuMemoryManager {
    // As std::span sees it. Not a concept of <ranges>: that header costs every unit that sees this one.
    template <typename Values>
    using ElementOf = typename decltype(std::span(std::declval<const Values&>()))::value_type;

  public:
    static constexpr std::size_t default_limit_bytes = std::size_t{6} << 30;

    // On the current device. Throws device_error.
    GpuMemoryManager();
    explicit GpuMemoryManager(Device& device, std::size_t limit_bytes = default_limit_bytes);
    // A limit of 0 refuses every byte.
    static GpuMemoryManager with_limit(std::size_t limit_bytes);
    GpuMemoryManager(const GpuMemoryManager&) = delete;
    GpuMemoryManager& operator=(const GpuMemoryManager&) = delete;
    ~GpuMemoryManager();

    // --- buffers that the manager owns, found by name
    // Exactly `count` zeroed elements; 0 allocates nothing yet. On a live name of the same type: warns and returns that
    // buffer; of another type: throws type_mismatch. Throws max_size_exceeded, limit_exceeded, out_of_memory.
    template <DeviceElement T>
    BufferHandle<T> allocate(std::string_view name, std::size_t count, const BufferConfig& config = {},
                             CallSite where = CallSite::current()) {
        return BufferHandle<T>(
            named(name, describe<T>(OwnerKind::typed, config, where), count, StreamOrder::after_all()));
    }
    template <DeviceElement T>
    BufferHandle<T> allocate(std::string_view name, std::size_t count, const BufferConfig& config, StreamHandle stream,
                             CallSite where = CallSite::current()) {
        return BufferHandle<T>(
            named(name, describe<T>(OwnerKind::typed, config, where), count, StreamOrder::on(stream)));
    }
    // The untyped buffer of that name, or a new one that holds nothing yet. A known one keeps its config; where another
    // is asked for, a warning is logged. Throws type_mismatch where the name is a typed buffer's.
    UntypedHandle get_or_create(std::string_view name, const BufferConfig& config,
                                CallSite where = CallSite::current());

    // Throws buffer_not_found, which tells of a name that is much like it, and type_mismatch.
    template <DeviceElement T>
    BufferHandle<T> get_buffer(std::string_view name, CallSite where = CallSite::current()) const {
        return detail::at(where, [&] { return BufferHandle<T>(find(name, &typeid(T))); });
    }
    UntypedHandle get_untyped(std::string_view name, CallSite where = CallSite::current()) const {
        return detail::at(where, [&] { return UntypedHandle(find(name, nullptr)); });
    }
    bool contains(std::string_view name) const;
    // As the handle's functions of these names.
    template <DeviceElement T>
    void ensure_capacity(std::string_view name, std::size_t count, CallSite where = CallSite::current()) {
        detail::at(where, [&] { get_buffer<T>(name).ensure_capacity(count); });
    }
    template <DeviceElement T>
    void ensure_capacity(std::string_view name, std::size_t count, StreamHandle stream,
                         CallSite where = CallSite::current()) {
        detail::at(where, [&] { get_buffer<T>(name).ensure_capacity(count, stream); });
    }
    template <DeviceElement T>
    void start_async_download(std::string_view name, StreamHandle stream, DownloadMode mode = DownloadMode::staged,
                              CallSite where = CallSite::current()) {
        detail::at(where, [&] { get_buffer<T>(name).start_async_download(stream, mode); });
    }
    template <DeviceElement T>
    void start_async_download(std::string_view name, DownloadMode mode = DownloadMode::staged,
                              CallSite where = CallSite::current()) {
        detail::at(where, [&] { get_buffer<T>(name).start_async_download(mode); });
    }
    template <DeviceElement T>
    bool poll_download(std::string_view name, CallSite where = CallSite::current()) {
        return detail::at(where, [&] { return get_buffer<T>(name).poll_download(); });
    }
    template <DeviceElement T>
    HostView<T> wait_for_download(std::string_view name, WaitMode mode = WaitMode::prompt,
                                  CallSite where = CallSite::current()) {
        return detail::at(where, [&] { return get_buffer<T>(name).wait_for_download(mode); });
    }
    template <DeviceElement T>
    HostView<T> latest(std::string_view name, CallSite where = CallSite::current()) {
        return detail::at(where, [&] { return get_buffer<T>(name).latest(); });
    }
    // The memory serves nothing else before the work queued by now is done: on all streams, or on the one named.
    // Handles are stale from then on. Throws buffer_not_found.
    void free(std::string_view name, CallSite where = CallSite::current());
    void free(std::string_view name, StreamHandle stream, CallSite where = CallSite::current());
    // Frees every buffer of this section that is allocated, has size 0 and is used by no call just now; answers how
    // many. What another thread fills meanwhile stays.
    std::size_t free_unused();

    // --- buffers that the caller owns; names may repeat
    template <DeviceElement T>
    Buffer<T> make_buffer(std::string_view name, std::size_t count, const BufferConfig& config = unbounded(),
                          CallSite where = CallSite::current()) {
        return Buffer<T>(owned(name, describe<T>(OwnerKind::typed, config, where), count, StreamOrder::after_all()));
    }
    template <DeviceElement T>
    Buffer<T> make_buffer(std::string_view name, std::size_t count, const BufferConfig& config, StreamHandle stream,
                          CallSite where = CallSite::current()) {
        return Buffer<T>(owned(name, describe<T>(OwnerKind::typed, config, where), count, StreamOrder::on(stream)));
    }
    // Without a name.
    template <DeviceElement T>
    Buffer<T> make_buffer(std::size_t count, const BufferConfig& config = unbounded(),
                          CallSite where = CallSite::current()) {
        return Buffer<T>(
            owned(std::nullopt, describe<T>(OwnerKind::typed, config, where), count, StreamOrder::after_all()));
    }
    // A copy of host values: of all that lies in one piece, an array, a vector or a span.
    template <typename Values>
    Buffer<ElementOf<Values>> make_buffer_from(std::string_view name, const Values& values,
                                               const BufferConfig& config = unbounded(),
                                               CallSite where = CallSite::current()) {
        const std::span given(values);
        auto buffer = make_buffer<ElementOf<Values>>(name, given.size(), config, where);
        buffer.upload(given, where);
        return buffer;
    }
    // An array of something bigger, a group or a graph: in the totals, not among the leaks and the usage by name.
    template <DeviceElement T>
    Buffer<T> make_member(std::string_view name, std::size_t count, const BufferConfig& config = unbounded(),
                          CallSite where = CallSite::current()) {
        return Buffer<T>(owned(name, describe<T>(OwnerKind::member, config, where), count, StreamOrder::after_all()));
    }
    // Holds nothing yet.
    UntypedBuffer make_untyped(std::string_view name, const BufferConfig& config, CallSite where = CallSite::current());

    // --- accounting
    // Figures and buffers of one moment.
    Statistics stats() const;
    // The same and more, as a value to keep, to write as JSON or to print.
    MemorySnapshot snapshot(SnapshotDetail detail = SnapshotDetail::records) const;
    // From now on the peak is the highest total since this call.
    void reset_peak() noexcept;
    // Whether stats().peak_allocated_bytes is exact with many threads. Off at first: then threads share no counter; the
    // peak is exact where one thread allocates and frees, and beside others it may be off by a step for each of them,
    // which is a 4096th of the limit, and 64 MiB at most. On, they wait for each other. For calls that begin from now
    // on.
    void set_exact_peak(bool on) noexcept;
    // Whether what is allocated from now on notes the calls that led there: AllocationRecord::stack. Costs some
    // microseconds an allocation; nothing while it is off, as at first.
    void set_stack_traces(bool on) noexcept;
    // Of every named buffer, allocated or not, oldest first.
    std::vector<BufferStats> buffer_stats() const;
    std::size_t total_allocated_bytes() const noexcept;
    std::size_t limit_bytes() const noexcept;
    // Whether so many bytes more stay within the limit; whether the device has them is another question.
    bool can_allocate(std::size_t bytes) const noexcept;
    // What is alive, most bytes first: named typed buffers, or all.
    AllocationList check_leaks(RecordFilter filter = RecordFilter::named_typed) const;
    // Names of the live named typed buffers, an equal name once for each; logs each with its bytes, and with its stack
    // where it has one, as an error.
    std::vector<std::string> report_leaks() const;
    // Bytes of the live named typed buffers: the sum, and by name, equal names added up. Both of one moment.
    std::pair<std::size_t, std::unordered_map<std::string, std::size_t>> usage_by_name() const;

    // Called when memory has run out. It may use the manager and all buffers, and free them: the call that wants memory
    // has undone what it did and begins anew. Where it frees the very buffer that wants memory, that call throws
    // stale_handle. What runs out inside it is not asked about again: it throws. What it throws itself reaches the
    // caller, with nothing changed. It goes with the manager: owners that outlive that get no second chance.
    void set_failure_hook(FailureHook hook);
    // Gives memory that no buffer holds back to the device, of all managers of the device.
    void trim() noexcept;

    // Adds a snapshot of now to a recording with a file, where one is on; else nothing. What a manager's end does.
    void record_what_is_left() const noexcept;

    Device& device() const noexcept;
    const std::shared_ptr<ManagerCore>& core() const noexcept { return core_; }

    // What owners get who name no config: the defaults, and no maximum but the machine's.
    static BufferConfig unbounded() noexcept;

  private:
    template <typename T>
    static BufferDescription describe(OwnerKind kind, const BufferConfig& config, CallSite where) {
        return {{kind, &typeid(T), where}, sizeof(T), config, true};
    }
    BufferReference owned(std::optional<std::string_view> name, const BufferDescription& description, std::size_t count,
                          StreamOrder order);
    BufferReference named(std::string_view name, const BufferDescription& description, std::size_t count,
                          StreamOrder order);
    BufferReference known(const NameKey& name, const std::type_info* type) const;
    BufferReference find(const NameKey& name, const std::type_info* type) const;
    std::string nearest_name(std::string_view wrong) const;
    buffer_not_found not_found(std::string_view name) const;
    void free_in(StreamOrder order, std::string_view name, const CallSite& where);

    const std::shared_ptr<ManagerCore> core_;
};

}  // namespace triune
