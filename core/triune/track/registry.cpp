#include <triune/track/registry.hpp>

#include <algorithm>
#include <utility>

namespace triune {

double AllocationRecord::age_seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - created).count();
}

std::string AllocationRecord::describe() const {
    const std::string_view path = where.file_name();
    std::string text = name ? "'" + *name + "'" : std::string("unnamed");
    text += " (";
    if (!type.empty()) text += type + ", ";
    text += std::to_string(bytes) + " bytes";
    if (where.line() != 0) {  // facades cannot know their callers' places
        text += ", ";
        text += path.substr(path.find_last_of('/') + 1);
        text += ":" + std::to_string(where.line());
    }
    return text + ")";
}

std::uint64_t Registry::add(AllocationRecord record) {
    record.thread = std::this_thread::get_id();
    record.created = std::chrono::steady_clock::now();
    const std::lock_guard lock(mutex_);
    record.id = last_id_ + 1;
    records_.emplace(record.id, std::move(record));
    return ++last_id_;
}

void Registry::resized(std::uint64_t id, std::size_t bytes, bool again) noexcept {
    const std::lock_guard lock(mutex_);
    if (const auto found = records_.find(id); found != records_.end()) {
        found->second.bytes = bytes;
        if (again) ++found->second.resizes;
    }
}

void Registry::remove(std::uint64_t id) noexcept {
    const std::lock_guard lock(mutex_);
    records_.erase(id);
}

std::size_t Registry::size() const {
    const std::lock_guard lock(mutex_);
    return records_.size();
}

std::vector<AllocationRecord> Registry::records(Filter filter) const {
    std::vector<AllocationRecord> found;
    {
        const std::lock_guard lock(mutex_);
        found.reserve(records_.size());
        for (const auto& [id, record] : records_) {
            if (filter == Filter::all || (record.name && record.kind == OwnerKind::typed)) found.push_back(record);
        }
    }
    std::ranges::sort(found, [](const AllocationRecord& a, const AllocationRecord& b) {
        return a.bytes != b.bytes ? a.bytes > b.bytes : a.id < b.id;
    });
    return found;
}

std::string Registry::top_holders(std::size_t count) const {
    std::string text;
    for (const AllocationRecord& record : records()) {
        if (count-- == 0) break;
        if (!text.empty()) text += ", ";
        text += record.describe();
    }
    return text.empty() ? "nothing" : text;
}

}  // namespace triune
