// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/track/layout_text.hpp>

#include <vector>

#include <triune/detail/track/json_text.hpp>

namespace triune {
namespace {

// "name": [...], each element on a line of its own.
template <typename Element, typename Append>
void append_list(std::string& json, const char* name, const std::vector<Element>& list, Append&& append) {
    json += "\n    \"" + std::string(name) + "\": [";
    const char* separator = "\n      ";
    for (const Element& element : list) {
        json += separator;
        append(element);
        separator = ",\n      ";
    }
    json += list.empty() ? "]" : "\n    ]";
}

std::string place(std::uintptr_t address, std::size_t bytes) {
    return "{\"address\": " + json_address(address) + ", \"bytes\": " + std::to_string(bytes);
}

std::string text(const char* name, const char* value) { return ", \"" + std::string(name) + "\": \"" + value + "\""; }

}  // namespace

void append_layout(std::string& json, const MemoryLayout& layout) {
    json += ",\n  \"layout\": {";
    append_list(json, "segments", layout.segments, [&](const MemoryLayout::Segment& segment) {
        json += place(segment.address, segment.bytes) + text("kind", segment.kind) + ", \"spans\": [";
        const char* comma = "";
        for (const MemoryLayout::Span& span : segment.spans) {
            json += comma + place(span.address, span.bytes) + text("state", span.state) +
                    ", \"owner\": " + (span.owner == 0 ? "null" : std::to_string(span.owner)) + "}";
            comma = ", ";
        }
        json += "]}";
    });
    json += ",";
    append_list(json, "aliases", layout.aliases, [&](const MemoryLayout::Alias& alias) {
        json += place(alias.address, alias.bytes) + ", \"chunks\": [";
        const char* comma = "";
        for (const std::uintptr_t chunk : alias.chunks) {
            json += comma + json_address(chunk);
            comma = ", ";
        }
        json += "]}";
    });
    json += ",";
    append_list(json, "caches", layout.caches, [&](const MemoryLayout::Cache& cache) {
        json += "{\"kind\": \"" + std::string(cache.kind) + "\", \"number\": " + std::to_string(cache.number) +
                ", \"bytes\": " + std::to_string(cache.bytes) + ", \"blocks\": " + std::to_string(cache.blocks) + "}";
    });
    json += ",";
    append_list(json, "pinned", layout.pinned, [&](const MemoryLayout::Pinned& piece) {
        json += place(piece.address, piece.bytes) + ", \"in_use\": " + (piece.in_use ? "true" : "false") + "}";
    });
    json += "\n  }";
}

}  // namespace triune
