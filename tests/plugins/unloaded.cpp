// SPDX-License-Identifier: Apache-2.0
// A plugin allocates from this program's manager and is unloaded; its texts went with it, and this program tells of
// what it left.
//   unloaded PLUGIN OTHER_PLUGIN
#include <dlfcn.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <set>
#include <string>

#include <triune/triune.hpp>

namespace {

using triune::GpuMemoryManager;

int failures = 0;

void expect(bool holds, const std::string& what) {
    if (holds) return;
    std::printf("not so: %s\n", what.c_str());
    ++failures;
}

bool mentions(const std::string& text, const char* words) { return text.find(words) != std::string::npos; }

template <typename Call>
std::string refusal_of(const Call& call) {
    try {
        call();
    } catch (const triune::Error& error) {
        return error.what();
    }
    return {};
}

// Runs it, and loads it no more.
void visited_by(const char* path, GpuMemoryManager& manager) {
    void* const plugin = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (plugin == nullptr) {
        std::printf("%s\n", dlerror());
        std::exit(2);
    }
    const auto function = [&](const char* name) { return dlsym(plugin, name); };
    reinterpret_cast<void (*)(GpuMemoryManager*)>(function("use"))(&manager);
    reinterpret_cast<void (*)(GpuMemoryManager*)>(function("draw"))(&manager);
    expect(reinterpret_cast<int (*)(GpuMemoryManager*)>(function("finds_its_own"))(&manager) == 1,
           "the plugin finds what it made, by name and type");
    dlclose(plugin);
    expect(dlopen(path, RTLD_NOW | RTLD_NOLOAD) == nullptr, "the plugin is unloaded");
}

void tell_of_what_it_left(GpuMemoryManager& manager) {
    const auto leaks = manager.check_leaks();
    expect(leaks.size() == 2, "both are listed");
    std::set<std::string> types;
    for (const auto& each : leaks) {
        types.insert(each.type_name());
        expect(each.where().line() != 0 && mentions(each.where().file_name(), "guest.cpp"), "its file is known");
        expect(mentions(each.where().function_name(), "use"), "its function is known");
        expect(mentions(each.describe(), "guest.cpp:"), "and told");
    }
    expect(types == std::set<std::string>{"Particle", "(anonymous namespace)::Secret"}, "so are the types");
    expect(manager.report_leaks().size() == 2, "leaks are reported");
    const std::string json = manager.snapshot().to_json();
    expect(mentions(json, "\"type\": \"Particle\"") && mentions(json, "guest.cpp") &&
               mentions(json, "the plugin's account"),
           "the snapshot's JSON tells of it");
    expect(mentions(manager.snapshot().to_table(), "Particle"), "so does its table");
    expect(mentions(refusal_of([&] { static_cast<void>(manager.get_buffer<int>("from the plugin")); }), "is Particle"),
           "another type is refused by its name");
    expect(!refusal_of([&] { static_cast<void>(manager.allocate<float>("secret", 3)); }).empty(),
           "so is a new buffer of its name");
    const std::string full = refusal_of([&] {
        static_cast<void>(manager.make_buffer<char>("big", std::size_t{7} << 30, GpuMemoryManager::unbounded()));
    });
    expect(mentions(full, "from the plugin"), "the limit names it: " + full);
}

}  // namespace

int main(int count, char* arguments[]) {
    alarm(100);
    if (count < 3) return 2;
    triune::log::set_level(triune::log::Level::off);
    auto& manager = triune::default_manager();
    // Again, and another build of it, which mostly comes to lie at the same addresses.
    for (int i = 0; i < 6; ++i) {
        visited_by(arguments[1 + i % 2], manager);
        tell_of_what_it_left(manager);
        const auto leaks = manager.check_leaks();
        const std::size_t width = i % 2 == 0 ? 2 : 3;
        expect(leaks[0].bytes == 100 * width * sizeof(float), "the sizes are those of this build");
        expect(mentions(leaks[0].where().function_name(), "use"), "the place is that of this build");
        manager.free("from the plugin");
        manager.free("secret");
    }
    return failures;
}
