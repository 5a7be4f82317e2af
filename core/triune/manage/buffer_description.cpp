#include <triune/manage/buffer_description.hpp>

#include <functional>
#include <utility>

namespace triune {
namespace {

// By address: what one call gives always has the same, and of two equal texts one is taken for another place at worst.
bool same(const BufferDescription& a, const BufferDescription& b) noexcept {
    return a.kind == b.kind && a.type == b.type && a.where.file_name() == b.where.file_name() &&
           a.where.function_name() == b.where.function_name() && a.where.line() == b.where.line() &&
           a.where.column() == b.where.column() && a.element_size == b.element_size && a.config == b.config &&
           a.refusable == b.refusable;
}

std::size_t hash(const BufferDescription& description) noexcept {
    return std::hash<const void*>()(description.type) / 8 + 31 * description.where.line() + description.where.column() +
           description.config.max_size_bytes / 64;
}

}  // namespace

boost::intrusive_ptr<const SharedDescription> DescriptionTable::share(const BufferDescription& description) {
    const std::lock_guard lock(mutex_);
    auto& entry = last_used_[hash(description) % last_used_.size()];
    if (!entry || !same(*entry, description)) entry = new SharedDescription(description);
    return entry;
}

}  // namespace triune
