#include <cstdint>
#include <memory>
#include <utility>

#include <triune/manage/default_manager.hpp>

#include "legacy_error.hpp"
#include "utils/gpu_memory.hpp"

namespace utils {

namespace compat = triune::compat;

namespace detail {

// A record beside that of the buffer's own memory, which has no name: totals count the memory, lists by name this.
struct TrackedName::Impl {
    std::string name;
    std::size_t size_bytes;
    std::shared_ptr<triune::ManagerCore> books;
    std::uint64_t record = 0;

    Impl(std::string name_, std::size_t bytes)
        : name(std::move(name_)), size_bytes(bytes), books(triune::default_manager().core()) {
        triune::AllocationRecord entry;
        entry.name = name;
        entry.kind = triune::OwnerKind::typed;
        entry.bytes = bytes;
        record = books->registry.add(std::move(entry));
    }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;
    ~Impl() { books->registry.remove(record); }
};

TrackedName::TrackedName(std::string name, std::size_t size_bytes)
    : impl_(compat::with_cuda_exceptions([&] { return new Impl(std::move(name), size_bytes); })) {}
TrackedName::~TrackedName() { delete impl_; }
TrackedName::TrackedName(TrackedName&& other) noexcept : impl_(std::exchange(other.impl_, nullptr)) {}
TrackedName& TrackedName::operator=(TrackedName&& other) noexcept {
    if (this != &other) delete std::exchange(impl_, std::exchange(other.impl_, nullptr));
    return *this;
}

const std::string& TrackedName::name() const noexcept { return impl_->name; }
std::size_t TrackedName::size_bytes() const noexcept { return impl_->size_bytes; }

}  // namespace detail

std::vector<std::string> check_gpu_memory_leaks() {
    return compat::with_cuda_exceptions([] { return triune::default_manager().report_leaks(); });
}

std::pair<std::size_t, std::unordered_map<std::string, std::size_t>> get_gpu_memory_usage() {
    return compat::with_cuda_exceptions([] { return triune::default_manager().usage_by_name(); });
}

}  // namespace utils
