// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/track/kept_origin.hpp>

#include <link.h>
#include <sys/auxv.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

namespace triune {
namespace {

struct Range {
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;

    bool holds(std::uintptr_t address) const noexcept { return begin <= address && address < end; }
};

// What stays: each is the range of the loaded object that `landmarks` lie in, or of none.
struct Staying {
    std::array<std::uintptr_t, 3> landmarks{};
    std::array<Range, 3> ranges{};
};

int note_object(dl_phdr_info* object, std::size_t, void* to) noexcept {
    Range whole{UINTPTR_MAX, 0};
    for (std::size_t i = 0; i < object->dlpi_phnum; ++i) {
        const auto& part = object->dlpi_phdr[i];
        if (part.p_type != PT_LOAD) continue;
        whole.begin = std::min<std::uintptr_t>(whole.begin, object->dlpi_addr + part.p_vaddr);
        whole.end = std::max<std::uintptr_t>(whole.end, object->dlpi_addr + part.p_vaddr + part.p_memsz);
    }
    auto& staying = *static_cast<Staying*>(to);
    for (std::size_t i = 0; i < staying.landmarks.size(); ++i) {
        if (whole.holds(staying.landmarks[i])) staying.ranges[i] = whole;
    }
    return 0;
}

const Staying& staying() noexcept {
    static const Staying instance = [] {
        static const char of_the_core = 0;
        Staying made{{getauxval(AT_PHDR), std::bit_cast<std::uintptr_t>(&of_the_core),
                      std::bit_cast<std::uintptr_t>(&typeid(int))},
                     {}};
        dl_iterate_phdr(note_object, &made);
        return made;
    }();
    return instance;
}

class KeptType final : public std::type_info {
  public:
    explicit KeptType(const char* name) : std::type_info(name) {}
};

// What a std::source_location points at, in libstdc++ and libc++.
struct Place {
    const char* file;
    const char* function;
    std::uint_least32_t line;
    std::uint_least32_t column;
};
static_assert(sizeof(std::source_location) == sizeof(const Place*));

// Never destroyed: records are read after main.
struct Kept {
    std::mutex mutex;
    std::unordered_set<std::string> texts;
    std::unordered_map<std::string_view, std::unique_ptr<const KeptType>> types;
    std::map<std::tuple<const char*, const char*, std::uint_least32_t, std::uint_least32_t>, Place> places;

    const char* text(const char* of) { return texts.emplace(of).first->c_str(); }
};

Kept& kept() {
    static Kept* const instance = new Kept;
    return *instance;
}

}  // namespace

bool stays_loaded(const void* address) noexcept {
    const auto at = reinterpret_cast<std::uintptr_t>(address);
    for (const Range& range : staying().ranges) {
        if (range.holds(at)) return true;
    }
    return address == nullptr;
}

const std::type_info* kept_type(const std::type_info* type) {
    if (stays_loaded(type) && (type == nullptr || stays_loaded(type->name()))) return type;
    Kept& all = kept();
    const std::lock_guard lock(all.mutex);
    const char* const name = all.text(type->name());
    auto& made = all.types[name];
    if (made == nullptr) made = std::make_unique<const KeptType>(name);
    return made.get();
}

std::source_location kept_place(const std::source_location& place) {
    if (stays_loaded(std::bit_cast<const void*>(place)) && stays_loaded(place.file_name())) return place;
    Kept& all = kept();
    const std::lock_guard lock(all.mutex);
    const Place copy{all.text(place.file_name()), all.text(place.function_name()), place.line(), place.column()};
    const auto [at, is_new] = all.places.try_emplace({copy.file, copy.function, copy.line, copy.column}, copy);
    const auto made = std::bit_cast<std::source_location>(static_cast<const Place*>(&at->second));
    const bool as_expected = made.file_name() == copy.file && made.function_name() == copy.function &&
                             made.line() == copy.line && made.column() == copy.column;
    return as_expected ? made : std::source_location();
}

// g++ marks the name of such a type, so that it equals nothing but itself; clang mangles its unnamed namespace alone.
bool is_local_type(const std::type_info& type) {
    const std::string name = type.name();
    return name.find("_GLOBAL__N_") != std::string::npos || !(type == KeptType(name.c_str()));
}

}  // namespace triune
