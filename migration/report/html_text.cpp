// SPDX-License-Identifier: Apache-2.0
#include "report/html_text.hpp"

#include <llvm/Support/JSON.h>

#include <algorithm>
#include <set>

namespace migrate {
namespace {

constexpr unsigned longest_text = 1200;
constexpr unsigned lead = 200;  // before the first part of a text that is cut

bool is_inside_character(char byte) { return (byte & 0xC0) == 0x80; }

// What is shown of the text.
TextPart window(std::string_view text, const std::vector<MarkedPart>& parts) {
    const auto size = static_cast<unsigned>(text.size());
    if (size <= longest_text) return {0, size};
    unsigned first = size;
    for (const MarkedPart& each : parts) first = std::min(first, each.part.begin);
    unsigned begin = parts.empty() || first < lead ? 0 : first - lead;
    unsigned end = std::min(size, begin + longest_text);
    while (begin < end && is_inside_character(text[begin])) ++begin;
    while (end < size && end > begin && is_inside_character(text[end])) --end;
    return {begin, end};
}

}  // namespace

std::string escaped(std::string_view text) {
    std::string result;
    for (const char each : llvm::json::fixUTF8(llvm::StringRef(text))) {
        switch (each) {
            case '&':
                result += "&amp;";
                break;
            case '<':
                result += "&lt;";
                break;
            case '>':
                result += "&gt;";
                break;
            case '"':
                result += "&quot;";
                break;
            case '\'':
                result += "&#39;";
                break;
            default:
                result += each;
        }
    }
    return result;
}

std::string marked(std::string_view text, const std::vector<MarkedPart>& parts) {
    const auto [begin, end] = window(text, parts);
    std::set<unsigned> cuts = {begin, end};
    for (const MarkedPart& each : parts) {
        for (const unsigned at : {each.part.begin, each.part.end}) cuts.insert(std::clamp(at, begin, end));
    }
    std::string result = begin > 0 ? "... " : "";
    for (auto next = cuts.begin(), from = next++; next != cuts.end(); from = next++) {
        std::string opened, closed;
        for (const auto& [part, element] : parts) {
            if (part.begin > *from || part.end < *next) continue;
            opened.append("<").append(element).append(">");
            closed = "</" + std::string(element) + ">" + closed;
        }
        result += opened + escaped(text.substr(*from, *next - *from)) + closed;
    }
    return end < text.size() ? result + " ..." : result;
}

}  // namespace migrate
