// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/track/recording_text.hpp>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <ctime>

#include <triune/base/error.hpp>
#include <triune/detail/base/event_clock.hpp>
#include <triune/detail/track/json_text.hpp>

namespace triune {
namespace {

void append_number(std::string& text, const char* key, std::uint64_t number) {
    std::array<char, 20> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    text += key;
    text.append(digits.data(), end);
}

void append_address(std::string& text, const char* key, const void* address) {
    text += key;
    text += json_address(reinterpret_cast<std::uintptr_t>(address));
}

std::string utc_now() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    gmtime_r(&now, &parts);
    std::array<char, 32> text{};
    return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

}  // namespace

std::string RecordingText::head() const {
    std::string text = R"({"schema":"triune.recording")";
    append_number(text, R"(,"version":)", version);
    text += R"(,"written":")" + utc_now() + '"';
    append_number(text, R"(,"process":)", static_cast<std::uint64_t>(getpid()));
    return text + "}\n";
}

std::string RecordingText::end(std::uint64_t ticks, std::uint64_t lost) const {
    std::string text;
    append_number(text, R"({"end":)", EventClock::get().nanoseconds(began_, ticks));
    append_number(text, R"(,"lost":)", lost);
    return text + "}\n";
}

std::uint64_t RecordingText::place_number(std::string& text, const std::source_location& where) {
    const auto [known, fresh] = places_.try_emplace(std::bit_cast<const void*>(where), places_.size() + 1);
    if (fresh) {
        append_number(text, R"({"place":)", known->second);
        text += R"(,"file":)" + json_string(where.file_name());
        append_number(text, R"(,"line":)", where.line());
        text += R"(,"function":)" + json_string(where.function_name()) + "}\n";
    }
    return known->second;
}

std::uint64_t RecordingText::stack_number(std::string& text, const StackTrace& stack) {
    const std::string key(reinterpret_cast<const char*>(&stack), sizeof stack);
    const auto [known, fresh] = stacks_.try_emplace(key, stacks_.size() + 1);
    if (fresh) {
        append_number(text, R"({"stack":)", known->second);
        text += R"(,"frames":[)";
        const char* comma = "";
        for (const std::string& line : stack.plain_lines()) {
            text += comma + json_string(line);
            comma = ",";
        }
        text += "]}\n";
    }
    return known->second;
}

void RecordingText::append(std::string& text, const StoredEvent& event) {
    const bool located = event.where.line() != 0;
    const std::uint64_t place = located ? place_number(text, event.where) : 0;
    const std::uint64_t stack = event.stack() == nullptr ? 0 : stack_number(text, *event.stack());
    append_number(text, R"({"t":)", EventClock::get().nanoseconds(began_, event.ticks));
    text += R"(,"do":")";
    text += kind_name(event.kind);
    append_number(text, R"(","thread":)", event.thread);
    if (event.manager != 0) append_number(text, R"(,"manager":)", event.manager);
    if (event.id != 0) append_number(text, R"(,"id":)", event.id);
    if (event.is(StoredEvent::has_name)) text += R"(,"name":)" + json_string(event.name());
    if (event.address != nullptr) append_address(text, R"(,"at":)", event.address);
    append_number(text, R"(,"bytes":)", event.bytes);
    if (event.kind == MemoryEventKind::grow || event.kind == MemoryEventKind::shrink) {
        const StoredEvent::Before* const before = event.before();
        append_number(text, R"(,"before":)", before == nullptr ? 0 : before->bytes);
        append_address(text, R"(,"from":)", before == nullptr ? nullptr : before->address);
    }
    if (event.is(StoredEvent::on_stream)) append_address(text, R"(,"stream":)", event.stream);
    if (event.kind == MemoryEventKind::failure) {
        text += R"(,"reason":)" + json_string(make_error_code(static_cast<Errc>(event.reason)).message());
    }
    if (place != 0) append_number(text, R"(,"place":)", place);
    if (stack != 0) append_number(text, R"(,"stack":)", stack);
    text += "}\n";
}

void RecordingText::append(std::string& text, std::vector<const StoredEvent*> events) {
    std::stable_sort(events.begin(), events.end(),
                     [](const StoredEvent* a, const StoredEvent* b) { return a->ticks < b->ticks; });
    for (const StoredEvent* const each : events) append(text, *each);
}

}  // namespace triune
