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
#include <utility>

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

// What a trace becomes, operation by operation. Pointers are words that tell blocks apart.
class Reader {
  public:
    void allocate(std::string_view pointer, std::size_t bytes, std::string_view stream) {
        // Its free is missing in the recording.
        if (const auto found = live_.find(pointer); found != live_.end()) free_one(found->second);
        std::uint32_t place = static_cast<std::uint32_t>(trace_.places);
        if (spare_.empty()) {
            ++trace_.places;
        } else {
            place = spare_.back();
            spare_.pop_back();
        }
        live_[pointer] = {place, bytes, number_of(stream)};
        trace_.operations.push_back({place, false, bytes, number_of(stream)});
        live_bytes_ += bytes;
        trace_.peak_live_bytes = std::max(trace_.peak_live_bytes, live_bytes_);
    }
    // Nothing of what was allocated before the recording began.
    void free(std::string_view pointer, std::string_view stream) {
        const std::uint32_t on = number_of(stream);
        const auto found = live_.find(pointer);
        if (found == live_.end()) return;
        free_one({found->second.place, found->second.bytes, on});
        live_.erase(found);
    }
    Trace finish(const std::string& path) {
        for (const auto& [pointer, left] : live_) free_one(left);
        trace_.streams = streams_.size();
        trace_.name = path.substr(path.find_last_of('/') + 1);
        trace_.name.resize(std::min(trace_.name.find('.'), trace_.name.size()));
        return std::move(trace_);
    }

  private:
    struct Live {
        std::uint32_t place = 0;
        std::size_t bytes = 0;
        std::uint32_t stream = 0;
    };

    void free_one(const Live& gone) {
        trace_.operations.push_back({gone.place, true, gone.bytes, gone.stream});
        spare_.push_back(gone.place);
        live_bytes_ -= gone.bytes;
    }
    std::uint32_t number_of(std::string_view stream) {
        return streams_.try_emplace(stream, static_cast<std::uint32_t>(streams_.size())).first->second;
    }

    Trace trace_;
    std::unordered_map<std::string_view, Live> live_;
    std::unordered_map<std::string_view, std::uint32_t> streams_;
    std::vector<std::uint32_t> spare_;
    std::size_t live_bytes_ = 0;
};

bool read_number(std::string_view text, std::size_t& number) {
    return std::from_chars(text.data(), text.data() + text.size(), number).ec == std::errc{};
}

// False where the line is none of rmm's.
bool read_row(std::string_view line, Reader& reader) {
    const auto fields = fields_of(line);
    std::size_t bytes = 0;
    if (fields.size() != 6 || !read_number(fields[4], bytes)) return false;
    if (fields[2] == "free") {
        reader.free(fields[3], fields[5]);
    } else if (fields[2] == "allocate") {
        reader.allocate(fields[3], bytes, fields[5]);
    } else {
        return false;
    }
    return true;
}

// What stands behind the key in a line that the recorder wrote, without quotes; empty where it is not there. Names come
// before no key that is asked for and have their quotes escaped, so none is taken for a key.
std::string_view value_of(std::string_view line, std::string_view key) {
    const std::size_t at = line.find(key);
    if (at == std::string_view::npos) return {};
    std::string_view rest = line.substr(at + key.size());
    if (rest.starts_with('"')) rest.remove_prefix(1);
    return rest.substr(0, rest.find_first_of("\",}"));
}

// False where an event lacks what it must have. A growth is a new block, and then the end of the old one.
bool read_event(std::string_view line, Reader& reader) {
    const std::string_view action = value_of(line, R"(,"do":)");
    const bool resized = action == "grow" || action == "shrink";
    if (action != "allocate" && action != "free" && !resized) return line.starts_with('{');
    const std::string_view at = value_of(line, R"(,"at":)");
    const std::string_view stream = value_of(line, R"(,"stream":)");
    std::size_t bytes = 0;
    if (at.empty() || !read_number(value_of(line, R"(,"bytes":)"), bytes)) return false;
    if (action == "free") {
        reader.free(at, stream);
        return true;
    }
    const std::string_view from = value_of(line, R"(,"from":)");
    if (resized && from == at) reader.free(from, stream);
    reader.allocate(at, bytes, stream);
    if (resized && from != at) reader.free(from, stream);
    return true;
}

}  // namespace

Trace read_trace(const std::string& path) {
    const std::string text = read_all(path);
    const bool recorded = text.starts_with(R"({"schema":"triune.recording")");
    Reader reader;
    std::size_t number = 0;
    for (std::string_view rest = text; !rest.empty();) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        std::string_view line = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (++number == 1 || line.empty()) continue;  // the heading
        if (!(recorded ? read_event(line, reader) : read_row(line, reader)))
            throw std::runtime_error(path + ":" + std::to_string(number) + ": not a line of a trace");
    }
    return reader.finish(path);
}

}  // namespace bench
