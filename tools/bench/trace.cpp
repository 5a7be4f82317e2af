// SPDX-License-Identifier: Apache-2.0
#include "trace.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <unordered_map>

namespace bench {
namespace {

std::vector<std::string_view> fields_of(std::string_view line) {
    std::vector<std::string_view> fields;
    for (;;) {
        const std::size_t comma = line.find(',');
        fields.push_back(line.substr(0, comma));
        if (comma == std::string_view::npos) return fields;
        line.remove_prefix(comma + 1);
    }
}

std::string read_all(const std::string& path) {
    const std::unique_ptr<gzFile_s, decltype(&gzclose)> file(gzopen(path.c_str(), "rb"), &gzclose);
    if (!file) throw std::runtime_error("cannot open the trace '" + path + "'");
    std::string text;
    std::array<char, 1 << 16> piece{};
    int read = 0;
    while ((read = gzread(file.get(), piece.data(), piece.size())) > 0)
        text.append(piece.data(), static_cast<std::size_t>(read));
    if (read < 0) throw std::runtime_error("cannot read the trace '" + path + "'");
    return text;
}

}  // namespace

Trace read_trace(const std::string& path) {
    Trace trace;
    trace.name = path.substr(path.find_last_of('/') + 1);
    trace.name.resize(std::min(trace.name.find('.'), trace.name.size()));
    const std::string text = read_all(path);

    struct Live {
        std::uint32_t place = 0;
        std::size_t bytes = 0;
        std::uint32_t stream = 0;
    };
    std::unordered_map<std::string_view, Live> live;
    std::unordered_map<std::string_view, std::uint32_t> streams;
    std::vector<std::uint32_t> spare;
    std::size_t live_bytes = 0;
    const auto free_one = [&](const Live& gone) {
        trace.operations.push_back({gone.place, true, gone.bytes, gone.stream});
        spare.push_back(gone.place);
        live_bytes -= gone.bytes;
    };

    std::size_t number = 0;
    for (std::string_view rest = text; !rest.empty();) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        std::string_view line = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (++number == 1 || line.empty()) continue;  // the heading
        const auto fields = fields_of(line);
        std::size_t bytes = 0;
        const bool well_formed =
            fields.size() == 6 && (fields[2] == "allocate" || fields[2] == "free") &&
            std::from_chars(fields[4].data(), fields[4].data() + fields[4].size(), bytes).ec == std::errc{};
        if (!well_formed) throw std::runtime_error(path + ":" + std::to_string(number) + ": not a line of a trace");
        const auto stream = streams.try_emplace(fields[5], static_cast<std::uint32_t>(streams.size())).first->second;
        if (fields[2] == "free") {
            const auto found = live.find(fields[3]);
            if (found == live.end()) continue;  // allocated before the recording began
            free_one({found->second.place, found->second.bytes, stream});
            live.erase(found);
            continue;
        }
        // Its free is missing in the recording.
        if (const auto found = live.find(fields[3]); found != live.end()) free_one(found->second);
        std::uint32_t place = static_cast<std::uint32_t>(trace.places);
        if (spare.empty()) {
            ++trace.places;
        } else {
            place = spare.back();
            spare.pop_back();
        }
        live[fields[3]] = {place, bytes, stream};
        trace.operations.push_back({place, false, bytes, stream});
        live_bytes += bytes;
        trace.peak_live_bytes = std::max(trace.peak_live_bytes, live_bytes);
    }
    for (const auto& [pointer, left] : live) free_one(left);
    trace.streams = streams.size();
    return trace;
}

}  // namespace bench
