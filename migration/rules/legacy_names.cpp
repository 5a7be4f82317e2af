// SPDX-License-Identifier: Apache-2.0
#include "rules/legacy_names.hpp"

#include <filesystem>
#include <map>
#include <set>

namespace migrate {
namespace {

struct NameTables {
    std::map<std::string_view, LegacyName> qualified;
    std::map<std::string_view, LegacyName> distinctive;
    std::map<std::string_view, LegacyName> shared;  // with the new API
    std::map<std::string_view, LegacyName> changing;
    std::set<std::string_view> members;
    std::vector<const Rule*> headers;

    NameTables() {
        for (const Rule& each : all_rules()) {
            if (!each.header.empty()) headers.push_back(&each);
            for (const Spelling& name : each.spellings) {
                qualified[name.legacy] = {&each, &name};
                const std::string_view last = name.legacy.substr(name.legacy.rfind(':') + 1);
                members.insert(last);
                if (name.kind != EditKind::keep) changing.try_emplace(last, LegacyName{&each, &name});
                // A name that the new API has too says nothing by itself.
                if (name.distinctive && name.replacement != last)
                    distinctive[last] = {&each, &name};
                else if (name.distinctive)
                    shared[last] = {&each, &name};
            }
        }
    }
};

const NameTables& tables() {
    static const NameTables built;
    return built;
}

bool ends_with_path(std::string_view path, std::string_view tail) {
    if (!path.ends_with(tail)) return false;
    return path.size() == tail.size() || path[path.size() - tail.size() - 1] == '/';
}

LegacyName lookup(const std::map<std::string_view, LegacyName>& table, std::string_view name) {
    const auto found = table.find(name);
    return found == table.end() ? LegacyName{} : found->second;
}

}  // namespace

LegacyName find_legacy_name(std::string_view qualified) { return lookup(tables().qualified, qualified); }

LegacyName find_distinctive_name(std::string_view identifier) { return lookup(tables().distinctive, identifier); }

LegacyName find_shared_name(std::string_view identifier) { return lookup(tables().shared, identifier); }

LegacyName find_changing_member(std::string_view identifier) { return lookup(tables().changing, identifier); }

bool is_legacy_member(std::string_view identifier) { return tables().members.contains(identifier); }

std::string_view transition_type_of(std::string_view legacy) {
    static const std::map<std::string_view, std::string_view> types = {
        {"utils::DeviceBuffer", "Buffer"},
        {"utils::ManagedDeviceBuffer", "Buffer"},
        {"utils::create_managed_buffer", "Buffer"},
        {"utils::create_managed_buffer_from_slice", "Buffer"},
        {"utils::MultiStreamManager", "StreamSet"},
        {"utils::LabelMappingCache", "LabelCache"},
        {"utils::UnifiedGPUCompute", "GraphArrays"},
        {"triune::transition::Buffer", "Buffer"},
        {"triune::transition::make_buffer", "Buffer"},
        {"triune::transition::make_buffer_from", "Buffer"},
        {"triune::transition::StreamSet", "StreamSet"},
        {"triune::transition::LabelCache", "LabelCache"},
        {"triune::transition::GraphArrays", "GraphArrays"},
    };
    const auto found = types.find(legacy);
    return found == types.end() ? std::string_view{} : found->second;
}

std::string_view transition_type_with(std::string_view method) {
    const std::size_t colons = method.rfind("::");
    const LegacyName name = find_legacy_name(method);
    const bool there =
        name && name.spelled->kind != EditKind::rename_scoped &&
        (name.spelled->kind != EditKind::keep || name.spelled->adds_parameters || name.spelled->takes_spans);
    return colons == std::string_view::npos || !there ? std::string_view{}
                                                      : transition_type_of(method.substr(0, colons));
}

const Rule* legacy_header(std::string_view path) {
    for (const Rule* each : tables().headers) {
        if (ends_with_path(path, each->header)) return each;
    }
    return nullptr;
}

bool is_error_header(std::string_view path) { return ends_with_path(path, "utils/cuda_error_handling.hpp"); }

bool is_new_api(const std::string& path) {
    constexpr std::string_view folder = "/triune/";
    for (std::size_t at = path.find(folder); at != std::string::npos; at = path.find(folder, at + 1)) {
        if (std::filesystem::exists(path.substr(0, at) + "/triune/triune.hpp")) return true;
    }
    return false;
}

}  // namespace migrate
